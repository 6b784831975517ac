using Curie.Numerics;
using Entry = Curie.Text.Corpora.DocumentSample.Entry;

namespace Curie.Text.Corpora;

/// <summary>
/// Builds a corpus: of every source a seeded sample within its limit, split by document into training and held-out text, written as JSON
/// Lines in the
/// Pile's schema. <c>NAME.train.jsonl</c> and <c>NAME.heldout.jsonl</c> hold one source each, <c>train.jsonl</c> and <c>heldout.jsonl</c>
/// all of them
/// mixed; documents stand in the order of a seeded hash of their text. What is kept is held in memory, so a source larger than memory needs
/// a limit.
/// </summary>
public static class CorpusBuilder
{
    /// <summary>Builds the corpus in a folder, which is made if need be; every file appears whole or not at all.</summary>
    /// <param name="mix">The sources.</param>
    /// <param name="folder">Where the files go.</param>
    /// <returns>The files, source by source, the combined ones last. A file that would be empty is not written.</returns>
    /// <exception cref="InputException">The mix is not valid, a source cannot be read or has no text within its limit, or a file cannot be
    /// written.</exception>
    public static IReadOnlyList<CorpusFile> Build(CorpusMix mix, string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return Read(mix).Write(folder);
    }

    /// <summary>Reads the sources and chooses documents; nothing is written yet.</summary>
    /// <param name="mix">The sources.</param>
    /// <exception cref="InputException">The mix is not valid, or a source cannot be read or has no text within its limit.</exception>
    public static Corpus Read(CorpusMix mix)
    {
        ArgumentNullException.ThrowIfNull(mix);
        mix.Validate();
        return new Corpus(
            mix,
            [
                .. mix.Parts.Select(part =>
                {
                    (List<Entry> train, List<Entry> heldOut) = Split(Sample(part, mix.Seed), mix.HeldOut);
                    return (part.Source.Name, train, heldOut);
                }),
            ]
        );
    }

    private static List<Entry> Sample(CorpusPart part, long seed)
    {
        DocumentSample sample = new(seed, part.MaxBytes);
        long read = 0;
        foreach (Document document in part.Source.Read().Where(document => document.Text.Length > 0))
        {
            sample.Add(document);
            read++;
        }

        List<Entry> kept = sample.Ordered();
        return kept.Count > 0 ? kept
            : read == 0 ? throw new InputException($"the source {part.Source.Name} has no text; leave it out or give it some.")
            : throw new InputException($"no document of {part.Source.Name} fits its limit of {part.MaxBytes} bytes; raise the limit.");
    }

    /// <summary>
    /// Holds out the documents whose split number is small; of several different texts, at least one stands on each side.
    /// </summary>
    private static (List<Entry> Train, List<Entry> HeldOut) Split(List<Entry> documents, double share)
    {
        ulong least = documents.Min(entry => entry.Hash.Split);
        ulong most = documents.Max(entry => entry.Hash.Split);
        bool IsHeldOut(Entry entry) =>
            share > 0 && least != most && entry.Hash.Split != most && (entry.Hash.SplitFraction < share || entry.Hash.Split == least);
        return ([.. documents.Where(entry => !IsHeldOut(entry))], [.. documents.Where(IsHeldOut)]);
    }
}
