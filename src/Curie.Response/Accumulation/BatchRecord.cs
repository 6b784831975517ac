namespace Curie.Response.Accumulation;

/// <summary>
/// The batch means of one pair of chains for some tokens: C, the contribution to the covariance, and D of e_i, as in
/// <see cref="TokenMoments"/>. From them and the
/// batch means of φ every part can be estimated again from any choice of batches. Memory: 16 bytes per token and batch.
/// </summary>
public sealed unsafe class BatchRecord
{
    private readonly int[] _tokens;
    private readonly double[] _covariances;
    private readonly double[] _shifts;

    /// <summary>An empty record.</summary>
    /// <param name="tokens">The tokens, rising.</param>
    /// <param name="batches">The batches of a pair.</param>
    public BatchRecord(IReadOnlyList<int> tokens, int batches)
    {
        _tokens = [.. tokens];
        Batches = batches;
        _covariances = new double[checked(_tokens.Length * batches)];
        _shifts = new double[_covariances.Length];
    }

    /// <summary>The tokens, rising.</summary>
    public ReadOnlySpan<int> Tokens => _tokens;

    /// <summary>The batches of a pair.</summary>
    public int Batches { get; }

    /// <summary>C of every token in one batch, nats².</summary>
    public ReadOnlySpan<double> Covariances(int batch) => _covariances.AsSpan(batch * _tokens.Length, _tokens.Length);

    /// <summary>D of every token in one batch, nats.</summary>
    public ReadOnlySpan<double> Shifts(int batch) => _shifts.AsSpan(batch * _tokens.Length, _tokens.Length);

    /// <summary>The bytes a record holds.</summary>
    public static long BytesFor(int tokens, int batches) => 2L * tokens * batches * sizeof(double);

    /// <summary>
    /// Takes a finished batch of tokens start … start + count − 1 from its sums over draws. Disjoint ranges may come from several threads.
    /// </summary>
    internal void Take(int batch, int start, int count, double* sumCovariance, double* sumShift, double weight)
    {
        int place = Array.BinarySearch(_tokens, start);
        for (int j = place < 0 ? ~place : place; j < _tokens.Length && _tokens[j] < start + count; j++)
        {
            int i = _tokens[j] - start;
            _covariances[(batch * _tokens.Length) + j] = sumCovariance[i] * weight;
            _shifts[(batch * _tokens.Length) + j] = sumShift[i] * weight;
        }
    }

    internal void Save(Stream stream)
    {
        StateStream.WriteCounts(stream, [_tokens.Length, Batches]);
        StateStream.WriteValues(stream, _covariances);
        StateStream.WriteValues(stream, _shifts);
    }

    internal void Restore(Stream stream)
    {
        Span<long> counts = stackalloc long[2];
        StateStream.Read(stream, counts);
        StateStream.Expect("tokens with batch means", _tokens.Length, counts[0]);
        StateStream.Expect("batches per pair", Batches, counts[1]);
        StateStream.Read<double>(stream, _covariances);
        StateStream.Read<double>(stream, _shifts);
    }
}
