using Curie.Tests;

namespace Curie.Networks.Tests;

/// <summary>Small models as their own libraries saved them (Fixtures/models).</summary>
internal static class ModelFixtures
{
    private const string Root = "tests/Curie.Networks.Tests/Fixtures";

    /// <summary>The names of all.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateDirectories(RepositoryFiles.Of($"{Root}/models")).Select(folder => Path.GetFileName(folder)).Order();

    /// <summary>The names of those whose files lack tensors that their configuration promises.</summary>
    public static IReadOnlyList<string> Incomplete { get; } = ["nanogpt", "nanogpt-legacy-pickle"];

    /// <summary>The names of all others.</summary>
    public static IEnumerable<string> Complete => Names.Except(Incomplete);

    /// <summary>The folder of a model.</summary>
    public static string Folder(string name) => RepositoryFiles.Of($"{Root}/models/{name}");

    /// <summary>A file beside the models.</summary>
    public static string File(string name) => RepositoryFiles.Of($"{Root}/{name}");
}
