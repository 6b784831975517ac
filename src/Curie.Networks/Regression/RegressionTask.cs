using Curie.Networks.Architecture;
using Curie.Numerics;

namespace Curie.Networks.Regression;

/// <summary>
/// In-context linear regression (Garg et al. 2022; Raventós et al. 2023): a sequence has its own task t, K inputs x_k ~ N(0, I_D) and the
/// targets
/// y_k = t·x_k + N(0, σ²). Tasks are drawn from N(0, I_D) anew for every sequence, or uniformly from M fixed ones that were drawn so once.
/// </summary>
public sealed record RegressionTask
{
    /// <summary>D, the dimension of an input. Default 4.</summary>
    public int Dimension { get; init; } = 4;

    /// <summary>K, the examples of a sequence. Default 8.</summary>
    public int Examples { get; init; } = 8;

    /// <summary>σ², the variance of the noise on a target, not its standard deviation. Default 0.125.</summary>
    public double NoiseVariance { get; init; } = 0.125;

    /// <summary>M, the number of fixed tasks; null, the default, for a new task in every sequence.</summary>
    public int? Tasks { get; init; }

    /// <summary>The seed of the fixed tasks; of no effect without. Task m is the same for every M above it. Default 1.</summary>
    public long TaskSeed { get; init; } = 1;

    /// <summary>T = 2K: a sequence is read as x_1, y_1, …, x_K, y_K.</summary>
    public int Tokens => 2 * Examples;

    /// <summary>What a network learns.</summary>
    /// <exception cref="ArgumentException">It is no network of in-context regression.</exception>
    public static RegressionTask Of(TransformerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Task ?? throw new ArgumentException("The network is a model of language.", nameof(config));
    }

    /// <summary>Checks every value.</summary>
    /// <param name="source">The file or setting that gave the values, for the message.</param>
    /// <exception cref="InputException">A value is out of range.</exception>
    public void Validate(string source)
    {
        Require(Dimension is >= 1 and <= 4096, "dimension", Dimension, "1 to 4096");
        Require(Examples is >= 1 and <= 4096, "examples", Examples, "1 to 4096");
        Require(double.IsFinite(NoiseVariance) && NoiseVariance >= 0, "noise_variance", NoiseVariance, "a number of at least 0");
        Require(Tasks is null or >= 1 and <= 1 << 24, "tasks", Tasks ?? 0, "1 to 16777216, or left out for a new task in every sequence");

        void Require(bool holds, string key, object value, string allowed)
        {
            if (!holds)
            {
                throw new InputException(FormattableString.Invariant($"{source}: {key} is {value}; it must be {allowed}."));
            }
        }
    }
}
