using Curie.Numerics;
using Curie.Response.Accumulation;
using Curie.Sampling;

namespace Curie.Response.Runs;

/// <summary>
/// The contents of `batches.npz`: for every run, pair of chains and batch the means over the batch's draws of c_i, the contribution to the
/// covariance, and of
/// e_i = ℓ_i − P less its value at w*, for the sampled tokens and for every probe's mean. Rows of excluded pairs are NaN. c_i is the
/// response, or −φ·e_i where
/// the covariance is the product of fluctuations; the file then holds φ·e_i.
/// </summary>
public sealed class BatchData
{
    private readonly RunShape _shape;

    /// <summary>Allocates the arrays of a run, all NaN.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="estimator">How the covariance was estimated.</param>
    /// <param name="holdsCovariance">Whether contributions to the covariance are kept: of a run that holds neither χ nor the covariance
    /// they are not.</param>
    public BatchData(RunShape shape, CovarianceEstimator estimator, bool holdsCovariance = true)
    {
        ArgumentNullException.ThrowIfNull(shape);
        _shape = shape;
        Estimator = estimator;
        HoldsCovariance = holdsCovariance;
        Token = new int[shape.SampledTokens];
        int rows = checked(shape.Units * shape.Batches);
        int contributions = holdsCovariance ? shape.Components : 0;
        Covariance = Missing(checked(contributions * rows * shape.SampledTokens), float.NaN);
        Shift = Missing(checked(shape.Runs * rows * shape.SampledTokens), float.NaN);
        CovarianceDataset = Missing(checked(contributions * rows * shape.Probes), double.NaN);
        ShiftDataset = Missing(checked(shape.Runs * rows * shape.Probes), double.NaN);
    }

    /// <summary>The bytes that the arrays of a run take.</summary>
    public static long BytesFor(RunShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        long rows = (long)shape.Units * shape.Batches * (shape.Components + shape.Runs);
        return rows * (((long)shape.SampledTokens * sizeof(float)) + ((long)shape.Probes * sizeof(double)));
    }

    /// <summary>The sampled tokens, rising, as indices into the run's tokens.</summary>
    public int[] Token { get; }

    /// <summary>How <see cref="Covariance"/> is to be read.</summary>
    public CovarianceEstimator Estimator { get; }

    /// <summary>
    /// Whether contributions to the covariance are kept; <see cref="Covariance"/> and <see cref="CovarianceDataset"/> are empty otherwise.
    /// </summary>
    public bool HoldsCovariance { get; }

    /// <summary>C: components × pairs × batches × sampled tokens, nats².</summary>
    public float[] Covariance { get; }

    /// <summary>D: runs (`full` first) × pairs × batches × sampled tokens, nats.</summary>
    public float[] Shift { get; }

    /// <summary>C of the probes' means: components × pairs × batches × probes, nats².</summary>
    public double[] CovarianceDataset { get; }

    /// <summary>D of the probes' means: runs × pairs × batches × probes, nats.</summary>
    public double[] ShiftDataset { get; }

    /// <summary>C of a component in one batch of a pair, one per sampled token.</summary>
    public Memory<float> CovarianceRow(int component, int pair, int batch) => Row(Covariance, component, pair, batch, _shape.SampledTokens);

    /// <summary>D of a run in one batch of a pair, one per sampled token; run 0 is `full`.</summary>
    public Memory<float> ShiftRow(int run, int pair, int batch) => Row(Shift, run, pair, batch, _shape.SampledTokens);

    /// <summary>C of a component in one batch of a pair, one per probe.</summary>
    public Memory<double> CovarianceDatasetRow(int component, int pair, int batch) =>
        Row(CovarianceDataset, component, pair, batch, _shape.Probes);

    /// <summary>D of a run in one batch of a pair, one per probe; run 0 is `full`.</summary>
    public Memory<double> ShiftDatasetRow(int run, int pair, int batch) => Row(ShiftDataset, run, pair, batch, _shape.Probes);

