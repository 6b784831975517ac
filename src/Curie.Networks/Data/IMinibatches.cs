namespace Curie.Networks.Data;

/// <summary>
/// The minibatches of a training run or of a chain, addressed by step: any can be asked for in any order, so that a resumed run sees the
/// same ones.
/// </summary>
public interface IMinibatches : IDisposable
{
    /// <summary>The minibatch of a step, from 0; until the next call.</summary>
    IBatch At(long step);
}
