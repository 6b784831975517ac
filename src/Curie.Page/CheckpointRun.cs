using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Numerics;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Page;

/// <summary>A run of one of several checkpoints.</summary>
/// <param name="Folder">The run folder.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Step">The updates that its model had seen; null where the model's folder does not tell.</param>
internal sealed record CheckpointRun(string Folder, RunManifest Manifest, long? Step)
{
    /// <summary>How a reader knows it.</summary>
    public string Name => Step is { } step ? $"step {step}" : PageJson.FolderName(Folder);

    /// <summary>
    /// What a page of it is called: the run folder, but where <c>curie susceptibility</c> named that after the checkpoint, the folder of
    /// all runs.
    /// </summary>
    public string Title =>
        RunSources.Of(Manifest).Model is { } model && PageJson.FolderName(model) == PageJson.FolderName(Folder)
            ? PageJson.FolderName(Path.Combine(Folder, ".."))
            : PageJson.FolderName(Folder);

    /// <summary>Reads the manifests.</summary>
    /// <param name="folders">Run folders, or folders of run folders.</param>
    /// <returns>The runs by their steps; as they are given where a step is not known.</returns>
    /// <exception cref="InputException">A folder holds no run, two are of one step, or they differ in components, probes or
    /// parts.</exception>
    public static IReadOnlyList<CheckpointRun> Read(IReadOnlyList<string> folders)
    {
        CheckpointRun[] runs = [.. folders.SelectMany(RunsAt).Select(Read)];
        foreach (CheckpointRun run in runs.Skip(1))
        {
            RequireSame(runs[0], run);
        }

        if (runs.Any(run => run.Step is null))
        {
            return runs;
        }

        runs = [.. runs.OrderBy(run => run.Step)];
        for (int i = 1; i < runs.Length; i++)
        {
            if (runs[i].Step == runs[i - 1].Step)
            {
                throw new InputException(
                    $"{runs[i - 1].Folder} and {runs[i].Folder} are both runs of step {runs[i].Step}; name one run of each checkpoint."
                );
            }
        }

        return runs;
    }

    private static string[] RunsAt(string folder)
    {
        string[] inside =
            !RunFolder.Holds(folder) && Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Where(RunFolder.Holds)] : [];
        return inside.Length > 0 ? inside : [folder];
    }

    private static CheckpointRun Read(string folder)
    {
        RunManifest manifest = RunFolder.ReadManifest(folder);
        return new CheckpointRun(folder, manifest, RunSources.Of(manifest).Model is { } model ? Checkpoint.StepOf(model) : null);
    }

    private static void RequireSame(CheckpointRun one, CheckpointRun other)
    {
        string? difference =
            !one.Manifest.Components.SequenceEqual(other.Manifest.Components) ? "components"
            : !one.Manifest.ProbeNames.SequenceEqual(other.Manifest.ProbeNames) ? "probes"
            : one.Manifest.Shape.Tokens != other.Manifest.Shape.Tokens ? "tokens"
            : !one.Manifest.HeldParts.SequenceEqual(other.Manifest.HeldParts) ? "parts"
            : null;
        if (difference is not null)
        {
            throw Different(one.Folder, other.Folder, difference);
        }
    }

    /// <summary>What is said of runs that cannot be replayed together.</summary>
    public static InputException Different(string one, string other, string what) =>
        new(
            $"{one} and {other} have different {what}; a page takes several runs only of the same components, probes, tokens and parts, "
                + "so give each a page of its own."
        );
}
