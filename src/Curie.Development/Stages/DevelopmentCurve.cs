using Curie.Numerics;

namespace Curie.Development.Stages;

/// <summary>A quantity at the checkpoints of one training run, such as λ̂ of a component or the loss.</summary>
public sealed class DevelopmentCurve
{
    /// <summary>The fewest checkpoints from which stages are told.</summary>
    public const int FewestCheckpoints = 8;

    /// <summary>Checks and keeps a curve.</summary>
    /// <param name="name">How messages call it.</param>
    /// <param name="steps">The number of updates made before each checkpoint, rising strictly.</param>
    /// <param name="values">The measured values.</param>
    /// <param name="standardErrors">Their known standard errors; null where none are known.</param>
    /// <exception cref="InputException">
    /// There are fewer than <see cref="FewestCheckpoints"/> checkpoints, lengths differ, steps do not rise, or a number is not finite.
    /// </exception>
    public DevelopmentCurve(
        string name,
        IReadOnlyList<double> steps,
        IReadOnlyList<double> values,
        IReadOnlyList<double>? standardErrors = null
    )
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(values);
        Name = name;
        Steps = [.. steps];
        Values = [.. values];
        StandardErrors = standardErrors is null ? null : [.. standardErrors];
        if (Steps.Length < FewestCheckpoints)
        {
            throw new InputException(
                $"{name} has {Counted.Of(Steps.Length, "checkpoint")} and stages need at least {FewestCheckpoints}; measure more "
                    + "checkpoints."
            );
        }

        if (Values.Length != Steps.Length || (StandardErrors is not null && StandardErrors.Length != Steps.Length))
        {
            throw new InputException(
                $"{name} has {Counted.Of(Steps.Length, "step")} and another number of values or standard errors; give one of each "
                    + "per checkpoint."
            );
        }

        for (int i = 0; i < Steps.Length; i++)
        {
            Require(
                i,
                Steps[i] >= 0 && double.IsFinite(Steps[i]) && (i == 0 || Steps[i] > Steps[i - 1]),
                "a step that is not above the one before"
            );
            Require(i, double.IsFinite(Values[i]), "a value that is no finite number");
            Require(
                i,
                StandardErrors is null || (double.IsFinite(StandardErrors[i]) && StandardErrors[i] >= 0),
                "a standard error that is no finite number from 0 up"
            );
        }
    }

    /// <summary>How messages call it.</summary>
    public string Name { get; }

    /// <summary>Updates made, rising.</summary>
    public double[] Steps { get; }

    /// <summary>The measured values.</summary>
    public double[] Values { get; }

    /// <summary>Their known standard errors, if any.</summary>
    public double[]? StandardErrors { get; }

    /// <summary>x = log(step + 1), the axis of all stage finding.</summary>
    public double[] LogSteps => Array.ConvertAll(Steps, LogStep);

    /// <summary>log(step + 1).</summary>
    public static double LogStep(double step) => Math.Log(step + 1);

    /// <summary>The step at a log step: e^x − 1.</summary>
    public static double Step(double logStep) => Math.Exp(logStep) - 1;

    private void Require(int checkpoint, bool holds, string problem)
    {
        if (!holds)
        {
            throw new InputException(
                FormattableString.Invariant(
                    $"{Name} has {problem} at checkpoint {checkpoint + 1} (step {Steps[checkpoint]}); mend or remove that line."
                )
            );
        }
    }
}
