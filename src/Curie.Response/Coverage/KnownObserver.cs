using Curie.Response.Accumulation;
using Curie.Sampling;
using Curie.Sampling.Chains;

namespace Curie.Response.Coverage;

/// <summary>
/// Takes φ and the tokens' losses of every draw of a known posterior, at chains and shadows, into the sums of their pair; L0 and every
/// ℓ_i(w*) are 0.
/// </summary>
/// <param name="posterior">The posterior.</param>
/// <param name="component">The component; null for `full`.</param>
/// <param name="units">The sums of every pair, or of every single chain.</param>
internal sealed class KnownObserver(KnownPosterior posterior, int? component, PairAccumulator[] units) : IGroupObserver
{
    private readonly float[] _init = new float[posterior.Tokens];
    private readonly float[] _losses = new float[posterior.Tokens];
    private readonly double[] _changes = new double[posterior.Tokens];
    private readonly double[] _sum = new double[KnownPosterior.Weights];
    private readonly double[] _squares = new double[KnownPosterior.Weights * KnownPosterior.Weights];
    private float[] _all = [];

    public void Observe(
        IReadOnlyList<ComponentRun> runs,
        IReadOnlyList<int> members,
        IReadOnlyList<double[]> losses,
        CancellationToken cancellation
    )
    {
        ComponentRun run = runs[0];
        int chains = run.Options.ChainsPerUnit;
        bool coupled = run.Component.Companions.Count > 0;
        for (int unit = 0; unit < units.Length; unit++)
        {
            units[unit].BeginDraw();
            for (int chain = unit * chains; chain < (unit + 1) * chains; chain++)
            {
                double phi = losses[0][chain] = Evaluate(run.Weights(chain));
                Add(unit, coupled ? EvaluationWeight.OfChain(phi, posterior.Strength, chains) : EvaluationWeight.OfProduct(phi, chains));
                if (coupled)
                {
                    Add(unit, EvaluationWeight.OfShadow(Evaluate(run.Companion(chain, 0)), posterior.Strength, chains));
                }
            }

            units[unit].EndDraw();
        }
    }

    private void Add(int unit, EvaluationWeight weight) => units[unit].Add(_losses, _init, weight);

    /// <summary>φ; the tokens' losses go into <see cref="_losses"/>.</summary>
    private double Evaluate(ReadOnlySpan<float> w)
    {
        ReadOnlySpan<float> all = w;
        if (component is { } one)
        {
            Array.Resize(ref _all, w.Length * KnownPosterior.Weights);
            KnownPosterior.CopyAll(one, w, _all);
            all = _all;
        }

        Array.Clear(_sum);
        Array.Clear(_squares);
        for (int copy = 0; copy < all.Length; copy += KnownPosterior.Weights)
        {
            for (int c = 0; c < KnownPosterior.Weights; c++)
            {
                _sum[c] += all[copy + c];
                for (int d = 0; d < KnownPosterior.Weights; d++)
                {
                    _squares[(c * KnownPosterior.Weights) + d] += (double)all[copy + c] * all[copy + d];
                }
            }
        }

        double phi = posterior.Evaluate(_sum, _squares, _changes);
        for (int i = 0; i < _losses.Length; i++)
        {
            _losses[i] = (float)(phi + _changes[i]);
        }

        return phi;
    }
}
