using Curie.Tests;

namespace Curie.Cli.Tests.Commands;

/// <summary>A copy of a reference experiment that a test may change.</summary>
internal sealed class ExperimentFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ExperimentFolder(string name)
    {
        Source = ReferenceFiles.Susceptibility(name);
        foreach (string file in Directory.GetFiles(Source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_folder.Path, Path.GetRelativePath(Source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public string Source { get; }

    public string Config => _folder.File("experiment.yaml");

    public string PathOf(string name) => _folder.File(name);

    /// <summary>Replaces settings such as <c>draws: 12</c>, each of which must be there.</summary>
    public ExperimentFolder With(params (string From, string To)[] changes)
    {
        string text = File.ReadAllText(Config);
        foreach ((string from, string to) in changes)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        File.WriteAllText(Config, text);
        return this;
    }

    public void Dispose() => _folder.Dispose();
}
