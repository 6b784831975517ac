using Curie.Numerics;

namespace Curie.Sampling.Chains;

/// <summary>Consecutive chains of a component: what one process samples of them. Antithetic pairs stay together.</summary>
/// <param name="First">The first chain, from 0.</param>
/// <param name="Count">Their number, at least 1.</param>
public readonly record struct ChainRange(int First, int Count)
{
    /// <summary>The chain behind the last.</summary>
    public int End => First + Count;

    /// <summary>All chains of a run.</summary>
    public static ChainRange All(SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ChainRange(0, options.Chains);
    }

    /// <summary>The chains of some units (pairs of antithetic chains, or chains where they are not paired).</summary>
    /// <param name="options">The run's settings.</param>
    /// <param name="firstUnit">The first unit, from 0.</param>
    /// <param name="units">Their number.</param>
    public static ChainRange OfUnits(SamplingOptions options, int firstUnit, int units)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ChainRange(firstUnit * options.ChainsPerUnit, units * options.ChainsPerUnit);
    }

    /// <summary>Whether a chain is one of them.</summary>
    public bool Contains(int chain) => chain >= First && chain < End;

    /// <summary>The settings as they would be if these were all chains; for what depends on their number alone, such as costs.</summary>
    public SamplingOptions Of(SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options with { Chains = Count };
    }

    /// <summary>Checks that the chains are a run's and that no pair is parted.</summary>
    /// <exception cref="InputException">They are not, or one is.</exception>
    public void Validate(SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (First < 0 || Count < 1 || End > options.Chains || First % options.ChainsPerUnit != 0 || Count % options.ChainsPerUnit != 0)
        {
            throw new InputException(
                $"chains {First} to {End - 1} are not whole {(options.Antithetic ? "antithetic pairs" : "chains")} of the "
                    + $"{Counted.Of(options.Chains, "chain")} of the run; cut between them."
            );
        }
    }
}
