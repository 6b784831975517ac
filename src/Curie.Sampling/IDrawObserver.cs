namespace Curie.Sampling;

/// <summary>Evaluates everything that is wanted at a draw of one chain.</summary>
public interface IDrawObserver
{
    /// <summary>Observes one draw of one chain.</summary>
    /// <param name="chain">The chain, from 0.</param>
    /// <param name="draw">The draw, from 0.</param>
    /// <param name="w">The chain's restricted weights after the update.</param>
    /// <returns>P(w), the mean loss on the evaluation rows. If it is NaN or infinite the chain is stopped; the observer itself must keep
    /// such a draw out of what it accumulates.</returns>
    double Observe(int chain, int draw, ReadOnlySpan<float> w);
}