    /// <summary>Fills in a run from the batch means of its healthy pairs.</summary>
    /// <param name="run">The run; 0 is `full`.</param>
    /// <param name="moments">What its sampling left behind.</param>
    /// <exception cref="ArgumentException">The pairs have another number of batches, tokens or probes.</exception>
    public void Set(int run, ComponentMoments moments)
    {
        ArgumentNullException.ThrowIfNull(moments);
        foreach (PairBatches pair in moments.Batches)
        {
            if (
                pair.Tokens.Batches != _shape.Batches
                || pair.Tokens.Tokens.Length != _shape.SampledTokens
                || pair.Probes.Tokens.Length != _shape.Probes
            )
            {
                throw new ArgumentException(
                    $"A pair has {pair.Tokens.Batches} batches of {pair.Tokens.Tokens.Length} tokens where the run keeps "
                        + $"{_shape.Batches} of {_shape.SampledTokens}.",
                    nameof(moments)
                );
            }

            pair.Tokens.Tokens.CopyTo(Token);
            for (int batch = 0; batch < _shape.Batches; batch++)
            {
                Narrow(pair.Tokens.Shifts(batch), ShiftRow(run, pair.Pair, batch).Span);
                pair.Probes.Shifts(batch).CopyTo(ShiftDatasetRow(run, pair.Pair, batch).Span);
                if (run > 0 && HoldsCovariance)
                {
                    Narrow(pair.Tokens.Covariances(batch), CovarianceRow(run - 1, pair.Pair, batch).Span);
                    pair.Probes.Covariances(batch).CopyTo(CovarianceDatasetRow(run - 1, pair.Pair, batch).Span);
                }
            }
        }
    }

    /// <summary>The arrays of the file, in its order.</summary>
    internal IEnumerable<RunArray> Arrays()
    {
        yield return new RunArray<int>(
            "batch_token",
            ["sampled"],
            "the sampled tokens, rising: indices into the tokens of susceptibility.npz",
            Token,
            _shape
        );
        bool product = Estimator == CovarianceEstimator.Product;
        string name = product ? "batch_product" : "batch_covariance";
        if (HoldsCovariance)
        {
            yield return new RunArray<float>(
                name,
                ["components", "pairs", "batches", "sampled"],
                product
                    ? "mean over the batch of (P - L0) * (loss of the token - P, less its value at w*), nats squared; NaN for excluded "
                        + "pairs"
                    : "mean over the batch of the response of (loss of the token - P) to the perturbation, nats squared; NaN for "
                        + "excluded pairs",
                Covariance,
                _shape,
                negative: product
            );
        }

        yield return new RunArray<float>(
            "batch_shift",
            ["runs", "pairs", "batches", "sampled"],
            "mean over the batch of loss of the token - P, less its value at w*, nats; NaN for excluded pairs",
            Shift,
            _shape
        );
        if (HoldsCovariance)
        {
            yield return new RunArray<double>(
                $"{name}_dataset",
                ["components", "pairs", "batches", "probes"],
                $"{name} of the mean over the probe's tokens",
                CovarianceDataset,
                _shape,
                negative: product
            );
        }

        yield return new RunArray<double>(
            "batch_shift_dataset",
            ["runs", "pairs", "batches", "probes"],
            "batch_shift of the mean over the probe's tokens",
            ShiftDataset,
            _shape
        );
    }

    /// <exception cref="InputException">A token is not one of the run's, or they do not rise.</exception>
    internal void RequireTokens(string path)
    {
        int previous = -1;
        foreach (int token in Token)
        {
            if (token <= previous || token >= _shape.Tokens)
            {
                throw new InputException(
                    $"batch_token in {path} is not in order or names a token that the run does not have; restore the folder's own files "
                        + "or run the experiment again."
                );
            }

            previous = token;
        }
    }

    private static T[] Missing<T>(int length, T value)
    {
        T[] values = new T[length];
        Array.Fill(values, value);
        return values;
    }

    private static void Narrow(ReadOnlySpan<double> from, Span<float> to)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = (float)from[i];
        }
    }

    private Memory<T> Row<T>(T[] values, int first, int pair, int batch, int length) =>
        values.AsMemory(((((first * _shape.Units) + pair) * _shape.Batches) + batch) * length, length);
}
