using Curie.Numerics.Statistics;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;

namespace Curie.Response.Designs;

/// <summary>What the response says that weights do.</summary>
/// <param name="Reliability">How the weights repeat themselves between halves of the draws.</param>
/// <param name="Along">What is predicted along the target.</param>
/// <param name="Components">What is predicted of every component.</param>
internal sealed record DesignForecast(double Reliability, DesignPrediction Along, IReadOnlyList<DesignPrediction> Components)
{
    /// <summary>Predicts, by the covariance what is of a component's own posterior and by χ what is of the localised expectation.</summary>
    public static DesignForecast Of(
        SusceptibilityRun run,
        ResponseView view,
        ModeAnalysis modes,
        SampledHalves? halves,
        DesignInverse inverse,
        DesignOptions options,
        double[] weights,
        double scale
    )
    {
        IReadOnlyList<(double[], double[])> fromHalves = halves?.Weights(inverse.Filter, scores =>
            TokenWeights.Of(scores, scale, options.KeepsNegative)
        )
            ?? [];
        int first = view.TokensOf(run.Data.Tokens).Start;
        double[] factors = [.. halves?.Tokens.Select(token => options.NBeta * (weights[token - first] - 1)) ?? []];
        Changes own = Predict(ResponsePart.Covariance);
        Changes localized = Predict(ResponsePart.Susceptibility);
        return new DesignForecast(
            halves?.Reliability(inverse.Filter).Corrected ?? double.NaN,
            new DesignPrediction("", 1, own.Along, Dot(own.SameDraws, inverse.Direction)) { Localized = localized.Along },
            [
                .. modes.Components.Select(
                    (name, c) =>
                        new DesignPrediction(name, inverse.Direction[c], own.Components[c], own.SameDraws[c])
                        {
                            Localized = localized.Components[c],
                        }
                ),
            ]
        );

        Changes Predict(ResponsePart part)
        {
            double[] same = [.. modes.Components.Select(name => Change(run, view, part, name, options.NBeta, weights))];
            double[] changes = halves?.CrossFit(fromHalves, part, (response, rho) => TokenWeights.Change(options.NBeta, response, rho))
                ?? same;
            double[][] means = [.. modes.Components.Select((_, c) => halves?.BatchMeans(c, part, factors) ?? [])];
            double[] along =
            [
                .. Enumerable.Range(0, halves?.Batches ?? 0).Select(b => means.Select((one, c) => one[b] * inverse.Direction[c]).Sum()),
            ];
            return new Changes(
                [.. changes.Select((change, c) => Estimate(change, means[c]))],
                Estimate(Dot(changes, inverse.Direction), along),
                same
            );
        }

        MeanEstimate Estimate(double change, double[] batchMeans) =>
            new(change, halves?.StandardError(batchMeans) ?? double.NaN, (halves?.Batches ?? 1) - 1);
    }

    private static double Change(SusceptibilityRun run, ResponseView view, ResponsePart part, string name, double nbeta, double[] weights)
    {
        int row = run.Manifest.Components.ToList().IndexOf(name);
        ReadOnlySpan<float> response = new ResponseView { Part = part, Probe = view.Probe }
            .Rows(run, [row])[0]
            .Span;
        double[] wide = new double[response.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = response[i];
        }

        return TokenWeights.Change(nbeta, wide, weights);
    }

    private static double Dot(double[] x, double[] y) => x.Select((value, i) => value * y[i]).Sum();

    /// <summary>What one part predicts.</summary>
    /// <param name="Components">Of every component.</param>
    /// <param name="Along">Along the target.</param>
    /// <param name="SameDraws">Of every component, by weights and response from all draws.</param>
    private sealed record Changes(MeanEstimate[] Components, MeanEstimate Along, double[] SameDraws);
}
