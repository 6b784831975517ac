using Curie.Response.Accumulation;

namespace Curie.Response.Estimators;

/// <summary>What the unrestricted run contributes: F_i = E_full[ℓ_i − P] with its standard error, for every token.</summary>
public sealed class FullShift
{
    private readonly double[] _baselines;
    private readonly double[] _changes;
    private readonly double[] _values;
    private readonly double[] _standardErrors;

    private FullShift(double[] baselines)
    {
        _baselines = baselines;
        _changes = new double[baselines.Length];
        _values = new double[baselines.Length];
        _standardErrors = new double[baselines.Length];
    }

    /// <summary>Those of the standard errors: the batches of the run `full`, less one.</summary>
    public int DegreesOfFreedom { get; private init; }

    /// <summary>The number of tokens.</summary>
    public int Tokens => _values.Length;

    /// <summary>F_i in nats.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The standard error of F_i in nats.</summary>
    public ReadOnlySpan<double> StandardErrors => _standardErrors;

    /// <summary>F_i less its value at w*: F_i − (ℓ_i(w*) − L0), in nats.</summary>
    public ReadOnlySpan<double> Changes => _changes;

    /// <summary>ℓ_i(w*) − L0 in nats.</summary>
    public ReadOnlySpan<double> Baselines => _baselines;

    /// <summary>Estimates F from the sums of the run `full`.</summary>
    /// <param name="full">The sums of the run `full`, per token or per probe.</param>
    /// <param name="baselines">ℓ_i(w*) − L0 in nats, one per token (or their means, one per probe).</param>
    /// <exception cref="ArgumentException">There is not one baseline per token.</exception>
    /// <exception cref="Numerics.InputException">The healthy chains hold fewer than two batches.</exception>
    public static FullShift Estimate(TokenMoments full, ReadOnlySpan<double> baselines)
    {
        ArgumentNullException.ThrowIfNull(full);
        if (baselines.Length != full.Tokens)
        {
            throw new ArgumentException($"{baselines.Length} baselines were given for {full.Tokens} tokens.", nameof(baselines));
        }

        BatchCovariance batches = new(full);
        FullShift result = new(baselines.ToArray()) { DegreesOfFreedom = batches.DegreesOfFreedom };
        ReadOnlySpan<double> sumD = full.SumD;
        ReadOnlySpan<double> sumDD = full.SumDD;
        for (int i = 0; i < full.Tokens; i++)
        {
            double d = batches.Mean(sumD[i]);
            result._changes[i] = d;
            result._values[i] = d + baselines[i];
            result._standardErrors[i] = Math.Sqrt(Math.Max(0, batches.Covariance(sumDD[i], d, d)));
        }

        return result;
    }

    /// <summary>F of an experiment that did not sample `full`: NaN, with the baselines that the shift of every component needs.</summary>
    /// <param name="baselines">ℓ_i(w*) − L0 in nats, one per token (or their means, one per probe).</param>
    public static FullShift Unknown(ReadOnlySpan<double> baselines)
    {
        FullShift result = new(baselines.ToArray());
        Array.Fill(result._changes, double.NaN);
        Array.Fill(result._values, double.NaN);
        Array.Fill(result._standardErrors, double.NaN);
        return result;
    }

    /// <summary>ℓ_i(w*) − L0 for every token, in float64.</summary>
    /// <param name="initLosses">ℓ_i(w*) in nats.</param>
    /// <param name="initLossMean">L0 in nats.</param>
    public static double[] BaselinesOf(ReadOnlySpan<float> initLosses, double initLossMean)
    {
        double[] baselines = new double[initLosses.Length];
        for (int i = 0; i < baselines.Length; i++)
        {
            baselines[i] = initLosses[i] - initLossMean;
        }

        return baselines;
    }
}
