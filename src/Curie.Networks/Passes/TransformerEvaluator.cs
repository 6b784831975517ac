using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Networks.Passes;

/// <summary>
/// Losses and gradients of a transformer over rows of tokens. Rows are shared out among workers, each with its own working memory; a
/// row's losses depend on that row alone, and gradients are summed over a fixed number of shards in a fixed order, so every result is
/// bit-identical for any number of workers.
/// </summary>
public sealed unsafe class TransformerEvaluator : IDisposable
{
    /// <summary>
    /// Row i of a batch adds its gradient to shard i mod this number, and shards are summed in order. Part of what defines a result's
    /// bits, so it does not depend on the machine.
    /// </summary>
    public const int MaxShards = GradientShards.Count;

    private readonly TransformerConfig _config;
    private readonly Machine _machine;
    private readonly RowPass[] _passes;
    private readonly RowBackward?[] _backwards;
    private readonly AlignedBuffer<double>[] _rowLosses;
    private readonly GradientShards _shards = new();
    private int[] _indices = [];
    private double[] _rowSums = [];

    /// <summary>Working memory for every worker of the pool.</summary>
    /// <param name="config">The shapes.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <param name="target">
    /// The model from whose distribution every loss is the divergence, of the same vocabulary and at least the same context; null for
    /// losses of the next token.
    /// </param>
    /// <exception cref="ArgumentException">The target has another vocabulary or a shorter context.</exception>
    public TransformerEvaluator(TransformerConfig config, Machine machine, DivergenceTarget? target = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(machine);
        _config = config;
        _machine = machine;
        if (
            target?.Weights.Parameters.Layout.Config is { } other
            && (other.Logits != config.Logits || other.ContextLength < config.ContextLength)
        )
        {
            throw new ArgumentException(
                $"A target of {other.Vocabulary} tokens and a context of {other.ContextLength} does not fit {config.Vocabulary} and "
                    + $"{config.ContextLength}.",
                nameof(target)
            );
        }

        IsDivergence = target is not null;
        _passes = [.. Enumerable.Range(0, machine.Pool.Workers).Select(_ => new RowPass(config, machine.Kernels, target))];
        _backwards = new RowBackward?[machine.Pool.Workers];
        _rowLosses = [.. Enumerable.Range(0, machine.Pool.Workers).Select(_ => new AlignedBuffer<double>(config.ContextLength))];
    }

    /// <summary>
    /// Per-token losses −log p(token t+1 | tokens 0 … t), nats, of the given rows.
    /// </summary>
    /// <param name="weights">The network.</param>
    /// <param name="rows">Token rows of at most n_ctx tokens, all below d_vocab.</param>
    /// <param name="rowIndices">Which rows.</param>
    /// <param name="losses">Receives rowIndices.Length × (T − 1) losses; empty if they are not wanted.</param>
    /// <param name="rowMeans">Receives each row's mean loss, summed in float64; empty if not wanted.</param>
    /// <param name="prefix">The residual stream at a later point, for the same row indices in the same order; what comes before is then
    /// skipped.</param>
    public void TokenLosses(
        TransformerWeights weights,
        TokenRows rows,
        ReadOnlySpan<int> rowIndices,
        Span<float> losses,
        Span<double> rowMeans,
        FrozenPrefix? prefix = null
    )
    {
        ArgumentNullException.ThrowIfNull(rows);
        Prepare(rowIndices);
        int positions = rows.ContextLength - 1;
        fixed (float* output = losses)
        {
            LossBody body = new(this, weights, rows, prefix, losses.IsEmpty ? null : output);
            _machine.Pool.Run(rowIndices.Length, ref body);
        }

        for (int i = 0; i < rowMeans.Length; i++)
        {
            rowMeans[i] = _rowSums[i] / positions;
        }
    }

