using Curie.Numerics.Memory;
using Curie.Sampling;

namespace Curie.Response.Accumulation;

/// <summary>
/// The sums over draws and over batches of draws from which every part of a susceptibility and its standard error follow, for all
/// tokens of one component. A draw is of a pair of antithetic chains, averaged, or of a single chain. Let φ be its excess loss P − L0, e_i
/// its change
/// ℓ_i − ℓ_i(w*) − (P − L0), which is ℓ_i − P less its value at w*, and c_i its contribution to the covariance: the response of e_i to a
/// perturbation by φ
/// (<see cref="EvaluationWeight.OfChain"/>), or the product −φ·e_i. For batch b of m_b draws let C, D and Φ be the batch means of c_i, e_i
/// and φ. Kept are the
/// sums over batches, weighted by m_b, of C, D, C², C·D, D², C·Φ, D·Φ per token and of Φ, Φ² once.
/// </summary>
/// <remarks>
/// Subtracting the value at w* keeps the sums small and leaves χ and its two terms as they are: a constant added to ℓ_i drops
/// out of the covariance and of F_i − R_i.
/// Memory: 7 float64 per token.
/// </remarks>
public sealed unsafe class TokenMoments : IDisposable
{
    internal const int Columns = 7;

    /// <summary>The bytes that the sums of <paramref name="tokens"/> tokens take.</summary>
    public static long BytesFor(int tokens) => (long)Columns * tokens * sizeof(double);

    private readonly AlignedBuffer<double> _sums;

    /// <summary>Empty sums.</summary>
    /// <param name="tokens">The number of tokens.</param>
    /// <param name="estimator">How the contributions to the covariance are to be read.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tokens"/> is negative.</exception>
    public TokenMoments(int tokens, CovarianceEstimator estimator = CovarianceEstimator.Product)
    {
        Estimator = estimator;
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        Tokens = tokens;
        _sums = new AlignedBuffer<double>((long)Columns * tokens);
    }

    /// <summary>How <see cref="SumC"/> is to be read.</summary>
    public CovarianceEstimator Estimator { get; }

    /// <summary>The number of tokens.</summary>
    public int Tokens { get; }

    /// <summary>The number of draws in whole batches, all pairs together.</summary>
    public long Draws { get; private set; }

    /// <summary>The number of whole batches, all pairs together.</summary>
    public long Batches { get; private set; }

    /// <summary>Σ_b m_b·Φ_b, the sum of φ over draws.</summary>
    public double SumPhi { get; private set; }

    /// <summary>Σ_b m_b·Φ_b².</summary>
    public double SumPhiPhi { get; private set; }

    /// <summary>Σ_b m_b·C_b, one per token.</summary>
    public ReadOnlySpan<double> SumC => Column(0);

    /// <summary>Σ_b m_b·D_b, one per token.</summary>
    public ReadOnlySpan<double> SumD => Column(1);

    /// <summary>Σ_b m_b·C_b², one per token.</summary>
    public ReadOnlySpan<double> SumCC => Column(2);

    /// <summary>Σ_b m_b·C_b·D_b, one per token.</summary>
    public ReadOnlySpan<double> SumCD => Column(3);

    /// <summary>Σ_b m_b·D_b², one per token.</summary>
    public ReadOnlySpan<double> SumDD => Column(4);

    /// <summary>Σ_b m_b·C_b·Φ_b, one per token.</summary>
    public ReadOnlySpan<double> SumCPhi => Column(5);

    /// <summary>Σ_b m_b·D_b·Φ_b, one per token.</summary>
    public ReadOnlySpan<double> SumDPhi => Column(6);

    /// <summary>Adds another pair's sums. Merging pairs in a fixed order gives bit-identical sums.</summary>
    /// <exception cref="ArgumentException">The numbers of tokens differ.</exception>
    public void Merge(TokenMoments other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Tokens != Tokens)
        {
            throw new ArgumentException($"Moments of {other.Tokens} tokens cannot be merged into moments of {Tokens}.", nameof(other));
        }

        Draws += other.Draws;
        Batches += other.Batches;
        SumPhi += other.SumPhi;
        SumPhiPhi += other.SumPhiPhi;
        double* to = _sums.Pointer;
        double* from = other._sums.Pointer;
        for (long i = 0; i < _sums.Length; i++)
        {
            to[i] += from[i];
        }
    }

    /// <summary>Writes the sums, little-endian; <see cref="Restore"/> reads them back bit for bit.</summary>
    public void Save(Stream stream)
    {
        StateStream.WriteCounts(stream, [Tokens, Draws, Batches]);
        StateStream.WriteValues(stream, [SumPhi, SumPhiPhi]);
        StateStream.WriteBuffer(stream, _sums);
    }

    /// <summary>Replaces the sums by those that <see cref="Save"/> wrote.</summary>
    /// <exception cref="Numerics.InputException">The stream ends early or holds another number of tokens.</exception>
    public void Restore(Stream stream)
    {
        Span<long> counts = stackalloc long[3];
        Span<double> phi = stackalloc double[2];
        StateStream.Read(stream, counts);
        StateStream.Expect("tokens", Tokens, counts[0]);
        StateStream.Read(stream, phi);
        StateStream.ReadBuffer(stream, _sums);
        (Draws, Batches, SumPhi, SumPhiPhi) = (counts[1], counts[2], phi[0], phi[1]);
    }

    /// <inheritdoc/>
    public void Dispose() => _sums.Dispose();

    internal double* ColumnPointer(int column) => _sums.Pointer + ((long)column * Tokens);

    internal void AddBatch(int draws, double sumPhi)
    {
        Draws += draws;
        Batches++;
        SumPhi += sumPhi;
        SumPhiPhi += sumPhi * sumPhi / draws;
    }

    private ReadOnlySpan<double> Column(int column) => new(ColumnPointer(column), Tokens);
}
