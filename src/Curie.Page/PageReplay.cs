using Curie.Numerics;
using Curie.Page.Data;
using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Page;

/// <summary>The response of the same tokens at earlier checkpoints, which the page's text replays (docs/formats.md, `replay`).</summary>
internal static class PageReplay
{
    /// <summary>
    /// Reads the earlier runs one after another and adds their arrays, `replay_I_PART`, `replay_I_PART_se` and `replay_I_init_loss`.
    /// </summary>
    /// <param name="runs">All runs, the last of which the page shows in full.</param>
    /// <param name="last">What the last one holds.</param>
    /// <param name="kept">The tokens that the page holds.</param>
    /// <param name="budget">How many checkpoints, and which parts.</param>
    /// <param name="arrays">Where the arrays go.</param>
    /// <exception cref="InputException">A run is not complete or damaged, or has other tokens than the last.</exception>
    public static ReplayData Of(IReadOnlyList<CheckpointRun> runs, SusceptibilityRun last, int[] kept, PageBudget budget, PageArrays arrays)
    {
        List<CheckpointData> checkpoints = [];
        List<string> notes = [];
        foreach (int place in Spread(runs.Count - 1, budget.Checkpoints))
        {
            CheckpointRun run = runs[place];
            SusceptibilityData data = RunFolder.Read(run.Folder).Data;
            RequireSameTokens(run.Folder, data.Tokens, runs[^1].Folder, last.Data.Tokens);
            string name = $"replay_{checkpoints.Count}_";
            int components = last.Manifest.Components.Count;
            foreach (ResponsePart part in budget.Parts)
            {
                arrays.AddCompanded(name + part.Name, PageRows.Of(data.Response.Values(part), components, kept));
                arrays.AddCompanded(name + part.Name + "_se", PageRows.Of(data.Response.StandardErrors(part), components, kept));
            }

            arrays.AddCompanded(name + "init_loss", [PageRows.Pick<float>(data.Tokens.InitLoss, kept)]);
            checkpoints.Add(Describe(run));
            notes.AddRange(Excluded(run));
        }

        int dropped = runs.Count - 1 - checkpoints.Count;
        checkpoints.Add(Describe(runs[^1]));
        if (dropped > 0)
        {
            notes.Insert(0, $"{dropped} of {runs.Count} checkpoints are left out evenly so that the page stays small.");
        }

        return new ReplayData(checkpoints, [.. budget.Parts.Select(part => part.Name)], notes);
    }

    /// <summary>So many of the first places, evenly spread, the first among them.</summary>
    internal static IEnumerable<int> Spread(int places, int wanted) =>
        wanted >= places ? Enumerable.Range(0, places) : Enumerable.Range(0, wanted).Select(i => (int)((long)i * places / wanted));

    private static CheckpointData Describe(CheckpointRun run) => new(run.Step, PageJson.FolderName(run.Folder));

    private static IEnumerable<string> Excluded(CheckpointRun run) =>
        from component in run.Manifest.Health
        let excluded = component.Chains.Count(chain => chain.Status == ChainStatus.Excluded)
        where excluded > 0
        select $"{run.Name}: {excluded} of {Counted.Of(component.Chains.Count, "chain")} of {component.Component} "
            + $"{Counted.Word(excluded, "is", "are")} left out.";

    private static void RequireSameTokens(string folder, TokenTable tokens, string otherFolder, TokenTable others)
    {
        if (
            !tokens.Probe.AsSpan().SequenceEqual(others.Probe)
            || !tokens.Row.AsSpan().SequenceEqual(others.Row)
            || !tokens.Position.AsSpan().SequenceEqual(others.Position)
            || !tokens.Id.AsSpan().SequenceEqual(others.Id)
        )
        {
            throw CheckpointRun.Different(folder, otherFolder, "tokens");
        }
    }
}
