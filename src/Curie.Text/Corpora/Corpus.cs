using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Curie.Numerics;
using Curie.Numerics.Files;
using Entry = Curie.Text.Corpora.DocumentSample.Entry;

namespace Curie.Text.Corpora;

/// <summary>The documents of a corpus that was read and is not written yet.</summary>
public sealed class Corpus
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly CorpusMix _mix;
    private readonly IReadOnlyList<(string Name, List<Entry> Train, List<Entry> HeldOut)> _sources;

    internal Corpus(CorpusMix mix, IReadOnlyList<(string Name, List<Entry> Train, List<Entry> HeldOut)> sources)
    {
        _mix = mix;
        _sources = sources;
    }

    /// <summary>Writes it into a folder, which is made if need be; every file appears whole or not at all.</summary>
    /// <param name="folder">Where the files go.</param>
    /// <returns>The files, source by source, the combined ones last. A file that would be empty is not written.</returns>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public IReadOnlyList<CorpusFile> Write(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        CreateFolder(folder);
        List<CorpusFile> files = [];
        foreach ((string name, List<Entry> train, List<Entry> heldOut) in _sources)
        {
            Write(folder, name, heldOut: false, train, files);
            Write(folder, name, heldOut: true, heldOut, files);
        }

        Write(folder, null, heldOut: false, [.. _sources.SelectMany(source => source.Train).OrderBy(entry => entry.Hash.Order)], files);
        Write(folder, null, heldOut: true, [.. _sources.SelectMany(source => source.HeldOut).OrderBy(entry => entry.Hash.Order)], files);
        return files;
    }

    private void Write(string folder, string? source, bool heldOut, List<Entry> documents, List<CorpusFile> files)
    {
        if (documents.Count == 0)
        {
            return;
        }

        string prefix = source is null ? "" : $"{source}.";
        string path = Path.Combine(folder, $"{prefix}{(heldOut ? "heldout" : "train")}.jsonl{(_mix.Compress ? ".gz" : "")}");
        AtomicFile.Write(path, file =>
        {
            if (!_mix.Compress)
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
