using System.Numerics;
using Curie.Numerics.Memory;
using Curie.Numerics.Statistics;

namespace Curie.Response.Accumulation;

/// <summary>
/// Takes the per-token losses of one pair of chains (or a single one) draw by draw, in one pass and without keeping a trace, into
/// <see cref="TokenMoments"/>.
/// </summary>
/// <remarks>
/// A draw is <see cref="BeginDraw"/>, then for each of its weight vectors <see cref="AddPhi"/> and every token through
/// <see cref="AddTokens"/> or <see cref="AddChanges"/>, in the same
/// order of vectors for all tokens, then <see cref="EndTokens"/> and <see cref="EndDraw"/>. Disjoint ranges may be added from several
/// threads: each token's
/// sums depend on its own losses only and no fused multiply-add is used, so the result is bit-identical for every split and vector width.
/// Memory: 9 float64 per token, and what <see cref="BatchRecord"/> holds.
/// </remarks>
public sealed unsafe class TokenAccumulator : IDisposable
{
    private const int RunningColumns = 2;
    private readonly AlignedBuffer<double> _running;
    private readonly BatchRecord? _record;
    private double _batchPhi;
    private int _batchDraws;

    /// <summary>Starts a pair.</summary>
    /// <param name="tokens">The number of tokens.</param>
    /// <param name="plan">The pair's draws and their batches.</param>
    /// <param name="record">Also takes the batch means of its tokens, when given.</param>
    public TokenAccumulator(int tokens, BatchPlan plan, BatchRecord? record = null)
    {
        Plan = plan;
        _record = record;
        Moments = new TokenMoments(tokens);
        _running = new AlignedBuffer<double>((long)RunningColumns * tokens);
    }

    /// <summary>The pair's draws and their batches.</summary>
    public BatchPlan Plan { get; }

    /// <summary>The draws taken so far.</summary>
    public int Draws { get; private set; }

    /// <summary>Whether every draw of the plan has been taken.</summary>
    public bool IsComplete => Draws == Plan.Draws;

    /// <summary>The sums over the batches finished so far.</summary>
    public TokenMoments Moments { get; }

    /// <summary>The bytes an accumulator of <paramref name="tokens"/> tokens holds.</summary>
    public static long BytesFor(int tokens) => (long)(TokenMoments.Columns + RunningColumns) * tokens * sizeof(double);

    /// <summary>Takes a whole draw of a single chain whose covariance is the product of fluctuations.</summary>
    /// <param name="phi">φ = P − L0 in nats.</param>
    /// <param name="tokenLosses">ℓ_i, one per token, in nats.</param>
    /// <param name="initLosses">ℓ_i(w*), one per token, in nats.</param>
    /// <exception cref="ArgumentException">A span does not hold one loss per token.</exception>
    /// <exception cref="InvalidOperationException">All draws of the plan have been taken.</exception>
    public void Add(double phi, ReadOnlySpan<float> tokenLosses, ReadOnlySpan<float> initLosses)
    {
        if (tokenLosses.Length != Moments.Tokens)
        {
            throw new ArgumentException($"{tokenLosses.Length} losses were given for {Moments.Tokens} tokens.", nameof(tokenLosses));
        }

        EvaluationWeight weight = EvaluationWeight.OfProduct(phi, chains: 1);
        BeginDraw();
        AddPhi(weight);
        AddTokens(0, tokenLosses, initLosses, weight);
        EndTokens(0, Moments.Tokens);
        EndDraw();
    }

    /// <summary>Opens the next draw.</summary>
    /// <exception cref="InvalidOperationException">All draws of the plan have been taken.</exception>
    public void BeginDraw()
    {
        if (IsComplete)
        {
            throw new InvalidOperationException($"The pair already has its {Plan.Draws} draws.");
        }

        _batchDraws++;
    }

    /// <summary>Adds the φ of one weight vector of the open draw.</summary>
    public void AddPhi(EvaluationWeight weight) => _batchPhi += weight.Phi;

    /// <summary>Adds tokens <paramref name="start"/>, <paramref name="start"/> + 1, … at one weight vector of the open draw.</summary>
    /// <param name="start">The first token.</param>
    /// <param name="tokenLosses">ℓ_i in nats.</param>
    /// <param name="initLosses">ℓ_i(w*) in nats, of the same tokens.</param>
    /// <param name="weight">How they enter.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the tokens.</exception>
    public void AddTokens(int start, ReadOnlySpan<float> tokenLosses, ReadOnlySpan<float> initLosses, EvaluationWeight weight)
    {
        if (tokenLosses.Length != initLosses.Length)
        {
            throw new ArgumentException($"{initLosses.Length} init losses were given for {tokenLosses.Length} losses.", nameof(initLosses));
        }

        CheckRange(start, tokenLosses.Length);
        double* c = _running.Pointer + start;
        double* d = _running.Pointer + Moments.Tokens + start;
        Vector<double> rise = new(weight.Rise);
        Vector<double> covariance = new(weight.Covariance);
        Vector<double> shift = new(weight.Shift);
        int i = 0;
        for (; i <= tokenLosses.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(tokenLosses[i..]), out Vector<double> low, out Vector<double> high);
            Vector.Widen(new Vector<float>(initLosses[i..]), out Vector<double> initLow, out Vector<double> initHigh);
            Accumulate(c + i, d + i, covariance, shift, low - initLow - rise);
            Accumulate(c + i + Vector<double>.Count, d + i + Vector<double>.Count, covariance, shift, high - initHigh - rise);
        }

