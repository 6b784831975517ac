using Curie.Networks.Components;
using Curie.Numerics;
using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Response.Linearity;

/// <summary>The derivatives at h = 0 that a run estimated of one component and one probe.</summary>
/// <param name="Response">d⟨φ⟩/dh over nβ: the covariance part, nats².</param>
/// <param name="ResponseError">Its standard error.</param>
/// <param name="Coefficient">dλ̂/dh, without unit.</param>
/// <param name="CoefficientError">Its standard error.</param>
public readonly record struct LinearPrediction(double Response, double ResponseError, double Coefficient, double CoefficientError)
{
    /// <summary>
    /// Takes them from a run. The run keeps dλ̂/dh with its joint error for every component but `full`, whose two terms, nβ·S and
    /// (nβ)²·covariance, are added here, their
    /// errors in quadrature.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="component">The component's name.</param>
    /// <param name="probe">The probe's name.</param>
    /// <param name="nBeta">nβ.</param>
    /// <exception cref="InputException">The run has not the component or the probe, or no estimate of it.</exception>
    public static LinearPrediction Of(SusceptibilityRun run, string component, string probe, double nBeta)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Require(ResponsePart.Covariance);
        int column = IndexOf(run.Manifest.ProbeNames, probe, "probe");
        LinearPrediction prediction =
            component == Component.FullName
                ? OfFull(run, column, nBeta)
                : OfComponent(run, IndexOf(run.Manifest.Components, component, "component"), column);
        return double.IsFinite(prediction.Response) && double.IsFinite(prediction.Coefficient)
            ? prediction
            : throw new InputException(
                $"the run has no estimate of {component}, whose chains were stopped; leave it out of `PerturbationInputs.Components`."
            );
    }

    private static LinearPrediction OfComponent(SusceptibilityRun run, int row, int column)
    {
        if (run.Data.Slopes is not { } slopes)
        {
            throw new InputException(
                "the run is of an earlier version and holds no derivatives of learning coefficients; sample it again with curie "
                    + "susceptibility."
            );
        }

        int place = (row * slopes.Probes) + column;
        return new LinearPrediction(
            run.Data.Dataset.Values(ResponsePart.Covariance)[place],
            run.Data.Dataset.StandardErrors(ResponsePart.Covariance)[place],
            slopes.Values[place],
            slopes.StandardErrors[place]
        );
    }

    private static LinearPrediction OfFull(SusceptibilityRun run, int column, double nBeta)
    {
        if (run.Data.FullCovariance is not { } full)
        {
            throw new InputException(
                "the run holds no covariance of full, which is measured only where sampling.components names full; sample it again with "
                    + "that, or leave full out of `PerturbationInputs.Components`."
            );
        }

        (double value, double error) = (
            full.Probes.Values(ResponsePart.Covariance)[column],
            full.Probes.StandardErrors(ResponsePart.Covariance)[column]
        );
        (double first, double second) = (nBeta * run.Data.FullShiftDatasetStandardErrors[column], nBeta * nBeta * error);
        return new LinearPrediction(
            value,
            error,
            (nBeta * run.Data.FullExcessDataset[column]) + (nBeta * nBeta * value),
            Math.Sqrt((first * first) + (second * second))
        );
    }

    private static int IndexOf(IReadOnlyList<string> names, string name, string kind)
    {
        int index = names.ToList().IndexOf(name);
        return index >= 0 ? index : throw new InputException($"the run has no {kind} named {name}; it has {string.Join(", ", names)}.");
    }
}
