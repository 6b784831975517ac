using Curie.Numerics.Random;

namespace Curie.Text.Packing;

/// <summary>Encoded documents in a random order, each held in as few bytes as the vocabulary needs.</summary>
internal static class ShuffledDocuments
{
    /// <summary>Reads all documents, then gives each once, in the order of the seed.</summary>
    /// <param name="documents">Their tokens; an item may be replaced when the next is asked for.</param>
    /// <param name="vocabularySize">Above every id.</param>
    /// <param name="seed">The seed of the order.</param>
    /// <returns>What an item holds is replaced when the next is asked for.</returns>
    public static IEnumerable<ReadOnlyMemory<int>> Read(IEnumerable<ReadOnlyMemory<int>> documents, int vocabularySize, long seed) =>
        vocabularySize <= TokenRows.NarrowVocabulary
            ? Read(documents, seed, ids => Array.ConvertAll(ids, id => (ushort)id), id => id)
            : Read(documents, seed, ids => ids, id => id);

    private static IEnumerable<ReadOnlyMemory<int>> Read<T>(
        IEnumerable<ReadOnlyMemory<int>> documents,
        long seed,
        Func<int[], T[]> store,
        Func<T, int> load
    )
    {
        List<T[]> kept = [.. documents.Select(document => store(document.ToArray()))];
        int[] order = [.. Enumerable.Range(0, kept.Count)];
        new PhiloxStream(PhiloxKey.Derive(seed, RandomPurpose.DocumentOrder)).Shuffle<int>(order);
        int[] tokens = [];
        foreach (int document in order)
        {
            T[] ids = kept[document];
            if (tokens.Length < ids.Length)
            {
                tokens = new int[ids.Length];
            }

            for (int i = 0; i < ids.Length; i++)
            {
                tokens[i] = load(ids[i]);
            }

            // Of a document that stands in the rows nothing is held any more.
            kept[document] = [];
            yield return tokens.AsMemory(0, ids.Length);
        }
    }
}
