using Curie.Networks.Archives;
using Curie.Numerics;

namespace Curie.Networks.Models;

/// <summary>Finds the checkpoints that a user names: models, training runs that hold them, or patterns.</summary>
public static class CheckpointSelection
{
    /// <summary>
    /// Whether a place is a model, and not a folder of models: a file, or a folder with a configuration or weights in it.
    /// </summary>
    public static bool IsModel(string place) =>
        File.Exists(place) || File.Exists(Path.Combine(place, ModelFolder.ConfigName)) || ArchiveFolder.HasUsual(place);

    /// <summary>Whether a place is a pattern, or a folder in which there are model folders.</summary>
    public static bool HoldsModels(string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return Path.GetFileName(place).AsSpan().IndexOfAny('*', '?') >= 0
            || (Directory.Exists(place) && Directory.EnumerateDirectories(place).Any(IsModel));
    }

    /// <summary>The checkpoints at some places, in ascending order of their steps.</summary>
    /// <param name="places">
    /// Each a model, which is a folder or a file; a folder that holds model folders, all of which are taken; or a path whose last part is a
    /// pattern with * and ?.
    /// </param>
    /// <param name="every">Takes the first and every so many-th after it; the last is always among them.</param>
    /// <exception cref="InputException">A place has no checkpoint, or two checkpoints have the same step.</exception>
    public static IReadOnlyList<Checkpoint> Find(IReadOnlyList<string> places, int every = 1)
    {
        ArgumentNullException.ThrowIfNull(places);
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        Checkpoint[] found = [.. places.SelectMany(FoldersAt).Select(Checkpoint.At).OrderBy(checkpoint => checkpoint.Step)];
        for (int i = 1; i < found.Length; i++)
        {
            if (found[i].Step == found[i - 1].Step)
            {
                throw new InputException(
                    $"{found[i - 1].Folder} and {found[i].Folder} are both checkpoints of step {found[i].Step}; name each step once, in "
                        + "folders whose names end with it."
                );
            }
        }

        return [.. found.Where((_, place) => place % every == 0 || place == found.Length - 1)];
    }

    private static string[] FoldersAt(string place)
    {
        string pattern = Path.GetFileName(Path.TrimEndingDirectorySeparator(place));
        bool isPattern = pattern.AsSpan().IndexOfAny('*', '?') >= 0;
        string parent = isPattern ? Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(place)) ?? "" : place;
        if (!isPattern && IsModel(place))
        {
            return [place];
        }

        parent = parent.Length == 0 ? "." : parent;
        string[] folders =
            !Directory.Exists(parent) ? []
            : isPattern
                ?
                [
                    .. Directory.GetDirectories(parent, pattern).Where(IsModel),
                    .. Directory.GetFiles(parent, pattern).Where(ArchiveFolder.IsNamedLikeWeights),
                ]
            : [.. Directory.GetDirectories(parent).Where(IsModel)];
        return folders.Length > 0
            ? folders
            : throw new InputException(
                $"{place}: there is no checkpoint; give a model folder, a training run that holds some, or a pattern such as "
                    + "\"runs/pile/checkpoint-*\"."
            );
    }
}
