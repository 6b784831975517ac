using Curie.Studies.Configuration.Yaml;

namespace Curie.Studies.Configuration;

/// <summary>The key of an experiment.yaml that bounds what is kept of the heads' attention; it changes nothing in the run.</summary>
internal static class AttentionKey
{
    public const string Name = "attention_megabytes";
    public const double DefaultMegabytes = 16;

    // Weights stand in one array, whose places are 32-bit numbers.
    public const double MostMegabytes = 2000;

    public static double Read(YamlSection section) =>
        section.Number(
            Name,
            DefaultMegabytes,
            value => value is >= 0 and <= MostMegabytes,
            FormattableString.Invariant($"from 0 to {MostMegabytes}")
        );

    public static long Bytes(double megabytes) => (long)(megabytes * 1e6);
}
