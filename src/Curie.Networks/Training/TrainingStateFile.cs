using System.Globalization;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics;

namespace Curie.Networks.Training;

/// <summary>
/// Saves and restores a <see cref="TrainingState"/> in one safetensors file: the parameters under their names, AdamW's moments under
/// <c>adamw.m.</c> and <c>adamw.v.</c>, the step and a fingerprint of the run in the metadata.
/// </summary>
public static class TrainingStateFile
{
    private const string FirstPrefix = "adamw.m.";
    private const string SecondPrefix = "adamw.v.";
    private const string StepKey = "step";
    private const string FingerprintKey = "run";

    /// <summary>Writes the state, whole or not at all.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Save(string path, TrainingState state, string fingerprint)
    {
        ArgumentNullException.ThrowIfNull(state);
        IReadOnlyList<SafetensorsSource> tensors =
        [
            .. ModelFolder.Sources(state.Parameters, string.Empty),
            .. ModelFolder.Sources(state.FirstMoment, FirstPrefix),
            .. ModelFolder.Sources(state.SecondMoment, SecondPrefix),
        ];
        Dictionary<string, string> metadata = new()
        {
            [StepKey] = state.Step.ToString(CultureInfo.InvariantCulture),
            [FingerprintKey] = fingerprint,
        };
        SafetensorsFile.Write(path, tensors, metadata);
    }

    /// <summary>Replaces the state by the saved one.</summary>
    /// <exception cref="InputException">The file is damaged or belongs to a run with other settings.</exception>
    public static void Restore(string path, TrainingState state, string fingerprint)
    {
        ArgumentNullException.ThrowIfNull(state);
        using SafetensorsContents contents = SafetensorsFile.Read(path);
        if (!contents.Metadata.TryGetValue(FingerprintKey, out string? saved) || saved != fingerprint)
        {
            throw new InputException(
                $"{path}: this state was saved by a run with other settings, data or initial weights; resume with the same "
                    + "configuration, or start over with `overwrite`."
            );
        }

        if (
            !contents.Metadata.TryGetValue(StepKey, out string? text)
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int step)
        )
        {
            throw new InputException($"{path}: the saved state does not say its step; start over with `overwrite`.");
        }

        foreach (ParameterTensor tensor in state.Parameters.Layout.Tensors)
        {
            int[] shape = [.. tensor.Shape];
            contents.Require(tensor.Name, shape).CopyTo(state.Parameters[tensor]);
            contents.Require(FirstPrefix + tensor.Name, shape).CopyTo(state.FirstMoment[tensor]);
            contents.Require(SecondPrefix + tensor.Name, shape).CopyTo(state.SecondMoment[tensor]);
        }

        state.Step = step;
    }
}
