using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Sampling;

namespace Curie.Response.Runs;

/// <summary>
/// One level of one part: runs (`full` first) × tokens and × probes, and φ of every run, each with standard errors; NaN where it was not
/// measured.
/// </summary>
public sealed class LevelValues
{
    private readonly RunShape _shape;

    internal LevelValues(RunShape shape)
    {
        _shape = shape;
        Values = Missing(shape.Runs * shape.Tokens);
        Errors = Missing(shape.Runs * shape.Tokens);
        Dataset = LevelData.Missing(shape.Runs * shape.Probes);
        DatasetErrors = LevelData.Missing(shape.Runs * shape.Probes);
        Phi = LevelData.Missing(shape.Runs);
        PhiErrors = LevelData.Missing(shape.Runs);
    }

    /// <summary>Runs × tokens.</summary>
    public float[] Values { get; }

    /// <summary>The standard errors of <see cref="Values"/>.</summary>
    public float[] Errors { get; }

    /// <summary>Runs × probes, means over the probes' tokens.</summary>
    public double[] Dataset { get; }

    /// <summary>The standard errors of <see cref="Dataset"/>.</summary>
    public double[] DatasetErrors { get; }

    /// <summary>φ of every run, nats.</summary>
    public double[] Phi { get; }

    /// <summary>The standard errors of <see cref="Phi"/>.</summary>
    public double[] PhiErrors { get; }

    /// <summary>The values of a run, one per token; run 0 is `full`.</summary>
    public ReadOnlySpan<float> Of(int run) => Values.AsSpan(run * _shape.Tokens, _shape.Tokens);

    /// <summary>The standard errors of a run, one per token; run 0 is `full`.</summary>
    public ReadOnlySpan<float> ErrorsOf(int run) => Errors.AsSpan(run * _shape.Tokens, _shape.Tokens);

    internal void SetExcess(int run, ComponentMoments moments)
    {
        if (moments.Tokens.Batches < 2)
        {
            return;
        }

        BatchCovariance batches = new(moments.Tokens);
        (Phi[run], PhiErrors[run]) = (batches.Phi, Math.Sqrt(Math.Max(0, batches.PhiPhi)));
        Fill(moments.Tokens, run, Values, Errors, Excess);
        Fill(moments.Probes, run, Dataset, DatasetErrors, Excess);
    }

    /// <summary>Fills in the covariance where it was measured as a response.</summary>
    internal void SetCovariance(int run, ComponentMoments moments)
    {
        if (moments.Tokens.Batches >= 2 && moments.Estimator == CovarianceEstimator.Response)
        {
            Fill(moments.Tokens, run, Values, Errors, Covariance);
            Fill(moments.Probes, run, Dataset, DatasetErrors, Covariance);
        }
    }

    internal IEnumerable<RunArray> Arrays(string name, string meaning, string? phi, string? phiMeaning)
    {
        yield return new RunArray<float>(name, ["runs", "tokens"], $"{meaning}; full first, NaN where it was not measured", Values, _shape);
        yield return new RunArray<float>($"{name}_se", ["runs", "tokens"], $"standard error of {name}", Errors, _shape);
        yield return new RunArray<double>(
            $"{name}_dataset",
            ["runs", "probes"],
            $"mean of {name} over the probe's tokens",
            Dataset,
            _shape
        );
        yield return new RunArray<double>(
            $"{name}_dataset_se",
            ["runs", "probes"],
            $"standard error of {name}_dataset",
            DatasetErrors,
            _shape
        );
        if (phi is not null && phiMeaning is not null)
        {
            yield return new RunArray<double>(phi, ["runs"], $"{phiMeaning}; full first", Phi, _shape);
            yield return new RunArray<double>($"{phi}_se", ["runs"], $"standard error of {phi}", PhiErrors, _shape);
        }
    }

    private static (double Value, double Error) Excess(TokenMoments sums, in BatchCovariance batches, int i)
    {
        double d = batches.Mean(sums.SumD[i]);
        return (d, Math.Sqrt(Math.Max(0, batches.Covariance(sums.SumDD[i], d, d))));
    }

    private static (double Value, double Error) Covariance(TokenMoments sums, in BatchCovariance batches, int i)
    {
        double c = batches.Mean(sums.SumC[i]);
        return (c, Math.Sqrt(Math.Max(0, batches.Covariance(sums.SumCC[i], c, c))));
    }

    private static void Fill<T>(TokenMoments sums, int run, T[] values, T[] errors, Estimate estimate)
        where T : System.Numerics.INumberBase<T>
    {
        BatchCovariance batches = new(sums);
        for (int i = 0; i < sums.Tokens; i++)
        {
            (double value, double error) = estimate(sums, batches, i);
            values[(run * sums.Tokens) + i] = T.CreateTruncating(value);
            errors[(run * sums.Tokens) + i] = T.CreateTruncating(error);
        }
    }

    private static float[] Missing(int count)
    {
        float[] values = new float[count];
        Array.Fill(values, float.NaN);
        return values;
    }

    private delegate (double Value, double Error) Estimate(TokenMoments sums, in BatchCovariance batches, int i);
}
