namespace Curie.Tests;

/// <summary>Files of the repository, found from the test binary upwards.</summary>
internal static class RepositoryFiles
{
    /// <summary>The full path of a file or folder, by its path in the repository.</summary>
    public static string Of(string relative)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Curie.slnx")))
        {
            folder = folder.Parent;
        }

        return folder is not null
            ? Path.Combine(folder.FullName, relative)
            : throw new DirectoryNotFoundException("Curie.slnx was not found above the test binary.");
    }
}
