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
    /// <summary>How a reader knows it; null for its step, or its folder's name. Default null.</summary>
    public string? Called { get; init; }

    /// <summary>How a reader knows it.</summary>
    public string Name => Called ?? (Step is { } step ? $"step {step}" : PageJson.FolderName(Folder));

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
    /// <returns>
    /// The runs that are replayed by their steps, as they are given where a step is not known; and the one beside which the last of them
    /// stands, where there are two. Two that cannot be replayed stand side by side in the order in which they are given.
    /// </returns>
    /// <exception cref="InputException">A folder holds no run, or of more than two runs two are of one step, or they differ in components,
    /// probes or parts.</exception>
    public static (IReadOnlyList<CheckpointRun> Replayed, CheckpointRun? Beside) Read(IReadOnlyList<string> folders)
    {
        CheckpointRun[] runs = [.. folders.SelectMany(RunsAt).Select(Read)];
        InputException? difference = runs.Skip(1).Select(run => Difference(runs[0], run)).OfType<InputException>().FirstOrDefault();
        if (difference is null && runs.All(run => run.Step is not null))
        {
            runs = [.. runs.OrderBy(run => run.Step)];
            difference = runs.Skip(1).Zip(runs, SameStep).OfType<InputException>().FirstOrDefault();
        }

        return difference is null ? (runs, runs.Length == 2 ? runs[0] : null)
            : runs.Length == 2 ? ([ByFolder(runs[1], runs[0])], ByFolder(runs[0], runs[1]))
            : throw difference;
    }

    /// <summary>A run by its folder, and by the folder around it where another run's has the same name.</summary>
    private static CheckpointRun ByFolder(CheckpointRun run, CheckpointRun other)
    {
        string name = PageJson.FolderName(run.Folder);
        return run with
        {
            Called = name == PageJson.FolderName(other.Folder) ? $"{PageJson.FolderName(Path.Combine(run.Folder, ".."))}/{name}" : name,
        };
    }

    private static InputException? SameStep(CheckpointRun run, CheckpointRun before) =>
        run.Step == before.Step
            ? new InputException(
                $"{before.Folder} and {run.Folder} are both runs of step {run.Step}; name one run of each checkpoint, or two runs alone, "
                    + "which then stand side by side."
            )
            : null;

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

    private static InputException? Difference(CheckpointRun one, CheckpointRun other)
    {
        string? difference =
            !one.Manifest.Components.SequenceEqual(other.Manifest.Components) ? "components"
            : !one.Manifest.ProbeNames.SequenceEqual(other.Manifest.ProbeNames) ? "probes"
            : one.Manifest.Shape.Tokens != other.Manifest.Shape.Tokens ? "tokens"
            : !one.Manifest.HeldParts.SequenceEqual(other.Manifest.HeldParts) ? "parts"
            : null;
        return difference is null ? null : Different(one.Folder, other.Folder, difference);
    }

    /// <summary>What is said of runs that cannot be replayed together.</summary>
    public static InputException Different(string one, string other, string what) =>
        new(
            $"{one} and {other} have different {what}; a page takes several runs only of the same components, probes, tokens and parts, "
                + "so give each a page of its own."
        );
}
