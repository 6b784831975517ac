using System.Globalization;
using Curie.Numerics;

namespace Curie.Sampling.Calibration;

/// <summary>The one setting for all components that a calibration recommends, or why it recommends none.</summary>
/// <param name="Cell">The recommended cell's place; null if no cell is sound.</param>
/// <param name="Reasons">Why, each in a sentence.</param>
public sealed record CalibrationAdvice(int? Cell, IReadOnlyList<string> Reasons)
{
    /// <summary>
    /// Of the sound cells, the one with the least √(s² + r²): s the sensitivity to ε, r the relative standard error of λ̂, so that the
    /// figure is the
    /// relative uncertainty that both leave. Of nearly equal ones (within a tenth), where responses were measured, the one whose responses
    /// take the least work to an error of
    /// <see cref="CalibrationRules.TargetResponseError"/> of their spread over tokens (<see cref="CalibrationCell.ResponseWork"/>): errors
    /// fall as 1/√draws, so that this is the
    /// smaller error for the same work, updates times what an update costs, with the burn-in paid once. Otherwise the largest ε, whose
    /// draws are the least correlated.
    /// </summary>
    public static CalibrationAdvice Of(IReadOnlyList<CalibrationCell> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        (int Place, double Score)[] sound =
        [
            .. cells
                .Select((cell, place) => (Cell: cell, Place: place))
                .Where(pair => pair.Cell.IsSound && pair.Cell.RelativeError is not null)
                .Select(pair => (pair.Place, Score: Score(pair.Cell)))
                .OrderBy(pair => pair.Score),
        ];
        if (sound.Length == 0)
        {
            return new CalibrationAdvice(null, Refusal(cells));
        }

        (int Place, double Score)[] near = [.. sound.Where(pair => pair.Score <= 1.1 * sound[0].Score)];
        (int place, double score) = near.OrderBy(pair => cells[pair.Place].ResponseWork ?? double.PositiveInfinity)
            .ThenByDescending(pair => cells[pair.Place].Options.StepSize)
            .First();
        return new CalibrationAdvice(place, [.. Explain(cells, place, sound.Length, score), .. ExplainResponse(cells[place], near.Length)]);
    }

    private static double Score(CalibrationCell cell) =>
        double.Hypot(cell.StepSizeSensitivity ?? CalibrationRules.LargestStepSizeSensitivity, cell.RelativeError!.Value);

    private static IEnumerable<string> Explain(IReadOnlyList<CalibrationCell> cells, int place, int sound, double score)
    {
        CalibrationCell cell = cells[place];
        string change = cell.StepSizeSensitivity is double found
            ? $"{Percent(found)} the change to the next step size beyond that"
            : "the next step size gives nothing to compare with, which counts against it";
        string response = cell.Responses.Count > 0 ? ", a response that has settled, is linear and is not lost in its error" : "";
        return
        [
            string.Create(
                CultureInfo.InvariantCulture,
                $"{sound} of {cells.Count} settings are sound for every component: no chain stopped, standing still or drifting, at most "
                    + $"half of what the model knows lost, split R̂ at most {CalibrationRules.LargestRHat}, λ̂ at least "
                    + $"{CalibrationRules.LeastSignal} standard errors above zero{response}."
            ),
            $"Of these it leaves the least relative uncertainty in λ̂ to within a tenth, {Percent(score)}: "
                + $"{Percent(cell.RelativeError!.Value)} is the standard error at this many draws, and {change}.",
        ];
    }

    private static IEnumerable<string> ExplainResponse(CalibrationCell cell, int near)
    {
        if (CalibrationRules.DrawsNeeded(cell.ResponseError) is not { } factor)
        {
            yield break;
        }

        if (near > 1)
        {
            yield return $"Of the {Counted.Of(near, "setting")} that leave at most a tenth more than the least, its response takes "
                + "the least work.";
        }

        yield return $"The error of its response is {Percent(cell.ResponseError!.Value)} of the response's spread over tokens with these "
            + $"draws; {CalibrationRules.Text(factor)} times as many give {Percent(CalibrationRules.TargetResponseError)}.";
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");

    private static IReadOnlyList<string> Refusal(IReadOnlyList<CalibrationCell> cells)
    {
        var most = cells
            .SelectMany(cell =>
                cell.Objections.Select(objection =>
                        (
                            objection.Reason[..(objection.Reason.IndexOf('(') is > 0 and int end ? end - 1 : objection.Reason.Length)],
                            objection.Remedy
                        )
                    )
                    .Distinct()
            )
            .GroupBy(pair => pair)
            .OrderByDescending(group => group.Count())
            .Take(3);
        return
        [
            $"None of the {Counted.Of(cells.Count, "setting")} is sound for every component, so none is recommended.",
            .. most.Select(group => $"In {group.Count()} of them {group.Key.Item1}: try {group.Key.Remedy}."),
        ];
    }
}
