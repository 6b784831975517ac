using Curie.Numerics.Kernels;

namespace Curie.Response.Experiments;

/// <summary>The versions of what computes a run, for its manifest.</summary>
public static class RunVersions
{
    /// <summary>Curie's, .NET's and the kernels' vector width.</summary>
    public static IReadOnlyDictionary<string, string> Of(Kernels kernels)
    {
        ArgumentNullException.ThrowIfNull(kernels);
        return new Dictionary<string, string>
        {
            ["curie"] = typeof(RunVersions).Assembly.GetName().Version?.ToString(3) ?? "unknown",
            ["dotnet"] = Environment.Version.ToString(),
            ["isa"] = kernels.Width.ToString(),
        };
    }
}
