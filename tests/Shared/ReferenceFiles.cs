namespace Curie.Tests;

/// <summary>The committed float64 reference data (tests/reference/data), found from the test binary upwards.</summary>
internal static class ReferenceFiles
{
    /// <summary>The folder of a susceptibility case: a model, token rows, experiment.yaml and expected.npz.</summary>
    public static string Susceptibility(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "tests", "reference", "data", "susceptibility", name);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException($"tests/reference/data/susceptibility/{name} was not found above the test binary.");
    }
}
