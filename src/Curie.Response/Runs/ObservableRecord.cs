using Curie.Numerics;

namespace Curie.Response.Runs;

/// <summary>The observable of a run where it is not P: the mean loss of some followed tokens.</summary>
/// <param name="Probe">The probe whose tokens they are.</param>
/// <param name="Pattern">What they have in common, such as a pattern's name; null for all followed tokens of the probe.</param>
/// <param name="Tokens">How many they are.</param>
public sealed record ObservableRecord(string Probe, string? Pattern, int Tokens)
{
    /// <summary>In words: "the 214 tokens of code that are repeated".</summary>
    public override string ToString() =>
        Pattern is null
            ? $"the {Counted.Of(Tokens, "token")} of {Probe}"
            : $"the {Counted.Of(Tokens, "token")} of {Probe} that are {Pattern}";
}
