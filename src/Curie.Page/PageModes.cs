using Curie.Page.Data;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Page;

/// <summary>
/// The modes of a run as a page shows them, with what an earlier <c>curie structure</c> kept about how well they are known.
/// </summary>
internal static class PageModes
{
    /// <summary>The most modes of a group.</summary>
    public const int MostModes = 8;

    /// <summary>The modes of every part that the run holds, group by group.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<ModeGroupData>> Of(SusceptibilityRun run) =>
        run.Manifest.HeldParts.ToDictionary(
            part => part.Name,
            part => (IReadOnlyList<ModeGroupData>)[.. GroupModes.Of(run, part).Select(Group)]
        );

    /// <summary>
    /// What the run folder keeps of <see cref="ReproducibilityFile"/> by part; notes say which file is of no use, and why.
    /// </summary>
    public static IReadOnlyDictionary<string, ReproducibilityRecord> Reproducibility(
        string folder,
        IReadOnlyDictionary<string, IReadOnlyList<ModeGroupData>> modes,
        List<string> notes
    )
    {
        Dictionary<string, ReproducibilityRecord> found = [];
        foreach ((string part, IReadOnlyList<ModeGroupData> groups) in modes)
        {
            if (!File.Exists(Path.Combine(folder, ReproducibilityFile.Name(part))))
            {
                continue;
            }

            if (PageJson.Stored(() => ReproducibilityFile.Read(folder, part)) is { } stored && Belongs(stored, groups))
            {
                found[part] = stored;
            }
            else
            {
                notes.Add(
                    $"{ReproducibilityFile.Name(part)} is damaged or does not belong to these estimates and is not shown; curie "
                        + "structure writes it anew."
                );
            }
        }

        if (found.Count == 0)
        {
            notes.Add(
                "Modes stand without intervals and without a null, because the run folder keeps none; curie structure computes and keeps "
                    + "them."
            );
        }

        return found;
    }

    private static ModeGroupData Group(GroupModes group) =>
        new(
            group.Name,
            RunWords.Title(group.Name),
            group.Excluded,
            group.Reason,
            group.Modes?.Components ?? [],
            group.Modes is { } found ? found.Means.ToArray() : [],
            group.Modes is { } modes ? modes.ExplainedVariance.ToArray() : [],
            [.. Enumerable.Range(0, Math.Min(MostModes, group.Modes?.Count ?? 0)).Select(mode => group.Modes!.Loadings(mode).ToArray())]
        );

    /// <summary>Whether a file is of these modes.</summary>
    public static bool Belongs(ReproducibilityRecord stored, IReadOnlyList<GroupModes> groups) =>
        Belongs(stored, [.. groups.Select(Group)]);

    private static bool Belongs(ReproducibilityRecord stored, IReadOnlyList<ModeGroupData> groups) =>
        stored.Groups.Count == groups.Count && stored.Groups.Zip(groups).All(pair => IsSame(pair.First, pair.Second));

    private static bool IsSame(GroupReproducibility known, ModeGroupData group) =>
        known.Group == group.Name
        && known.Modes.Count <= group.Explained.Count
        && known
            .Modes.Zip(group.Explained)
            .All(pair => PageJson.IsSame(pair.First.ExplainedVariance.Measured ?? pair.First.ExplainedVariance.Value, pair.Second));
}