    /// <summary>The mean loss over all positions of the given rows, nats per token, summed in float64.</summary>
    public double MeanLoss(TransformerWeights weights, TokenRows rows, ReadOnlySpan<int> rowIndices, FrozenPrefix? prefix = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        TokenLosses(weights, rows, rowIndices, [], [], prefix);
        return Total(rowIndices.Length) / ((double)rowIndices.Length * (rows.ContextLength - 1));
    }

    /// <summary>The mean loss L over all positions of the given rows, and ∂L/∂w for the parameters of the plan's restriction.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="rows">Token rows.</param>
    /// <param name="rowIndices">The minibatch.</param>
    /// <param name="plan">Which gradients.</param>
    /// <param name="gradient">Receives the gradient, of the restriction's dimension, in the restriction's order.</param>
    /// <param name="counts">How much each prediction of <paramref name="rows"/> counts in L; null for all alike.</param>
    /// <returns>L, nats per token.</returns>
    public double LossAndGradient(
        TransformerWeights weights,
        TokenRows rows,
        ReadOnlySpan<int> rowIndices,
        GradientPlan plan,
        Span<float> gradient,
        LossWeights? counts = null
    )
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(plan);
        Prepare(rowIndices);
        int shards = _shards.Begin(plan.Layout, rowIndices.Length);
        double count = (double)rowIndices.Length * (rows.ContextLength - 1);
        GradientBody body = new(this, weights, rows, counts, plan, rowIndices.Length, shards, (float)(1 / count));
        _machine.Pool.Run(shards, ref body);
        _shards.Reduce(_machine, plan, shards, gradient);
        return Total(rowIndices.Length) / count;
    }

    /// <summary>Whether losses are divergences from a frozen model's distribution.</summary>
    internal bool IsDivergence { get; }

    /// <summary>
    /// The mean loss of the uniform predictor over all positions of the given rows: log V for the next token; from a frozen model's
    /// distribution
    /// log V − H(q) forward, −log V − (1/V)·Σ_v log q_v reverse.
    /// </summary>
    /// <param name="rows">Token rows.</param>
    /// <param name="rowIndices">Which of them.</param>
    /// <param name="counted">Which positions count; null for all.</param>
    public double UniformLoss(TokenRows rows, ReadOnlySpan<int> rowIndices, CountedPositions? counted = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (!IsDivergence)
        {
            return Math.Log(_config.Logits);
        }

        Prepare(rowIndices);
        UniformBody body = new(this, rows, counted);
        _machine.Pool.Run(rowIndices.Length, ref body);
        double count = counted?.CountIn(rowIndices.ToArray()) ?? ((double)rowIndices.Length * (rows.ContextLength - 1));
        return Total(rowIndices.Length) / count;
    }

    /// <summary>Computes the residual stream at a point for the given rows, to be reused while all before it stays as it is.</summary>
    public FrozenPrefix Freeze(TransformerWeights weights, TokenRows rows, ReadOnlySpan<int> rowIndices, NetworkPoint point)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Prepare(rowIndices);
        FrozenPrefix prefix = new(point, rowIndices.Length, rows.ContextLength - 1, _config.ModelWidth);
        FreezeBody body = new(this, weights, rows, prefix);
        _machine.Pool.Run(rowIndices.Length, ref body);
        return prefix;
    }

    /// <summary>What computes.</summary>
    internal Machine Machine => _machine;

    /// <summary>The worker's working memory with one row of tokens in it.</summary>
    internal RowPass Begin(TokenRows rows, int row, int worker)
    {
        RowPass pass = _passes[worker];
        rows.CopyRow(row, pass.BeginRow(rows.ContextLength));
        return pass;
    }

    /// <summary>The worker's scratch memory.</summary>
    internal Scratch Scratch(int worker) => _passes[worker].Scratch;

    /// <summary>The backward pass of the row in the worker's working memory.</summary>
    internal RowBackward Backward(int worker) => _backwards[worker] ??= new RowBackward(_config, _machine.Kernels, _passes[worker]);

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_passes, pass => pass.Dispose());
        Array.ForEach(_backwards, backward => backward?.Dispose());
        Array.ForEach(_rowLosses, buffer => buffer.Dispose());
        _shards.Dispose();
    }

    private void Prepare(ReadOnlySpan<int> rowIndices)
    {
        if (_indices.Length < rowIndices.Length)
        {
            _indices = new int[rowIndices.Length];
            _rowSums = new double[rowIndices.Length];
        }

        rowIndices.CopyTo(_indices);
    }

    private double Total(int rows)
    {
        double total = 0;
        for (int i = 0; i < rows; i++)
        {
            total += _rowSums[i];
        }

        return total;
    }

    private RowPass BeginItem(TokenRows rows, int item, int worker) => Begin(rows, _indices[item], worker);

    private void Sum(int item, ReadOnlySpan<double> losses)
    {
        double sum = 0;
        foreach (double loss in losses)
        {
            sum += loss;
        }

        _rowSums[item] = sum;
    }

    private readonly struct LossBody(
        TransformerEvaluator owner,
        TransformerWeights weights,
        TokenRows rows,
        FrozenPrefix? prefix,
        float* output
    ) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            RowPass pass = owner.BeginItem(rows, item, worker);
            prefix?.CopyTo(item, pass.Residual(prefix.Point));
            pass.Forward(weights, prefix?.Point ?? default, new NetworkPoint(owner._config.Layers));
            Span<double> losses = owner._rowLosses[worker].Slice(0, pass.Positions);
            pass.Losses(weights, losses);
            owner.Sum(item, losses);
            if (output != null)
            {
                float* row = output + ((long)item * pass.Positions);
                for (int t = 0; t < losses.Length; t++)
                {
                    row[t] = (float)losses[t];
                }
            }
        }
    }

    private readonly struct GradientBody(
        TransformerEvaluator owner,
        TransformerWeights weights,
        TokenRows rows,
        LossWeights? counts,
        GradientPlan plan,
        int count,
        int shards,
        float scale
    ) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            ParameterSet shard = owner._shards.Clear(item, plan);
            for (int i = item; i < count; i += shards)
            {
                RowPass pass = owner.BeginItem(rows, i, worker);
                RowBackward backward = owner.Backward(worker);
                pass.Forward(weights);
                Span<double> losses = owner._rowLosses[worker].Slice(0, pass.Positions);
                LossScale weighted = new(scale, counts is null ? [] : counts.Row(owner._indices[i]));
                backward.Run(weights, plan, weighted, losses, shard);
                owner._rowSums[i] = weighted.Sum(losses);
            }
        }
    }

    private readonly struct UniformBody(TransformerEvaluator owner, TokenRows rows, CountedPositions? counted) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            RowPass pass = owner.BeginItem(rows, item, worker);
            MatrixView logTarget = pass.LogTarget(pass.AllPositions);
            double logVocabulary = Math.Log(logTarget.Columns);
            double sum = 0;
            for (int row = 0; row < logTarget.Rows; row++)
            {
                if (counted?.Row(owner._indices[item])[row] == false)
                {
                    continue;
                }

                double mean = 0;
                foreach (float log in logTarget.Row(row))
                {
                    mean += pass.Direction == DivergenceDirection.Forward ? Math.Exp(log) * log : -log / (double)logTarget.Columns;
                }

                sum += pass.Direction == DivergenceDirection.Forward ? logVocabulary + mean : mean - logVocabulary;
            }

            owner._rowSums[item] = sum;
        }
    }

    private readonly struct FreezeBody(TransformerEvaluator owner, TransformerWeights weights, TokenRows rows, FrozenPrefix prefix)
        : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            RowPass pass = owner.BeginItem(rows, item, worker);
            pass.Forward(weights, default, prefix.Point);
            prefix.CopyFrom(item, pass.Residual(prefix.Point));
        }
    }
}
