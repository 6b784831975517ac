namespace Curie.Response.Runs;

/// <summary>What became of a chain.</summary>
public enum ChainStatus
{
    /// <summary>It has draws left to take.</summary>
    Unfinished,

    /// <summary>It took all its draws and the estimates use them.</summary>
    Healthy,

    /// <summary>It was stopped; the estimates use none of its draws.</summary>
    Excluded,
}

/// <summary>The health of one chain.</summary>
/// <param name="Chain">The chain, from 0.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Draw">The draw at which it was stopped, from 0; null unless excluded.</param>
/// <param name="Reason">Why it was stopped, in words; null unless excluded.</param>
public sealed record ChainHealth(int Chain, ChainStatus Status, int? Draw = null, string? Reason = null);
