using Curie.Page.Data;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Page;

/// <summary>
/// The response over training, from runs of several checkpoints: the modes of every group with what is known of them, and the mean response
/// to every probe (docs/formats.md, `course`).
/// </summary>
internal static class PageCourse
{
    /// <summary>The modes of every group.</summary>
    public const int Modes = 3;

    /// <summary>More numbers than these in the page's JSON, and the part that is looked at first stands alone.</summary>
    private const int MostNumbers = 150_000;

    /// <summary>A normal value's 95 % interval, where the errors' degrees of freedom are not told.</summary>
    private const double Normal = 1.959964;

    private static readonly ResponsePart[] Shown = [ResponsePart.Excess, ResponsePart.Covariance, ResponsePart.Susceptibility];

    // The page shows no null over training, and the least that the options allow takes no time.
    private static readonly ReproducibilityOptions Options = new() { Modes = Modes, Permutations = 1 };

    /// <summary>Follows the response over checkpoints.</summary>
    /// <param name="runs">The runs, by their steps; all have the same components, probes and parts.</param>
    /// <param name="notes">Why there is nothing to follow, where that is so.</param>
    /// <returns>Null of fewer than two runs, or where a step is not known.</returns>
    public static CourseData? Of(IReadOnlyList<CheckpointRun> runs, List<string> notes)
    {
        if (runs.Count < 2)
        {
            return null;
        }

        if (runs.FirstOrDefault(run => run.Step is null) is { } unknown)
        {
            notes.Add(
                $"The response over training is not shown, because the step of {unknown.Name} is not known: the name of its model's folder "
                    + "ends in no number."
            );
            return null;
        }

        RunManifest manifest = runs[^1].Manifest;
        ResponsePart[] held = [.. Shown.Where(manifest.Holds)];
        ResponsePart[] parts = held.Length > 0 ? held : [manifest.MainPart];
        List<string> said = [];
        if ((long)runs.Count * manifest.Components.Count * 3 * parts.Length * (manifest.ProbeNames.Count + (3 * Modes)) > MostNumbers)
        {
            parts = [manifest.MainPart];
            said.Add($"The {manifest.MainPart.Title.ToLowerInvariant()} alone is followed, so that the page stays small.");
        }

        Dictionary<ResponsePart, List<Point>> points = parts.ToDictionary(part => part, _ => new List<Point>());
        foreach (CheckpointRun run in runs)
        {
            SusceptibilityRun read = RunFolder.Read(run.Folder);
            foreach (ResponsePart part in parts)
            {
                points[part].Add(Point.Of(run.Folder, read, part));
            }
        }

        string[] without = [.. runs.Where((_, i) => points[parts[0]][i].Reason is not null).Select(run => run.Name)];
        if (without.Length > 0)
        {
            string reason = points[parts[0]].Select(point => point.Reason).First(one => one is not null)!;
            said.Add($"Loadings and shares stand without intervals at {string.Join(", ", without)}: {reason}");
        }

        return new CourseData(
            [.. runs.Select(run => run.Step!.Value)],
            [.. parts.Select(part => Part(part, manifest, points[part]))],
            said
        );
    }

    private static CoursePart Part(ResponsePart part, RunManifest manifest, List<Point> points) =>
        new(
            part.Name,
            part.Title,
            part.Unit,
            [
                .. manifest.ProbeNames.Select(
                    (name, probe) =>
                        new CourseProbe(
                            name,
                            [.. manifest.Components.Select((component, c) => Line(component, points.Select(point => point.Mean(c, probe))))]
                        )
                ),
            ],
            [
                .. ModeGroup
                    .PerLayerAndAll(manifest.Components)
                    .Select(
                        (group, g) =>
                            Group(
                                group.Name,
                                [.. group.Rows.Select(row => manifest.Components[row])],
                                [.. points.Select(point => (point.Groups[g], point.Known[g]))]
                            )
                    ),
            ]
        );

