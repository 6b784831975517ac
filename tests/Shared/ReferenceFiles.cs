namespace Curie.Tests;

/// <summary>The committed reference data (tests/reference/data), found from the test binary upwards.</summary>
internal static class ReferenceFiles
{
    /// <summary>The folder of a susceptibility case: a model, token rows, experiment.yaml and expected.npz, in float64.</summary>
    public static string Susceptibility(string name) => Find("susceptibility", name);

    /// <summary>A run folder as an earlier version wrote it.</summary>
    public static string Run(string name) => Find("runs", name);

    private static string Find(string kind, string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "tests", "reference", "data", kind, name);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException($"tests/reference/data/{kind}/{name} was not found above the test binary.");
    }
}
