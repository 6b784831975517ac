using Curie.Numerics;

namespace Curie.Text.Sources;

/// <summary>
/// The build files (<c>.targets</c> and <c>.props</c>) of the newest installed .NET SDK: XML as people write it. Each text once, in the
/// order of
/// the files' paths, with line feeds alone at line ends.
/// </summary>
public sealed class MsbuildSource : ICorpusSource
{
    private const string Component = "MSBuild";
    private readonly string? _root;

    /// <summary>Chooses the installation.</summary>
    /// <param name="dotnetRoot">The folder that holds <c>sdk</c>; null finds it.</param>
    public MsbuildSource(string? dotnetRoot = null) => _root = dotnetRoot;

    /// <inheritdoc/>
    public string Name => "msbuild";

    /// <inheritdoc/>
    /// <exception cref="InputException">No .NET SDK is installed.</exception>
    public IEnumerable<Document> Read()
    {
        string root = _root ?? DotnetRoot.Find("sdk", Component);
        string sdks = Path.Combine(root, "sdk");
        string newest = (Directory.Exists(sdks) ? DotnetRoot.Newest(sdks) : null) ?? throw DotnetRoot.Missing("sdk", Component, root);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string file in FolderFiles.List(newest, new TextReading()))
        {
            if (
                !file.EndsWith(".targets", StringComparison.OrdinalIgnoreCase)
                && !file.EndsWith(".props", StringComparison.OrdinalIgnoreCase)
            )
            {
                continue;
            }

            string text = FolderSource.ReadText(file).Replace("\r\n", "\n", StringComparison.Ordinal);
            if (text.Length > 0 && seen.Add(text))
            {
                yield return new Document(text, Name);
            }
        }
    }
}
