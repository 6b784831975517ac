using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Curie.Numerics;
using Curie.Numerics.Files;
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
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Builds the corpus in a folder, which is made if need be; every file appears whole or not at all.</summary>
    /// <param name="mix">The sources.</param>
    /// <param name="folder">Where the files go.</param>
    /// <returns>The files, source by source, the combined ones last. A file that would be empty is not written.</returns>
    /// <exception cref="InputException">The mix is not valid, a source cannot be read or has no text within its limit, or a file cannot be
    /// written.</exception>
    public static IReadOnlyList<CorpusFile> Build(CorpusMix mix, string folder)
    {
        ArgumentNullException.ThrowIfNull(mix);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        mix.Validate();
        List<Entry> train = [];
        List<Entry> heldOut = [];
        List<(string Name, List<Entry> Train, List<Entry> HeldOut)> sources = [];
        foreach (CorpusPart part in mix.Parts)
        {
            (List<Entry> partTrain, List<Entry> partHeldOut) = Split(Sample(part, mix.Seed), mix.HeldOut);
            sources.Add((part.Source.Name, partTrain, partHeldOut));
            train.AddRange(partTrain);
            heldOut.AddRange(partHeldOut);
        }

        CreateFolder(folder);
        List<CorpusFile> files = [];
        foreach ((string name, List<Entry> sourceTrain, List<Entry> sourceHeldOut) in sources)
        {
            Write(mix, folder, name, heldOut: false, sourceTrain, files);
            Write(mix, folder, name, heldOut: true, sourceHeldOut, files);
        }

        Write(mix, folder, null, heldOut: false, [.. train.OrderBy(entry => entry.Hash.Order)], files);
        Write(mix, folder, null, heldOut: true, [.. heldOut.OrderBy(entry => entry.Hash.Order)], files);
        return files;
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

    private static void Write(CorpusMix mix, string folder, string? source, bool heldOut, List<Entry> documents, List<CorpusFile> files)
    {
        if (documents.Count == 0)
        {
            return;
        }

        string prefix = source is null ? "" : $"{source}.";
        string path = Path.Combine(folder, $"{prefix}{(heldOut ? "heldout" : "train")}.jsonl{(mix.Compress ? ".gz" : "")}");
        AtomicFile.Write(path, file =>
        {
            if (!mix.Compress)
            {
                WriteLines(file, documents);
                return;
            }

            using GZipStream stream = new(file, CompressionLevel.Optimal, leaveOpen: true);
            WriteLines(stream, documents);
        });
        files.Add(new CorpusFile(path, source, heldOut, documents.Count, documents.Sum(entry => (long)entry.Bytes)));
    }

    private static void WriteLines(Stream stream, List<Entry> documents)
    {
        using Utf8JsonWriter json = new(stream, Json);
        foreach (Entry entry in documents)
        {
            json.Reset();
            json.WriteStartObject();
            json.WriteString("text", entry.Document.Text);
            json.WriteStartObject("meta");
            json.WriteString("pile_set_name", entry.Document.Source);
            json.WriteEndObject();
            json.WriteEndObject();
            json.Flush();
            stream.WriteByte((byte)'\n');
        }
    }

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot make the folder {folder}: {error.Message} Choose another.", error);
        }
    }
}
