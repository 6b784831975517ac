using Curie.Numerics;
using Curie.Numerics.Statistics;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Patterns;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Studies.Conclusions;

/// <summary>Says which components express or suppress which probe most, by one part of the response.</summary>
internal static class TextSentences
{
    private const int MostNamed = 3;
    private const double Discovery = 0.05;

    /// <summary>One sentence; null where the run does not hold the part, or has a single probe.</summary>
    public static string? Of(SusceptibilityRun run, ResponsePart part)
    {
        RunManifest manifest = run.Manifest;
        if (!manifest.Holds(part) || manifest.ProbeNames.Count < 2)
        {
            return null;
        }

        ResponseTable table = new DatasetResponse(manifest.ProbeNames, manifest.Components, run.Data.Dataset).Table(part);
        Cell[] cells =
        [
            .. from component in Enumerable.Range(0, manifest.Components.Count)
            from probe in Enumerable.Range(0, manifest.ProbeNames.Count)
            let value = table.Value(probe, component)
            let error = table.StandardError(probe, component)
            where error > 0 && double.IsFinite(value)
            select new Cell(
                component,
                probe,
                value,
                error,
                Welch.PValue(new MeanEstimate(value, error, manifest.DegreesOfFreedom(part, component) ?? 1))
            ),
        ];
        if (cells.Length == 0)
        {
            return null;
        }

        double[] q = FalseDiscovery.Adjust([.. cells.Select(cell => cell.P)]);
        Cell[] found = [.. cells.Where((_, i) => q[i] < Discovery)];
        string counted =
            $"By the mean {part.Title.ToLowerInvariant()} over a text, {found.Length} of {Counted.Of(cells.Length, "pair")} of "
            + $"component and text "
            + "differ from 0 (false discovery rate 5 %)";
        if (found.Length == 0)
        {
            return $"{counted}: more draws or chains are needed to tell which component answers to which text.";
        }

        NumberScale scale = NumberScale.For(found.Select(cell => cell.Value));
        string[] strongest =
        [
            .. found
                .GroupBy(cell => cell.Component)
                .OrderByDescending(component => component.Max(cell => Math.Abs(cell.Value)))
                .Take(MostNamed)
                .Select(component => Component(manifest, part, [.. component], scale)),
        ];
        string than = part == ResponsePart.Excess ? " than the mean" : "";
        return $"{counted}; the strongest, in {scale.Unit(part.Unit)}: {string.Join("; ", strongest)}{than}.";
    }

    /// <summary>
    /// By its excess a component costs a text more or less than the mean when it is moved, which is another thing than expressing it.
    /// </summary>
    private static string Component(RunManifest manifest, ResponsePart part, Cell[] cells, NumberScale scale)
    {
        bool excess = part == ResponsePart.Excess;
        string name = manifest.Components[cells[0].Component];
        IEnumerable<string> ends = new[]
        {
            (Low: true, Cell: cells.MinBy(cell => cell.Value)!),
            (Low: false, Cell: cells.MaxBy(cell => cell.Value)!),
        }
            .Where(end => end.Low ? end.Cell.Value < 0 : end.Cell.Value > 0)
            .Select(end =>
            {
                string text =
                    $"{manifest.ProbeNames[end.Cell.Probe]} {(excess ? end.Low ? "less " : "more " : "")}"
                    + $"({scale.Of(end.Cell.Value, end.Cell.Error)})";
                return excess ? text
                    : end.Low ? $"expresses {text}"
                    : $"suppresses {text}";
            });
        return $"{(excess ? $"moving {name} costs" : name)} {string.Join(" and ", ends)}";
    }

    private sealed record Cell(int Component, int Probe, double Value, double Error, double P);
}
