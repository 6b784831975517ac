using Curie.Numerics;

namespace Curie.Sampling.Calibration;

/// <summary>The settings that a calibration tries: every combination of the three lists.</summary>
public sealed record CalibrationGrid
{
    /// <summary>ε, ascending. Default 1e-4, 3e-4, 1e-3.</summary>
    public IReadOnlyList<double> StepSizes { get; init; } = [1e-4, 3e-4, 1e-3];

    /// <summary>nβ, ascending. Default 10, 30, 100.</summary>
    public IReadOnlyList<double> NBetas { get; init; } = [10, 30, 100];

    /// <summary>γ, ascending. Default 100, 300, 1000.</summary>
    public IReadOnlyList<double> Localizations { get; init; } = [100, 300, 1000];

    /// <summary>The number of combinations.</summary>
    public int Count => StepSizes.Count * NBetas.Count * Localizations.Count;

    /// <summary>The settings of every cell, γ running fastest, then nβ, then ε.</summary>
    /// <param name="options">What is not tried.</param>
    public IReadOnlyList<SamplingOptions> Cells(SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return
        [
            .. from stepSize in StepSizes
            from nbeta in NBetas
            from localization in Localizations
            select options with
            {
                StepSize = stepSize,
                NBeta = nbeta,
                Localization = localization,
            },
        ];
    }

    /// <summary>The place of a cell one step further along ε, nβ or γ; null at the edge.</summary>
    /// <param name="cell">A cell's place in <see cref="Cells"/>.</param>
    /// <param name="axis">0 for ε, 1 for nβ, 2 for γ.</param>
    /// <param name="step">−1 or 1.</param>
    public int? Neighbour(int cell, int axis, int step)
    {
        int[] sizes = [StepSizes.Count, NBetas.Count, Localizations.Count];
        int[] strides = [NBetas.Count * Localizations.Count, Localizations.Count, 1];
        int moved = (cell / strides[axis] % sizes[axis]) + step;
        return moved >= 0 && moved < sizes[axis] ? cell + (step * strides[axis]) : null;
    }

    /// <summary>Checks the lists.</summary>
    /// <exception cref="InputException">A list is empty, not ascending, or has a value out of range.</exception>
    public void Validate()
    {
        Require("step sizes", StepSizes, above: 0);
        Require("nbetas", NBetas, above: 0);
        Require("localizations", Localizations, above: 0);
    }

    private static void Require(string name, IReadOnlyList<double> values, double above)
    {
        if (
            values.Count == 0
            || values.Any(value => !double.IsFinite(value) || value <= above)
            || values.Zip(values.Skip(1)).Any(pair => pair.First >= pair.Second)
        )
        {
            throw new InputException($"calibration: the {name} must be ascending positive numbers, such as 1e-4,3e-4,1e-3.");
        }
    }
}
