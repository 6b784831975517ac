using Curie.Numerics.Kernels;

namespace Curie.Sampling.Validation;

/// <summary>A posterior of which something is known exactly, and a run that measures it.</summary>
public interface IValidationCase
{
    /// <summary>The case, with the settings that define its posterior.</summary>
    string Name { get; }

    /// <summary>How it is sampled.</summary>
    SamplingOptions Options { get; }

    /// <summary>Samples and compares. The same case gives the same bits, whichever thread runs it.</summary>
    /// <exception cref="Numerics.InputException">A setting is out of range, or every chain was stopped.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    ValidationResult Run(Kernels kernels, CancellationToken cancellation);
}
