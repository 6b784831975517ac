namespace Curie.Response.Accumulation;

/// <summary>
/// The batch means of one chain for some tokens: A of φ·e_i and D of e_i, with φ and e_i as in <see cref="TokenMoments"/>. From them and the
/// batch means of φ every part can be estimated again from any choice of batches. Memory: 16 bytes per token and batch.
/// </summary>
public sealed unsafe class BatchRecord
{
    private readonly int[] _tokens;
    private readonly double[] _products;
    private readonly double[] _shifts;

    /// <summary>An empty record.</summary>
    /// <param name="tokens">The tokens, rising.</param>
    /// <param name="batches">The batches of a chain.</param>
    public BatchRecord(IReadOnlyList<int> tokens, int batches)
    {
        _tokens = [.. tokens];
        Batches = batches;
        _products = new double[checked(_tokens.Length * batches)];
        _shifts = new double[_products.Length];
    }

    /// <summary>The tokens, rising.</summary>
    public ReadOnlySpan<int> Tokens => _tokens;

    /// <summary>The batches of a chain.</summary>
    public int Batches { get; }

    /// <summary>A of every token in one batch, nats².</summary>
    public ReadOnlySpan<double> Products(int batch) => _products.AsSpan(batch * _tokens.Length, _tokens.Length);

    /// <summary>D of every token in one batch, nats.</summary>
    public ReadOnlySpan<double> Shifts(int batch) => _shifts.AsSpan(batch * _tokens.Length, _tokens.Length);

    /// <summary>The bytes a record holds.</summary>
    public static long BytesFor(int tokens, int batches) => 2L * tokens * batches * sizeof(double);

    /// <summary>Takes a finished batch of tokens start … start + count − 1 from its sums over draws. Disjoint ranges may come from several threads.</summary>
    internal void Take(int batch, int start, int count, double* sumProduct, double* sumShift, double weight)
    {
        int place = Array.BinarySearch(_tokens, start);
        for (int j = place < 0 ? ~place : place; j < _tokens.Length && _tokens[j] < start + count; j++)
        {
            int i = _tokens[j] - start;
            _products[(batch * _tokens.Length) + j] = sumProduct[i] * weight;
            _shifts[(batch * _tokens.Length) + j] = sumShift[i] * weight;
        }
    }

    internal void Save(Stream stream)
    {
        StateStream.WriteCounts(stream, [_tokens.Length, Batches]);
        StateStream.WriteValues(stream, _products);
        StateStream.WriteValues(stream, _shifts);
    }

    internal void Restore(Stream stream)
    {
        Span<long> counts = stackalloc long[2];
        StateStream.Read(stream, counts);
        StateStream.Expect("tokens with batch means", _tokens.Length, counts[0]);
        StateStream.Expect("batches per chain", Batches, counts[1]);
        StateStream.Read<double>(stream, _products);
        StateStream.Read<double>(stream, _shifts);
    }
}
