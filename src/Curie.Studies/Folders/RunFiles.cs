using Curie.Response.Estimators;
using Curie.Response.Maps;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Studies.Folders;

/// <summary>The files that a run folder may come to hold: those of the run, and those that its analyses add.</summary>
public static class RunFiles
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "manifest.json",
        RunFolder.ArrayFileName,
        RunFolder.BatchFileName,
        .. ResponsePart.All.Select(part => ReproducibilityFile.Name(part.Name)),
        AnalysisRecord.FileName,
        TokenMap.FileName,
        RunRoles.FileName,
        RunAttention.FileName,
        HeadScoresRecord.FileName,
        HeadMeasures.ArrayFileName,
    ];
}
