using System.Globalization;
using Curie.Numerics;

namespace Curie.Sampling.Calibration;

/// <summary>The one setting for all components that a calibration recommends, or why it recommends none.</summary>
/// <param name="Cell">The recommended cell's place; null if no cell is sound.</param>
/// <param name="Reasons">Why, each in a sentence, the first of which is the conclusion.</param>
/// <param name="Kinds">Where there is none for all components, the best of each kind of them; otherwise empty.</param>
public sealed record CalibrationAdvice(int? Cell, IReadOnlyList<string> Reasons, IReadOnlyList<KindAdvice> Kinds)
{
    /// <summary>Settings whose r/ceiling lies so little above the least are as good, however small its error.</summary>
    public const double NearCeiling = 0.05;

    /// <summary>How many standard errors of the difference of two r/ceiling are within error.</summary>
    public const double Errors = 2;

    /// <summary>
    /// Of the sound cells, the one in which sampling adds most to the covariance. With A the mean over components of r/ceiling between
    /// covariance and no-loss control (<see cref="CalibrationCell.OfCeiling"/>) and A₀ the least of them, all cells are nearly equal with A
    /// − A₀ at most <see cref="NearCeiling"/> or <see cref="Errors"/> standard errors of the difference. Of these the one whose responses
    /// take the least work to an error of <see cref="CalibrationRules.TargetResponseError"/> of their spread over tokens
    /// (<see cref="CalibrationCell.ResponseWork"/>): errors fall as 1/√draws, so that this is the smaller error for the same work, updates
    /// times what an update costs, with the burn-in paid once. Cells whose A is unknown count as 1, at the ceiling.
    /// <para>Without responses, the cell with the least √(s² + r²): s the sensitivity to ε, r the relative standard error of λ̂, so that
    /// the figure is the relative uncertainty that both leave; of nearly equal ones (within a tenth) the one with the largest ε(γ + δ),
    /// whose draws are the least correlated.</para>
    /// </summary>
    public static CalibrationAdvice Of(IReadOnlyList<CalibrationCell> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (Best(cells) is not { } best)
        {
            return new CalibrationAdvice(null, [.. Refusal(cells)], KindAdvice.Of(cells));
        }

        int sound = cells.Count(cell => cell.IsSound);
        return new CalibrationAdvice(best.Place, [.. Explain(cells, best.Place, best.Near, sound)], []);
    }

    /// <summary>The best of the sound cells, and how many are nearly as good; null if none is sound.</summary>
    internal static (int Place, int Near)? Best(IReadOnlyList<CalibrationCell> cells)
    {
        int[] sound = [.. Enumerable.Range(0, cells.Count).Where(place => cells[place].IsSound)];
        if (sound.Length == 0)
        {
            return null;
        }

        int[] near;
        if (sound.Any(place => cells[place].Responses.Count > 0))
        {
            CalibrationCell least = cells[sound.MinBy(place => Ceiling(cells[place]))];
            near = [.. sound.Where(place => IsNear(cells[place], least))];
        }
        else
        {
            double least = sound.Min(place => Uncertainty(cells[place]));
            near = [.. sound.Where(place => Uncertainty(cells[place]) <= 1.1 * least)];
        }

        return (
            near.OrderBy(place => cells[place].ResponseWork ?? double.PositiveInfinity)
                .ThenByDescending(place =>
                    cells[place].Options.StepSize * (cells[place].Options.Localization + cells[place].Options.WeightDecay)
                )
                .First(),
            near.Length
        );
    }

    private static bool IsNear(CalibrationCell cell, CalibrationCell least)
    {
        double error = double.Hypot(cell.OfCeilingError ?? 0, least.OfCeilingError ?? 0);
        return Ceiling(cell) - Ceiling(least) <= Math.Max(NearCeiling, Errors * error);
    }

    private static double Ceiling(CalibrationCell cell) => Math.Min(1, cell.OfCeiling ?? 1);

    private static double Uncertainty(CalibrationCell cell) =>
        double.Hypot(
            cell.StepSizeSensitivity ?? CalibrationRules.LargestStepSizeSensitivity,
            cell.RelativeError ?? CalibrationRules.LargestStepSizeSensitivity
        );

    private static IEnumerable<string> Explain(IReadOnlyList<CalibrationCell> cells, int place, int near, int sound)
    {
        CalibrationCell cell = cells[place];
        yield return $"Recommended for all components: {Setting(cell)}; {Counted.Of(sound, "setting")} of "
            + $"{cells.Count(one => one.Stage == CalibrationStage.Measured)} measured at length "
            + $"{Counted.Word(sound, "is", "are")} sound for every component by a run's own verdicts.";
        if (cell.Responses.Count == 0)
        {
            string change = cell.StepSizeSensitivity is { } found
                ? $"{Percent(found)} its change to the next step size beyond that"
                : "no next step size to compare with, which counts against it";
            yield return $"It leaves the least relative uncertainty in λ̂, to within a tenth: {Percent(cell.RelativeError ?? 0)} standard "
                + $"error and {change}.";
            yield break;
        }

        yield return Added(cell, near);
        if (CalibrationRules.DrawsNeeded(cell.ResponseError) is { } factor)
        {
            string more =
                factor > 1 ? $"; {CalibrationRules.Text(factor)} times as many give {Percent(CalibrationRules.TargetResponseError)}" : "";
            yield return $"With these draws the response's error is {Percent(cell.ResponseError!.Value)} of its spread over tokens{more}.";
        }
    }

    private static string Added(CalibrationCell cell, int near)
    {
        string work =
            near > 1 ? $"; of the {Counted.Of(near, "setting")} where it adds as much, within error, it takes the least work" : "";
        if (cell.OfCeiling is not { } found)
        {
            return $"Noise hides how much its sampling adds to the covariance beyond the no-loss control{work}.";
        }

        double error = cell.OfCeilingError ?? 0;
        string value = string.Create(CultureInfo.InvariantCulture, $"r is {found:0.00} ± {error:0.00} of what errors allow");
        return 1 - found <= Math.Max(NearCeiling, Errors * error)
            ? $"The covariance is that of the no-loss control ({value}): only the checkpoint's curvature shows at any sound setting{work}."
            : $"There the covariance differs most from the no-loss control ({value}, 1 where only the checkpoint's curvature shows){work}.";
    }

    /// <summary>A setting in words.</summary>
    internal static string Setting(CalibrationCell cell) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"step_size {cell.Options.StepSize}, nbeta {cell.Options.NBeta}, localization {cell.Options.Localization}"
        );

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");

    private static IEnumerable<string> Refusal(IReadOnlyList<CalibrationCell> cells)
    {
        yield return $"None of the {Counted.Of(cells.Count, "setting")} is sound for every component, so none is recommended.";
        var most = cells
            .SelectMany(cell => cell.Objections.Select(objection => (objection.Finding, objection.Remedy)).Distinct())
            .GroupBy(pair => pair)
            .OrderByDescending(group => group.Count())
            .Take(2);
        foreach (var group in most)
        {
            yield return $"In {group.Count()} of them {group.Key.Finding}: try {group.Key.Remedy}.";
        }
    }
}
