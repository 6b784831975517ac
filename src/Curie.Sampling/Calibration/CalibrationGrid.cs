using System.Globalization;
using Curie.Numerics;

namespace Curie.Sampling.Calibration;

/// <summary>
/// The settings that a calibration tries: every combination of three lists. They are the numbers that decide what chains do: γ alone how
/// far they go, ν = nβ/γ how much the loss counts against the localisation (a direction of curvature h contracts by γ(1 + νh)), and εγ how
/// many updates they remember, 2/(εγ), with a step effect of εγ/4. Lists of nβ and ε themselves would combine into settings that are out of
/// proportion. Where nβ or ε are given, they take the place of ν or εγ.
/// </summary>
public sealed record CalibrationGrid
{
    /// <summary>γ, ascending. Default 300, 1000, 3000, 10000, 30000.</summary>
    public IReadOnlyList<double> Localizations { get; init; } = [300, 1000, 3000, 10_000, 30_000];

    /// <summary>ν = nβ/γ, ascending. Default 0.03, 0.1, 0.3, 1.</summary>
    public IReadOnlyList<double> LossShares { get; init; } = [0.03, 0.1, 0.3, 1];

    /// <summary>εγ, ascending, below 2. Default 0.2, 0.4.</summary>
    public IReadOnlyList<double> Steps { get; init; } = [0.2, 0.4];

    /// <summary>nβ, ascending, in the place of <see cref="LossShares"/>. Default null: those.</summary>
    public IReadOnlyList<double>? NBetas { get; init; }

    /// <summary>ε, ascending, in the place of <see cref="Steps"/>. Default null: those.</summary>
    public IReadOnlyList<double>? StepSizes { get; init; }

    /// <summary>The number of combinations.</summary>
    public int Count => StepAxis.Count * LossAxis.Count * Localizations.Count;

    private IReadOnlyList<double> StepAxis => StepSizes ?? Steps;

    private IReadOnlyList<double> LossAxis => NBetas ?? LossShares;

    /// <summary>
    /// The settings of every cell, γ running fastest, then nβ, then ε; what is made of a product or quotient is rounded to two digits.
    /// </summary>
    /// <param name="options">What is not tried.</param>
    public IReadOnlyList<SamplingOptions> Cells(SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return
        [
            .. from step in StepAxis
            from loss in LossAxis
            from localization in Localizations
            select options with
            {
                StepSize = StepSizes is null ? Rounded(step / localization) : step,
                NBeta = NBetas is null ? Rounded(loss * localization) : loss,
                Localization = localization,
            },
        ];
    }

    /// <summary>
    /// The places of the cells that differ in γ alone along the axes of the grid, by descending γ: the further along, the further the
    /// chains go. Lines of the largest ε come first.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>> Lines =>
        [
            .. Enumerable
                .Range(0, StepAxis.Count * LossAxis.Count)
                .OrderByDescending(line => line / LossAxis.Count)
                .Select(line => Enumerable.Range(line * Localizations.Count, Localizations.Count).Reverse().ToArray()),
        ];

    /// <summary>The place of a cell one step further along ε, nβ or γ; null at the edge.</summary>
    /// <param name="cell">A cell's place in <see cref="Cells"/>.</param>
    /// <param name="axis">0 for ε, 1 for nβ, 2 for γ.</param>
    /// <param name="step">−1 or 1.</param>
    public int? Neighbour(int cell, int axis, int step)
    {
        int[] sizes = [StepAxis.Count, LossAxis.Count, Localizations.Count];
        int[] strides = [LossAxis.Count * Localizations.Count, Localizations.Count, 1];
        int moved = (cell / strides[axis] % sizes[axis]) + step;
        return moved >= 0 && moved < sizes[axis] ? cell + (step * strides[axis]) : null;
    }

    /// <summary>Checks the lists.</summary>
    /// <exception cref="InputException">A list is empty, not ascending, or has a value out of range.</exception>
    public void Validate()
    {
        Require("step sizes", StepSizes ?? [1]);
        Require("steps", Steps, below: 2);
        Require("nbetas", NBetas ?? [1]);
        Require("loss shares", LossShares);
        Require("localizations", Localizations);
    }

    private static double Rounded(double value) =>
        double.Parse(value.ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static void Require(string name, IReadOnlyList<double> values, double below = double.PositiveInfinity)
    {
        if (
            values.Count == 0
            || values.Any(value => !double.IsFinite(value) || value <= 0 || value >= below)
            || values.Zip(values.Skip(1)).Any(pair => pair.First >= pair.Second)
        )
        {
            string limit = double.IsFinite(below) ? $" below {CalibrationRules.Text(below)}" : "";
            throw new InputException($"calibration: the {name} must be ascending positive numbers{limit}, such as 0.1,0.3.");
        }
    }
}
