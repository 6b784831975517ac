using System.Runtime.Intrinsics;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;

namespace Curie.Response.Accumulation;

/// <summary>
/// One pair of antithetic chains of one component in progress, or a single chain: its tokens, and beside them one pseudo-token per probe
/// whose loss is the mean over the
/// probe's tokens, so that a dataset-level susceptibility has its own standard error (tokens of one draw are correlated).
/// </summary>
public sealed class PairAccumulator : IDisposable
{
    private readonly double[] _blockSums;
    private readonly double[] _probeChanges;

    /// <summary>Starts a pair.</summary>
    /// <param name="layout">The probes.</param>
    /// <param name="plan">The pair's draws and their batches.</param>
    /// <param name="pair">Which pair it is, from 0.</param>
    public PairAccumulator(ProbeLayout layout, BatchPlan plan, int pair = 0)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Layout = layout;
        Batches = new PairBatches(
            pair,
            new BatchRecord(layout.Sampled, plan.Batches),
            new BatchRecord([.. Enumerable.Range(0, layout.Probes)], plan.Batches)
        );
        Tokens = new TokenAccumulator(layout.Tokens, plan, Batches.Tokens);
        Probes = new TokenAccumulator(layout.Probes, plan, Batches.Probes);
        _blockSums = new double[layout.Blocks];
        _probeChanges = new double[layout.Probes];
    }

    /// <summary>The probes.</summary>
    public ProbeLayout Layout { get; }

    /// <summary>The batch means kept one by one.</summary>
    public PairBatches Batches { get; }

    /// <summary>The sums per token.</summary>
    public TokenAccumulator Tokens { get; }

    /// <summary>The sums per probe.</summary>
    public TokenAccumulator Probes { get; }

    /// <summary>The draws taken so far.</summary>
    public int Draws => Tokens.Draws;

    /// <summary>Whether every draw of the plan has been taken.</summary>
    public bool IsComplete => Tokens.IsComplete;

    /// <summary>Opens the next draw.</summary>
    /// <exception cref="InvalidOperationException">All draws of the plan have been taken.</exception>
    public void BeginDraw()
    {
        Tokens.BeginDraw();
        Probes.BeginDraw();
    }

    /// <summary>Adds one weight vector to the open draw. Allocates nothing; bit-identical for every number of workers.</summary>
    /// <param name="tokenLosses">ℓ_i there, one per token of all probes, in nats.</param>
    /// <param name="initLosses">ℓ_i(w*), one per token of all probes, in nats.</param>
    /// <param name="weight">How they enter.</param>
    /// <param name="pool">Shares the work when given.</param>
    /// <exception cref="ArgumentException">A span does not hold one loss per token.</exception>
    public unsafe void Add(
        ReadOnlySpan<float> tokenLosses,
        ReadOnlySpan<float> initLosses,
        EvaluationWeight weight,
        WorkerPool? pool = null
    )
    {
        if (tokenLosses.Length != Layout.Tokens || initLosses.Length != Layout.Tokens)
        {
            throw new ArgumentException(
                $"{tokenLosses.Length} losses and {initLosses.Length} init losses were given for {Layout.Tokens} tokens."
            );
        }

        Tokens.AddPhi(weight);
        Probes.AddPhi(weight);
        fixed (float* losses = tokenLosses)
        fixed (float* init = initLosses)
        {
            Run(new BlockBody(this, losses, init, weight), pool);
        }

        AverageProbes();
        Probes.AddChanges(0, _probeChanges, weight);
    }

    /// <summary>Closes the draw, once every weight vector has been added.</summary>
    /// <param name="pool">Shares the work when given.</param>
    public void EndDraw(WorkerPool? pool = null)
    {
        Run(new EndBody(this), pool);
        Probes.EndTokens(0, Layout.Probes);
        Tokens.EndDraw();
        Probes.EndDraw();
    }

    /// <summary>Takes a whole draw of a single chain whose covariance is the product of fluctuations.</summary>
    /// <param name="phi">φ = P − L0 in nats.</param>
    /// <param name="tokenLosses">ℓ_i, one per token of all probes, in nats.</param>
    /// <param name="initLosses">ℓ_i(w*), one per token of all probes, in nats.</param>
    /// <param name="pool">Shares the work when given.</param>
    /// <exception cref="ArgumentException">A span does not hold one loss per token.</exception>
    /// <exception cref="InvalidOperationException">All draws of the plan have been taken.</exception>
    public void Add(double phi, ReadOnlySpan<float> tokenLosses, ReadOnlySpan<float> initLosses, WorkerPool? pool = null)
    {
        BeginDraw();
        Add(tokenLosses, initLosses, EvaluationWeight.OfProduct(phi, chains: 1), pool);
        EndDraw(pool);
    }

    /// <summary>The first token whose sums are not finite, or −1. A pair with such a token must be excluded.</summary>
    public int FirstNonFiniteToken()
    {
        ReadOnlySpan<double> covariances = Tokens.Moments.SumC;
        ReadOnlySpan<double> shifts = Tokens.Moments.SumD;
        for (int i = 0; i < covariances.Length; i++)
        {
            if (!double.IsFinite(covariances[i] + shifts[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Writes the state between two draws; <see cref="Restore"/> continues from it bit for bit.</summary>
    public void Save(Stream stream)
    {
        Tokens.Save(stream);
        Probes.Save(stream);
    }

    /// <summary>Replaces the state by the one <see cref="Save"/> wrote.</summary>
    /// <exception cref="InputException">The stream ends early or belongs to another experiment.</exception>
    public void Restore(Stream stream)
    {
        Tokens.Restore(stream);
        Probes.Restore(stream);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens.Dispose();
        Probes.Dispose();
    }

    private void Run<TBody>(TBody body, WorkerPool? pool)
        where TBody : struct, IParallelBody
    {
        if (pool is not null)
        {
            pool.Run(Layout.Blocks, ref body);
            return;
        }

        for (int block = 0; block < Layout.Blocks; block++)
        {
            body.Invoke(block, 0);
        }
    }

    private void AverageProbes()
    {
        for (int probe = 0; probe < Layout.Probes; probe++)
        {
            double sum = 0;
            foreach (double block in _blockSums.AsSpan(Layout.BlocksOf(probe)))
            {
                sum += block;
            }

            Range tokens = Layout.TokensOf(probe);
            _probeChanges[probe] = sum / (tokens.End.Value - tokens.Start.Value);
        }
    }

    private readonly struct EndBody(PairAccumulator owner) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            Range range = owner.Layout.TokensOfBlock(item);
            owner.Tokens.EndTokens(range.Start.Value, range.End.Value - range.Start.Value);
        }
    }

    private readonly unsafe struct BlockBody(PairAccumulator owner, float* losses, float* init, EvaluationWeight weight) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            Range range = owner.Layout.TokensOfBlock(item);
            int start = range.Start.Value;
            ReadOnlySpan<float> blockLosses = new(losses + start, range.End.Value - start);
            ReadOnlySpan<float> blockInit = new(init + start, range.End.Value - start);
            owner.Tokens.AddTokens(start, blockLosses, blockInit, weight);
            owner._blockSums[item] = SumOfChanges(losses + start, init + start, blockLosses.Length);
        }

        /// <summary>Σ (ℓ_i − ℓ_i(w*)) in eight float64 lanes whatever the hardware has, so the sum is the same everywhere.</summary>
        private static double SumOfChanges(float* losses, float* init, int count)
        {
            Vector256<double> low = Vector256<double>.Zero;
            Vector256<double> high = Vector256<double>.Zero;
            int i = 0;
            for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                (Vector256<double> lossLow, Vector256<double> lossHigh) = Vector256.Widen(Vector256.Load(losses + i));
                (Vector256<double> initLow, Vector256<double> initHigh) = Vector256.Widen(Vector256.Load(init + i));
                low += lossLow - initLow;
                high += lossHigh - initHigh;
            }

            double rest = 0;
            for (; i < count; i++)
            {
                rest += (double)losses[i] - init[i];
            }

            return Vector256.Sum(low + high) + rest;
        }
    }
}
