using Curie.Numerics.Memory;

namespace Curie.Response.Accumulation;

/// <summary>
/// The sums over draws and over batches of draws from which every part of a susceptibility and its standard error follow, for all
/// tokens of one component. For draw s let φ(s) = P(s) − L0 and e_i(s) = ℓ_i(s) − ℓ_i(w*) − φ(s), which is ℓ_i − P less its value at
/// w*. For batch b of m_b draws let A, D and Φ be the batch means of φ·e_i, e_i and φ. Kept are the sums over batches, weighted by m_b, of
/// A, D, A², A·D, D², A·Φ, D·Φ per token and of Φ, Φ² once.
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

    /// <summary>Empty sums for <paramref name="tokens"/> tokens.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tokens"/> is negative.</exception>
    public TokenMoments(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        Tokens = tokens;
        _sums = new AlignedBuffer<double>((long)Columns * tokens);
    }

    /// <summary>The number of tokens.</summary>
    public int Tokens { get; }

    /// <summary>The number of draws in whole batches, all chains together.</summary>
    public long Draws { get; private set; }

    /// <summary>The number of whole batches, all chains together.</summary>
    public long Batches { get; private set; }

    /// <summary>Σ_b m_b·Φ_b, the sum of φ over draws.</summary>
    public double SumPhi { get; private set; }

    /// <summary>Σ_b m_b·Φ_b².</summary>
    public double SumPhiPhi { get; private set; }

    /// <summary>Σ_b m_b·A_b, one per token.</summary>
    public ReadOnlySpan<double> SumA => Column(0);

    /// <summary>Σ_b m_b·D_b, one per token.</summary>
    public ReadOnlySpan<double> SumD => Column(1);

    /// <summary>Σ_b m_b·A_b², one per token.</summary>
    public ReadOnlySpan<double> SumAA => Column(2);

    /// <summary>Σ_b m_b·A_b·D_b, one per token.</summary>
    public ReadOnlySpan<double> SumAD => Column(3);

    /// <summary>Σ_b m_b·D_b², one per token.</summary>
    public ReadOnlySpan<double> SumDD => Column(4);

    /// <summary>Σ_b m_b·A_b·Φ_b, one per token.</summary>
    public ReadOnlySpan<double> SumAPhi => Column(5);

    /// <summary>Σ_b m_b·D_b·Φ_b, one per token.</summary>
    public ReadOnlySpan<double> SumDPhi => Column(6);

    /// <summary>Adds another chain's sums. Merging chains in a fixed order gives bit-identical sums.</summary>
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
