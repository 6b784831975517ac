using Curie.Development.Roles;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Studies.Conclusions;

/// <summary>What is known beside a run when a <see cref="HeadCard"/> is made.</summary>
public sealed record HeadCardSources
{
    /// <summary>What heads attend to; null where that is not known.</summary>
    public AttentionRoles? Roles { get; init; }

    /// <summary>Why it is not known, in a sentence; null for the usual reasons.</summary>
    public string? NoScores { get; init; }

    /// <summary>Ablations and correlations; null where they were not measured.</summary>
    public HeadScoresRecord? Measures { get; init; }

    /// <summary>Other runs on the same tokens, by folder, in which counterparts are sought.</summary>
    public IReadOnlyList<(string Folder, SusceptibilityRun Run)> Others { get; init; } = [];

    /// <summary>How many tokens on each side. Default 5.</summary>
    public int Tokens { get; init; } = 5;
}
