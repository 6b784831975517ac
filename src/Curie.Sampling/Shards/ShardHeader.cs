namespace Curie.Sampling.Shards;

/// <summary>What the file of a finished shard says of itself.</summary>
/// <param name="Study">The kind of study, such as <c>susceptibility</c>.</param>
/// <param name="Fingerprint">Identifies configuration, model, data and cut.</param>
/// <param name="Index">Which shard it is, from 0.</param>
/// <param name="Count">The number of shards.</param>
/// <param name="Versions">What computed it: Curie's version, .NET's and the vector width, which decide the bits.</param>
public sealed record ShardHeader(string Study, string Fingerprint, int Index, int Count, IReadOnlyDictionary<string, string> Versions)
{
    /// <summary>SHA-256 of every entry, by its name.</summary>
    public IReadOnlyDictionary<string, string> Entries { get; init; } = new Dictionary<string, string>();
}
