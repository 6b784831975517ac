using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Networks.Models;
using Curie.Networks.Training;
using Curie.Numerics.Files;
using Curie.Studies.Folders;

namespace Curie.Studies.Training;

/// <summary>The folder of a training run of any kind of model.</summary>
internal static class TrainingFolder
{
    private const string ManifestName = "manifest.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Opens a folder, enters the run's files in the ledger, and says there what is trained.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="existing">What becomes of a run that is there.</param>
    /// <param name="options">How the model is trained.</param>
    /// <param name="tokenizer">The name of the tokenizer in every checkpoint; null for none.</param>
    /// <param name="kind">The kind that the manifest names.</param>
    /// <param name="configuration">Every setting.</param>
    /// <param name="inputs">The files and folders that the run reads.</param>
    /// <exception cref="Numerics.InputException">The folder holds a run and is not to be continued or replaced, or cannot be
    /// written.</exception>
    public static OutputFolder Open(
        string path,
        ExistingRun existing,
        TrainingOptions options,
        string? tokenizer,
        string kind,
        JsonObject configuration,
        IReadOnlyList<string> inputs
    )
    {
        OutputFolder folder = OutputFolder.Open(path, existing, inputs: inputs);
        string[] names = [ModelFolder.ConfigName, ModelFolder.WeightsName, .. tokenizer is null ? (string[])[] : [tokenizer]];
        folder.Enter(["train.csv", "validation.csv", TrainingRun.StateName]);
        folder.Enter(
            CheckpointSchedule
                .Steps(options.Steps, options.LogCheckpoints, options.LinearCheckpoints)
                .SelectMany(step => names.Select(name => Path.Combine(TrainingRun.CheckpointFolder("", step), name)))
        );
        JsonObject manifest = new()
        {
            ["kind"] = kind,
            ["curie"] = typeof(TrainingFolder).Assembly.GetName().Version!.ToString(3),
            ["configuration"] = configuration,
        };
        AtomicFile.WriteAllText(folder.FilePath(ManifestName), manifest.ToJsonString(Indented) + "\n");
        return folder;
    }
}
