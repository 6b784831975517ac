namespace Curie.Networks.Tests;

/// <summary>The committed float64 reference data (tests/reference), found from the test binary upwards.</summary>
internal static class ReferenceData
{
    public static string Root { get; } = Find();

    public static string Transformer(string name) => Path.Combine(Root, "transformer", name);

    public static string Training(string name) => Path.Combine(Root, "training", name);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "tests", "reference", "data");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException("tests/reference/data was not found above the test binary.");
    }
}
