using System.Text;

namespace Curie.Text.Corpora;

/// <summary>
/// Keeps a random part of a stream of documents within a limit of bytes: of the documents that are no longer than the limit, the longest
/// beginning of their
/// order by hash that fits it. It holds hardly more than the limit in memory, and what it keeps depends on the set of documents, not on
/// their order.
/// </summary>
internal sealed class DocumentSample
{
    private readonly long _seed;
    private readonly long _limit;
    private readonly PriorityQueue<Entry, (ulong, long)> _kept = new(Comparer<(ulong, long)>.Create((a, b) => b.CompareTo(a)));
    private (ulong Order, long Index)? _firstLeftOut;
    private long _bytes;
    private long _read;

    public DocumentSample(long seed, long? limit)
    {
        _seed = seed;
        _limit = limit ?? long.MaxValue;
    }

    /// <summary>A document with its hash; the index among those read breaks the ties of equal texts.</summary>
    public readonly record struct Entry(Document Document, DocumentHash Hash, long Index, int Bytes);

    public void Add(Document document)
    {
        Entry entry = new(document, DocumentHash.Of(_seed, document.Text), _read++, Encoding.UTF8.GetByteCount(document.Text));
        (ulong, long) place = (entry.Hash.Order, entry.Index);
        if (entry.Bytes > _limit || (_firstLeftOut is { } bound && place.CompareTo(bound) > 0))
        {
            return;
        }

        _kept.Enqueue(entry, place);
        _bytes += entry.Bytes;
        while (_bytes > _limit)
        {
            Entry last = _kept.Dequeue();
            _firstLeftOut = (last.Hash.Order, last.Index);
            _bytes -= last.Bytes;
        }
    }

    /// <summary>The kept documents in the order by hash.</summary>
    public List<Entry> Ordered() =>
        [.. _kept.UnorderedItems.Select(item => item.Element).OrderBy(entry => entry.Hash.Order).ThenBy(entry => entry.Index)];
}