    private static CourseGroup Group(
        string name,
        string[] components,
        IReadOnlyList<(GroupModes Modes, GroupReproducibility Known)> checkpoints
    )
    {
        int modes = Math.Min(Modes, checkpoints.Max(one => one.Modes.Modes?.Count ?? 0));
        return new CourseGroup(name, RunWords.Title(name), [.. Enumerable.Range(0, modes).Select(Mode)]);

        CourseMode Mode(int k)
        {
            double[]?[] loadings = [.. checkpoints.Select(one => Loadings(one.Modes, k))];
            int[] signs = ModeSigns.Of(loadings);
            return new CourseMode(
                k + 1,
                Line("", checkpoints.Select(one => Share(one.Modes, one.Known, k))),
                Line("", checkpoints.Select(one => Reliability(one.Known, k))),
                ModeSigns.Cosines(loadings),
                [
                    .. components.Select(
                        (component, c) =>
                            Line(component, checkpoints.Select((one, i) => Loading(loadings[i], signs[i], one.Known, k, component, c)))
                    ),
                ]
            );
        }

        double[]? Loadings(GroupModes group, int k) =>
            group.Modes is { } found && k < found.Count
                ? Array.ConvertAll(components, component =>
                    found.Components.ToList().IndexOf(component) is >= 0 and int c ? found.Loadings(k)[c] : double.NaN
                )
                : null;
    }

    private static (double, double, double) Loading(
        double[]? loadings,
        int sign,
        GroupReproducibility known,
        int k,
        string component,
        int c
    )
    {
        if (loadings is null)
        {
            return (double.NaN, double.NaN, double.NaN);
        }

        Interval? interval = ModeOf(known, k)?.Loadings.GetValueOrDefault(component);
        (double low, double high) = interval is null ? (double.NaN, double.NaN) : (interval.Low, interval.High);
        return (sign * loadings[c], sign > 0 ? low : -high, sign > 0 ? high : -low);
    }

    private static (double, double, double) Share(GroupModes group, GroupReproducibility known, int k) =>
        ModeOf(known, k)?.ExplainedVariance is { } interval ? (interval.Value, interval.Low, interval.High)
        : group.Modes is { } modes && k < modes.Count ? (modes.ExplainedVariance[k], double.NaN, double.NaN)
        : (double.NaN, double.NaN, double.NaN);

    private static (double, double, double) Reliability(GroupReproducibility known, int k) =>
        ModeOf(known, k) is { } mode
            ? (mode.Reliability, mode.ReliabilityInterval?.Low ?? double.NaN, mode.ReliabilityInterval?.High ?? double.NaN)
            : (double.NaN, double.NaN, double.NaN);

    private static ModeReproducibility? ModeOf(GroupReproducibility known, int k) => k < known.Modes.Count ? known.Modes[k] : null;

    private static CourseLine Line(string component, IEnumerable<(double Value, double Low, double High)> points)
    {
        (double Value, double Low, double High)[] all = [.. points];
        return new CourseLine(
            component,
            [.. all.Select(one => one.Value)],
            [.. all.Select(one => one.Low)],
            [.. all.Select(one => one.High)]
        );
    }

    /// <summary>A part of one checkpoint's run.</summary>
    private sealed record Point(
        IReadOnlyList<GroupModes> Groups,
        IReadOnlyList<GroupReproducibility> Known,
        double[] Values,
        double[] Errors,
        double[] HalfWidths
    )
    {
        /// <summary>Why nothing is known of the modes of the last group, in words; null where something is.</summary>
        public string? Reason => Known[^1].Reason;

        /// <summary>Reads a run, with what <c>curie structure</c> kept of its modes, or the same computed anew.</summary>
        public static Point Of(string folder, SusceptibilityRun run, ResponsePart part)
        {
            IReadOnlyList<GroupModes> groups = GroupModes.Of(run, part);
            ReproducibilityRecord? stored = File.Exists(Path.Combine(folder, ReproducibilityFile.Name(part.Name)))
                ? PageJson.Stored(() => ReproducibilityFile.Read(folder, part.Name))
                : null;
            return new Point(
                groups,
                stored is not null && PageModes.Belongs(stored, groups)
                    ? stored.Groups
                    : [.. groups.Select(group => GroupReproducibility.Of(run, part, group, Options))],
                run.Data.Dataset.Values(part),
                run.Data.Dataset.StandardErrors(part),
                PageResponse.HalfWidths(run.Manifest, part)
            );
        }

        /// <summary>The mean response of a component to a probe, with its interval.</summary>
        public (double, double, double) Mean(int component, int probe)
        {
            int place = (component * (Values.Length / HalfWidths.Length)) + probe;
            double half = Errors[place] * (double.IsFinite(HalfWidths[component]) ? HalfWidths[component] : Normal);
            return (Values[place], Values[place] - half, Values[place] + half);
        }
    }
}