        for (; i < tokenLosses.Length; i++)
        {
            double e = (double)tokenLosses[i] - initLosses[i] - weight.Rise;
            c[i] += weight.Covariance * e;
            d[i] += weight.Shift * e;
        }
    }

    /// <summary>
    /// Adds tokens (or means over tokens) at one weight vector of the open draw whose change of loss is known in float64.
    /// </summary>
    /// <param name="start">The first token.</param>
    /// <param name="changes">ℓ_i − ℓ_i(w*) in nats.</param>
    /// <param name="weight">How they enter.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the tokens.</exception>
    public void AddChanges(int start, ReadOnlySpan<double> changes, EvaluationWeight weight)
    {
        CheckRange(start, changes.Length);
        double* c = _running.Pointer + start;
        double* d = _running.Pointer + Moments.Tokens + start;
        for (int i = 0; i < changes.Length; i++)
        {
            double e = changes[i] - weight.Rise;
            c[i] += weight.Covariance * e;
            d[i] += weight.Shift * e;
        }
    }

    /// <summary>
    /// Folds tokens into the sums over batches where the open draw is the last of its batch; once for every token before
    /// <see cref="EndDraw"/>.
    /// </summary>
    /// <param name="start">The first token.</param>
    /// <param name="count">Their number; disjoint ranges may come from several threads.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the tokens.</exception>
    public void EndTokens(int start, int count)
    {
        CheckRange(start, count);
        FoldIfBatchEnds(start, count);
    }

    /// <summary>Closes the draw, once every token has been added and ended.</summary>
    public void EndDraw()
    {
        if (Plan.EndsBatch(Draws))
        {
            Moments.AddBatch(_batchDraws, _batchPhi);
            (_batchPhi, _batchDraws) = (0, 0);
        }

        Draws++;
    }

    /// <summary>Writes the state between two draws; <see cref="Restore"/> continues from it bit for bit.</summary>
    public void Save(Stream stream)
    {
        StateStream.WriteCounts(stream, [Plan.Draws, Plan.Batches, Draws, _batchDraws]);
        StateStream.WriteValues(stream, [_batchPhi]);
        Moments.Save(stream);
        StateStream.WriteBuffer(stream, _running);
        _record?.Save(stream);
    }

    /// <summary>Replaces the state by the one <see cref="Save"/> wrote.</summary>
    /// <exception cref="Numerics.InputException">The stream ends early or belongs to another number of tokens, draws or
    /// batches.</exception>
    public void Restore(Stream stream)
    {
        Span<long> counts = stackalloc long[4];
        Span<double> phi = stackalloc double[1];
        StateStream.Read(stream, counts);
        StateStream.Expect("draws per pair", Plan.Draws, counts[0]);
        StateStream.Expect("batches per pair", Plan.Batches, counts[1]);
        StateStream.Read(stream, phi);
        Moments.Restore(stream);
        StateStream.ReadBuffer(stream, _running);
        _record?.Restore(stream);
        (Draws, _batchDraws, _batchPhi) = ((int)counts[2], (int)counts[3], phi[0]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Moments.Dispose();
        _running.Dispose();
    }

    private static void Accumulate(double* c, double* d, Vector<double> covariance, Vector<double> shift, Vector<double> e)
    {
        Vector.Store(Vector.Load(c) + (covariance * e), c);
        Vector.Store(Vector.Load(d) + (shift * e), d);
    }

    private void FoldIfBatchEnds(int start, int count)
    {
        if (!Plan.EndsBatch(Draws))
        {
            return;
        }

        double* c = _running.Pointer + start;
        double* d = _running.Pointer + Moments.Tokens + start;
        double* sumC = Moments.ColumnPointer(0) + start;
        double* sumD = Moments.ColumnPointer(1) + start;
        double* sumCC = Moments.ColumnPointer(2) + start;
        double* sumCD = Moments.ColumnPointer(3) + start;
        double* sumDD = Moments.ColumnPointer(4) + start;
        double* sumCPhi = Moments.ColumnPointer(5) + start;
        double* sumDPhi = Moments.ColumnPointer(6) + start;
        double weight = 1.0 / _batchDraws;
        _record?.Take((int)Moments.Batches, start, count, c, d, weight);
        for (int i = 0; i < count; i++)
        {
            double scaledC = c[i] * weight;
            double scaledD = d[i] * weight;
            sumC[i] += c[i];
            sumD[i] += d[i];
            sumCC[i] += scaledC * c[i];
            sumCD[i] += scaledC * d[i];
            sumDD[i] += scaledD * d[i];
            sumCPhi[i] += scaledC * _batchPhi;
            sumDPhi[i] += scaledD * _batchPhi;
            c[i] = 0;
            d[i] = 0;
        }
    }

    private void CheckRange(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)start + count, Moments.Tokens, nameof(start));
    }
}
