using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Networks.Regression;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Networks.Passes;

/// <summary>
/// Losses and gradients of a transformer over batches: rows of tokens, or sequences where its tokens are vectors. Rows are shared out among
/// workers, one or some at a time (a part), each worker with its own working memory; a row's losses depend on that row alone, and gradients
/// are summed over a fixed number of shards in a fixed order, so every result is bit-identical for any number of workers.
/// </summary>
public sealed unsafe class TransformerEvaluator : IDisposable
{
    /// <summary>
    /// Part i of a batch adds its gradient to shard i mod this number, and shards are summed in order. Part of what defines a result's
    /// bits, so it does not depend on the machine.
    /// </summary>
    public const int MaxShards = GradientShards.Count;

    private readonly TransformerConfig _config;
    private readonly Machine _machine;
    private readonly IBatchPass[] _passes;
    private readonly AlignedBuffer<double>[] _losses;
    private readonly GradientShards _shards = new();
    private readonly TokenBatch _rows = new();
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

        TargetConfig = target?.Weights.Parameters.Layout.Config;
        _passes =
        [
            .. Enumerable
                .Range(0, machine.Pool.Workers)
                .Select(_ =>
                    config.VectorTokens
                        ? (IBatchPass)new RegressionPass(config, machine.Kernels)
                        : new RowPass(config, machine.Kernels, target)
                ),
        ];
        _losses = [.. _passes.Select(pass => new AlignedBuffer<double>((long)pass.Together * config.ContextLength))];
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
        _rows.Fill(rows, rowIndices);
        fixed (float* output = losses)
        {
            Losses(weights, _rows, rowMeans, output, prefix, visit: null);
        }
    }

    /// <summary>The mean loss over all positions of the given rows, nats per token, summed in float64.</summary>
    public double MeanLoss(TransformerWeights weights, TokenRows rows, ReadOnlySpan<int> rowIndices, FrozenPrefix? prefix = null)
    {
        _rows.Fill(rows, rowIndices);
        return Losses(weights, _rows, [], null, prefix, visit: null);
    }

    /// <summary>The mean loss over all predictions of a batch, summed in float64; weights of the batch do not count in it.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="rowMeans">Receives each row's mean loss; empty if not wanted.</param>
    /// <exception cref="ArgumentException">The batch is of another kind, or its rows of another size, than the network reads.</exception>
    public double MeanLoss(TransformerWeights weights, IBatch batch, Span<double> rowMeans = default) =>
        MeanLoss(weights, batch, rowMeans, visit: null);

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
        _rows.Fill(rows, rowIndices, counts);
        return LossAndGradient(weights, _rows, plan, gradient);
    }

    /// <summary>The mean loss L over all predictions of a minibatch, and ∂L/∂w for the parameters of the plan's restriction.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="batch">The minibatch, whose weights say how much each prediction counts in L.</param>
    /// <param name="plan">Which gradients.</param>
    /// <param name="gradient">Receives the gradient, of the restriction's dimension, in the restriction's order.</param>
    /// <returns>L.</returns>
    /// <exception cref="ArgumentException">The batch is of another kind, or its rows of another size, than the network reads.</exception>
    public double LossAndGradient(TransformerWeights weights, IBatch batch, GradientPlan plan, Span<float> gradient)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Prepare(weights, batch);
        int shards = _shards.Begin(plan.Layout, Parts(batch));
        GradientBody body = new(this, weights, batch, plan, shards, (float)(1 / Count(batch)));
        _machine.Pool.Run(shards, ref body);
        _shards.Reduce(_machine, plan, shards, gradient);
        return Total(batch.Count) / Count(batch);
    }

    /// <summary>The sizes of the frozen model from whose distribution losses are divergences; null for losses of the next token.</summary>
    internal TransformerConfig? TargetConfig { get; }

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
        if (TargetConfig is null)
        {
            return Math.Log(_config.Logits);
        }

        Fill(rows, rowIndices);
        UniformBody body = new(this, counted);
        _machine.Pool.Run(rowIndices.Length, ref body);
        double count = counted?.CountIn(rowIndices.ToArray()) ?? ((double)rowIndices.Length * (rows.ContextLength - 1));
        return Total(rowIndices.Length) / count;
    }

    /// <summary>Computes the residual stream at a point for the given rows, to be reused while all before it stays as it is.</summary>
    public FrozenPrefix Freeze(TransformerWeights weights, TokenRows rows, ReadOnlySpan<int> rowIndices, NetworkPoint point)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Fill(rows, rowIndices);
        FrozenPrefix prefix = new(point, rowIndices.Length, rows.ContextLength - 1, _config.ModelWidth);
        FreezeBody body = new(this, weights, prefix);
        _machine.Pool.Run(rowIndices.Length, ref body);
        return prefix;
    }

    /// <summary>What computes.</summary>
    public Machine Machine => _machine;

    /// <summary>The mean loss over all predictions of a batch.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="rowMeans">Receives each row's mean loss; empty if not wanted.</param>
    /// <param name="visit">Shown every pass and its first row, on the pass's worker; null for none.</param>
    internal double MeanLoss(TransformerWeights weights, IBatch batch, Span<double> rowMeans, Action<IBatchPass, int>? visit) =>
        Losses(weights, batch, rowMeans, null, prefix: null, visit);

    /// <summary>The worker's working memory with one row of tokens in it.</summary>
    internal RowPass Begin(TokenRows rows, int row, int worker)
    {
        RowPass pass = Row(worker);
        rows.CopyRow(row, pass.BeginRow(rows.ContextLength));
        return pass;
    }

    /// <summary>The worker's scratch memory.</summary>
    internal Scratch Scratch(int worker) => _passes[worker].Stack.Scratch;

    /// <summary>The backward pass of the row in the worker's working memory.</summary>
    internal RowBackward Backward(int worker) => Row(worker).Backward;

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_passes, pass => pass.Dispose());
        Array.ForEach(_losses, buffer => buffer.Dispose());
        _rows.Dispose();
        _shards.Dispose();
    }

    private static double Count(IBatch batch) => (double)batch.Count * batch.Predictions;

    private RowPass Row(int worker) =>
        _passes[worker] as RowPass ?? throw new InvalidOperationException("The tokens of this network are vectors.");

    private int Parts(IBatch batch) => (batch.Count + _passes[0].Together - 1) / _passes[0].Together;

    private void Fill(TokenRows rows, ReadOnlySpan<int> rowIndices)
    {
        _rows.Fill(rows, rowIndices);
        Reserve(rowIndices.Length);
    }

    private void Prepare(TransformerWeights weights, IBatch batch)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(batch);
        if (_config.VectorTokens && weights.Parameters.Layout.Config != _config)
        {
            throw new ArgumentException("The weights are of another shape than the evaluator.", nameof(weights));
        }

        Reserve(batch.Count);
    }

    private void Reserve(int rows)
    {
        if (_rowSums.Length < rows)
        {
            _rowSums = new double[rows];
        }
    }

    private double Losses(
        TransformerWeights weights,
        IBatch batch,
        Span<double> rowMeans,
        float* output,
        FrozenPrefix? prefix,
        Action<IBatchPass, int>? visit
    )
    {
        Prepare(weights, batch);
        LossBody body = new(this, weights, batch, prefix, output, visit);
        _machine.Pool.Run(Parts(batch), ref body);
        for (int i = 0; i < rowMeans.Length; i++)
        {
            rowMeans[i] = _rowSums[i] / batch.Predictions;
        }

        return Total(batch.Count) / Count(batch);
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

    /// <summary>Puts a part of a batch into a worker's memory, with room for its losses.</summary>
    private IBatchPass Begin(IBatch batch, int part, int worker, out int first, out Span<double> losses)
    {
        IBatchPass pass = _passes[worker];
        first = part * pass.Together;
        int count = Math.Min(pass.Together, batch.Count - first);
        pass.Begin(batch, first, count);
        losses = _losses[worker].Slice(0, count * batch.Predictions);
        return pass;
    }

    private readonly struct LossBody(
        TransformerEvaluator owner,
        TransformerWeights weights,
        IBatch batch,
        FrozenPrefix? prefix,
        float* output,
        Action<IBatchPass, int>? visit
    ) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            IBatchPass pass = owner.Begin(batch, item, worker, out int first, out Span<double> losses);
            prefix?.CopyTo(item, pass.Stack.Residual(prefix.Point));
            pass.Forward(weights, prefix?.Point ?? default);
            pass.Losses(weights, losses);
            int predictions = batch.Predictions;
            for (int i = 0; i < losses.Length; i += predictions)
            {
                owner._rowSums[first + (i / predictions)] = new LossScale(1, []).Sum(losses.Slice(i, predictions));
            }

            if (output != null)
            {
                float* row = output + ((long)first * predictions);
                for (int t = 0; t < losses.Length; t++)
                {
                    row[t] = (float)losses[t];
                }
            }

            visit?.Invoke(pass, first);
        }
    }

    private readonly struct GradientBody(
        TransformerEvaluator owner,
        TransformerWeights weights,
        IBatch batch,
        GradientPlan plan,
        int shards,
        float scale
    ) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            ParameterSet shard = owner._shards.Clear(item, plan);
            int predictions = batch.Predictions;
            for (int part = item; part < owner.Parts(batch); part += shards)
            {
                IBatchPass pass = owner.Begin(batch, part, worker, out int first, out Span<double> losses);
                pass.Forward(weights, default);
                pass.Backward(weights, plan, new LossScale(scale, batch.Weights(first)), losses, shard);
                for (int i = 0; i < losses.Length; i += predictions)
                {
                    int row = first + (i / predictions);
                    owner._rowSums[row] = new LossScale(scale, batch.Weights(row)).Sum(losses.Slice(i, predictions));
                }
            }
        }
    }

    private readonly struct UniformBody(TransformerEvaluator owner, CountedPositions? counted) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            RowPass pass = owner.Begin(owner._rows.Rows, owner._rows.Index(item), worker);
            MatrixView logTarget = pass.LogTarget(pass.AllPositions);
            double logVocabulary = Math.Log(logTarget.Columns);
            double sum = 0;
            for (int row = 0; row < logTarget.Rows; row++)
            {
                if (counted?.Row(owner._rows.Index(item))[row] == false)
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

    private readonly struct FreezeBody(TransformerEvaluator owner, TransformerWeights weights, FrozenPrefix prefix) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            RowPass pass = owner.Begin(owner._rows.Rows, owner._rows.Index(item), worker);
            pass.Forward(weights, default, prefix.Point);
            prefix.CopyFrom(item, pass.Residual(prefix.Point));
        }
    }
}
