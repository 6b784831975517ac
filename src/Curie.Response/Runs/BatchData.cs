using Curie.Numerics;
using Curie.Response.Accumulation;

namespace Curie.Response.Runs;

/// <summary>
/// The contents of `batches.npz`: for every run, chain and batch the means over the batch's draws of φ·e_i and of e_i, with φ = P − L0 and
/// e_i = ℓ_i − P less its value at w*, for the sampled tokens and for every probe's mean. Rows of excluded chains are NaN.
/// </summary>
public sealed class BatchData
{
    private readonly RunShape _shape;

    /// <summary>Allocates the arrays of a run, all NaN.</summary>
    public BatchData(RunShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        _shape = shape;
        Token = new int[shape.SampledTokens];
        int rows = checked(shape.Chains * shape.Batches);
        Product = Missing<float>(checked(shape.Components * rows * shape.SampledTokens), float.NaN);
        Shift = Missing<float>(checked(shape.Runs * rows * shape.SampledTokens), float.NaN);
        ProductDataset = Missing(checked(shape.Components * rows * shape.Probes), double.NaN);
        ShiftDataset = Missing(checked(shape.Runs * rows * shape.Probes), double.NaN);
    }

    /// <summary>The bytes that the arrays of a run take.</summary>
    public static long BytesFor(RunShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        long rows = (long)shape.Chains * shape.Batches * (shape.Components + shape.Runs);
        return rows * (((long)shape.SampledTokens * sizeof(float)) + ((long)shape.Probes * sizeof(double)));
    }

    /// <summary>The sampled tokens, rising, as indices into the run's tokens.</summary>
    public int[] Token { get; }

    /// <summary>A: components × chains × batches × sampled tokens, nats².</summary>
    public float[] Product { get; }

    /// <summary>D: runs (`full` first) × chains × batches × sampled tokens, nats.</summary>
    public float[] Shift { get; }

    /// <summary>A of the probes' means: components × chains × batches × probes, nats².</summary>
    public double[] ProductDataset { get; }

    /// <summary>D of the probes' means: runs × chains × batches × probes, nats.</summary>
    public double[] ShiftDataset { get; }

    /// <summary>A of a component in one batch of a chain, one per sampled token.</summary>
    public Memory<float> ProductRow(int component, int chain, int batch) => Row(Product, component, chain, batch, _shape.SampledTokens);

    /// <summary>D of a run in one batch of a chain, one per sampled token; run 0 is `full`.</summary>
    public Memory<float> ShiftRow(int run, int chain, int batch) => Row(Shift, run, chain, batch, _shape.SampledTokens);

    /// <summary>A of a component in one batch of a chain, one per probe.</summary>
    public Memory<double> ProductDatasetRow(int component, int chain, int batch) => Row(ProductDataset, component, chain, batch, _shape.Probes);

    /// <summary>D of a run in one batch of a chain, one per probe; run 0 is `full`.</summary>
    public Memory<double> ShiftDatasetRow(int run, int chain, int batch) => Row(ShiftDataset, run, chain, batch, _shape.Probes);

    /// <summary>Fills in a run from the batch means of its healthy chains.</summary>
    /// <param name="run">The run; 0 is `full`.</param>
    /// <param name="moments">What its sampling left behind.</param>
    /// <exception cref="ArgumentException">The chains have another number of batches, tokens or probes.</exception>
    public void Set(int run, ComponentMoments moments)
    {
        ArgumentNullException.ThrowIfNull(moments);
        foreach (ChainBatches chain in moments.Batches)
        {
            if (chain.Tokens.Batches != _shape.Batches || chain.Tokens.Tokens.Length != _shape.SampledTokens || chain.Probes.Tokens.Length != _shape.Probes)
            {
                throw new ArgumentException(
                    $"A chain has {chain.Tokens.Batches} batches of {chain.Tokens.Tokens.Length} tokens where the run keeps {_shape.Batches} of {_shape.SampledTokens}.",
                    nameof(moments));
            }

            chain.Tokens.Tokens.CopyTo(Token);
            for (int batch = 0; batch < _shape.Batches; batch++)
            {
                Narrow(chain.Tokens.Shifts(batch), ShiftRow(run, chain.Chain, batch).Span);
                chain.Probes.Shifts(batch).CopyTo(ShiftDatasetRow(run, chain.Chain, batch).Span);
                if (run > 0)
                {
                    Narrow(chain.Tokens.Products(batch), ProductRow(run - 1, chain.Chain, batch).Span);
                    chain.Probes.Products(batch).CopyTo(ProductDatasetRow(run - 1, chain.Chain, batch).Span);
                }
            }
        }
    }

    /// <summary>The arrays of the file, in its order.</summary>
    internal IEnumerable<RunArray> Arrays()
    {
        yield return new RunArray<int>("batch_token", ["sampled"], "the sampled tokens, rising: indices into the tokens of susceptibility.npz", Token, _shape);
        yield return new RunArray<float>(
            "batch_product",
            ["components", "chains", "batches", "sampled"],
            "mean over the batch of (P - L0) * (loss of the token - P, less its value at w*), nats squared; NaN for excluded chains",
            Product,
            _shape);
        yield return new RunArray<float>(
            "batch_shift",
            ["runs", "chains", "batches", "sampled"],
            "mean over the batch of loss of the token - P, less its value at w*, nats; NaN for excluded chains",
            Shift,
            _shape);
        yield return new RunArray<double>(
            "batch_product_dataset", ["components", "chains", "batches", "probes"], "batch_product of the mean over the probe's tokens", ProductDataset, _shape);
        yield return new RunArray<double>(
            "batch_shift_dataset", ["runs", "chains", "batches", "probes"], "batch_shift of the mean over the probe's tokens", ShiftDataset, _shape);
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
                    $"batch_token in {path} is not in order or names a token that the run does not have; restore the folder's own files or run the experiment again.");
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

    private Memory<T> Row<T>(T[] values, int first, int chain, int batch, int length) =>
        values.AsMemory(((((first * _shape.Chains) + chain) * _shape.Batches) + batch) * length, length);
}
