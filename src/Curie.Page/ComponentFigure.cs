using Curie.Numerics.Statistics;
using Curie.Page.Data;
using Curie.Response.Attribution;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;

namespace Curie.Page;

/// <summary>One figure of every component, for the page's table of head roles.</summary>
/// <param name="Name">The column's title.</param>
/// <param name="Meaning">One sentence.</param>
/// <param name="Values">By component; those without one are left out.</param>
internal sealed record ComponentFigure(string Name, string Meaning, IReadOnlyDictionary<string, MeanEstimate> Values)
{
    /// <summary>λ̂ = nβ·(E[P] − L0) from the run's own traces, with its sampling error; null where the run has no nβ (a control).</summary>
    public static ComponentFigure? LearningCoefficients(SusceptibilityRun run, double nbeta)
    {
        if (!(nbeta > 0))
        {
            return null;
        }

        return new ComponentFigure(
            "λ̂",
            "Local learning coefficient nβ·(E[P] − L0), from this run's draws, with its sampling error.",
            RunCoefficients.Of(run, nbeta)
        );
    }

    /// <summary>φ at both levels, and how far the Gaussian alone gives the excess; none where the run does not hold the levels.</summary>
    public static IEnumerable<ComponentFigure> Levels(SusceptibilityRun run)
    {
        if (ComponentLevels.Of(run) is not { } levels)
        {
            yield break;
        }

        yield return Of(
            "φ Gaussian",
            "Mean excess loss E[P] − L0, in nats, of draws that never feel the loss.",
            levels,
            one => one.Component,
            one => (one.Phi.Gaussian, one.Phi.GaussianError)
        );
        yield return Of(
            "φ loss adds",
            "What the loss surface adds to that, in nats: chains less twins with the same noise that do not feel it.",
            levels,
            one => one.Component,
            one => (one.Phi.Loss, one.Phi.LossError)
        );
        yield return Of(
            "r excess Gaussian",
            "Correlation over tokens of the excess of draws that never feel the loss with that of the chains: near 1 where sampling adds "
                + "little.",
            levels,
            one => one.Component,
            one => (one.Excess?.Correlation ?? double.NaN, double.NaN)
        );
    }

    /// <summary>How far gradients at w* predict the covariance; null where the run holds no prediction.</summary>
    public static ComponentFigure? Alignment(SusceptibilityRun run) =>
        ComponentAlignment.Of(run) is { } alignment
            ? Of(
                "r cov predicted",
                "Correlation over tokens of what gradients at the checkpoint predict of the covariance, without sampling, with the "
                    + "measured covariance.",
                alignment,
                one => one.Component,
                one => (one.Correlation, double.NaN)
            )
            : null;

    /// <summary>The figure under the components' order.</summary>
    public FigureData ToData(IReadOnlyList<string> components) =>
        new(Name, Meaning, Column(components, estimate => estimate.Mean), Column(components, estimate => estimate.StandardError));

    private static ComponentFigure Of<T>(
        string name,
        string meaning,
        IReadOnlyList<T> found,
        Func<T, string> component,
        Func<T, (double Value, double Error)> figure
    ) =>
        new(
            name,
            meaning,
            found
                .Where(one => double.IsFinite(figure(one).Value))
                .ToDictionary(component, one => new MeanEstimate(figure(one).Value, figure(one).Error, 0))
        );

    private double[] Column(IReadOnlyList<string> components, Func<MeanEstimate, double> figure) =>
        [.. components.Select(name => Values.TryGetValue(name, out MeanEstimate estimate) ? figure(estimate) : double.NaN)];
}
