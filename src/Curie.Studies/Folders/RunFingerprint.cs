using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Curie.Numerics.Files;

namespace Curie.Studies.Folders;

/// <summary>A digest of everything that decides a run's numbers; where its files lie does not.</summary>
public static class RunFingerprint
{
    /// <summary>SHA-256 over the settings and the contents of the files; null stands for a file that the run does without.</summary>
    /// <exception cref="Numerics.InputException">A file cannot be read.</exception>
    public static string Of(JsonObject settings, IEnumerable<string?> files)
    {
        StringBuilder text = new(settings.ToJsonString());
        foreach (string? file in files)
        {
            text.Append('\n').Append(file is null ? "" : InputFile.Read(file, stream => Convert.ToHexString(SHA256.HashData(stream))));
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
