using System.Text;
using Curie.Cli.Invocation;
using Curie.Numerics;
using Curie.Studies.Progress;
using Curie.Text;
using Curie.Text.Sources;

namespace Curie.Cli.Commands;

/// <summary>Text that the user named: JSON Lines files, text files, folders of them, or <c>-</c> for what is piped in.</summary>
internal static class TextInputs
{
    /// <summary>How help describes them.</summary>
    public const string Description = "a .jsonl or .jsonl.gz file, a text file, a folder of text files, or - for standard input";

    /// <summary>The source of a name.</summary>
    /// <exception cref="InputException">There is no such file or folder.</exception>
    public static ICorpusSource Open(string path, Session session)
    {
        if (path == "-")
        {
            return new StandardInputSource(session.Terminal.Input());
        }

        return CorpusSource.Open(path);
    }

    /// <summary>All documents of several inputs in the order given, counted as they are read, until Ctrl-C is pressed.</summary>
    public static IEnumerable<Document> Read(IEnumerable<ICorpusSource> sources, WorkCounter progress, CancellationToken cancellation)
    {
        foreach (ICorpusSource source in sources)
        {
            foreach (Document document in source.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                progress.Advance(Encoding.UTF8.GetByteCount(document.Text));
                yield return document;
            }
        }
    }

    /// <summary>The size of the text, for an estimate of the time left; 0 where a file is compressed or piped in.</summary>
    public static long EstimateBytes(IReadOnlyList<string> paths) =>
        paths.All(path => File.Exists(path) && !path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            ? paths.Sum(path => new FileInfo(path).Length)
            : 0;
}
