using System.Globalization;
using System.Text.RegularExpressions;

namespace Curie.Cluster.Kubernetes;

/// <summary>Names as Kubernetes takes them: lower-case letters, digits and hyphens, at most 63 of them.</summary>
internal static partial class KubernetesName
{
    private const int Longest = 63;

    /// <summary>The name of a study's job. The pods' names are made of it and the index, and must fit too.</summary>
    public static string Of(string name, int shards)
    {
        string plain = Others().Replace(name.ToLowerInvariant(), "-").Trim('-');
        int room = Longest - "-merge".Length - shards.ToString(CultureInfo.InvariantCulture).Length - 1;
        string cut = (plain.Length <= room ? plain : plain[..room]).TrimEnd('-');
        return cut.Length > 0 ? cut : "curie";
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    public static partial Regex Label();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Others();
}
