using Curie.Numerics;

namespace Curie.Development.Regression;

/// <summary>On what checkpoints of a regression transformer are evaluated; the same for all of them.</summary>
public sealed record RegressionEvaluationOptions
{
    /// <summary>The seed of the sequences. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Sequences that give losses and distances. Default 8,192, as published.</summary>
    public int Sequences { get; init; } = 8192;

    /// <summary>The first so many of them give the attention scores. Default 1,024.</summary>
    public int AttentionSequences { get; init; } = 1024;

    /// <summary>The first so many of them give the outputs that are written for essential dynamics. Default 1,024.</summary>
    public int OutputSequences { get; init; } = 1024;

    /// <summary>
    /// The factors g on the standard deviation of inputs, and of tasks, outside the training distribution. Default 3, 5, 10 and 100.
    /// </summary>
    public IReadOnlyList<double> Scales { get; init; } = [3, 5, 10, 100];

    /// <summary>Checks every value.</summary>
    /// <exception cref="InputException">A value is out of range.</exception>
    public void Validate()
    {
        if (Sequences < 2 || AttentionSequences < 1 || OutputSequences < 1)
        {
            throw new InputException(
                "evaluation: at least 2 sequences are needed for a standard error, and 1 for attention and for outputs."
            );
        }

        if (Scales.Any(scale => !double.IsFinite(scale) || scale <= 0) || Scales.Distinct().Count() < Scales.Count)
        {
            throw new InputException("evaluation: scales must be different positive numbers, such as 3, 5 and 10.");
        }
    }
}
