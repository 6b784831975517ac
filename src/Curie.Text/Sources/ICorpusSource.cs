namespace Curie.Text.Sources;

/// <summary>A named set of documents that can be read again and again, always in the same order.</summary>
public interface ICorpusSource
{
    /// <summary>The set's name; it names files, so it has no path separators.</summary>
    string Name { get; }

    /// <summary>The documents, made or read one at a time as they are asked for.</summary>
    /// <exception cref="Numerics.InputException">A file is missing or malformed; thrown while enumerating.</exception>
    IEnumerable<Document> Read();
}
