using Curie.Numerics.Statistics;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;

namespace Curie.Response.Designs;

/// <summary>What χ says that weights do.</summary>
internal sealed record DesignForecast(double Reliability, DesignPrediction Along, IReadOnlyList<DesignPrediction> Components)
{
    /// <summary>Predicts.</summary>
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
        double[] same = [.. modes.Components.Select(name => Change(run, view, name, options.NBeta, weights))];
        double[] changes = halves?.CrossFit(
            inverse.Filter,
            scores => TokenWeights.Of(scores, scale, options.KeepsNegative),
            (response, rho) => TokenWeights.Change(options.NBeta, response, rho)
        )
            ?? same;
        int first = view.TokensOf(run.Data.Tokens).Start;
        double[] factors = [.. halves?.Tokens.Select(token => options.NBeta * (weights[token - first] - 1)) ?? []];
        double[][] means = [.. modes.Components.Select((_, c) => halves?.BatchMeans(c, factors) ?? [])];
        int degrees = (halves?.Batches ?? 1) - 1;
        DesignPrediction[] components =
        [
            .. modes.Components.Select(
                (name, c) =>
                    new DesignPrediction(
                        name,
                        inverse.Direction[c],
                        new MeanEstimate(changes[c], halves?.StandardError(means[c]) ?? double.NaN, degrees),
                        same[c]
                    )
            ),
        ];
        double[] along =
        [
            .. Enumerable.Range(0, halves?.Batches ?? 0).Select(b => means.Select((one, c) => one[b] * inverse.Direction[c]).Sum()),
        ];
        return new DesignForecast(
            halves?.Reliability(inverse.Filter).Corrected ?? double.NaN,
            new DesignPrediction(
                "",
                1,
                new MeanEstimate(Dot(changes, inverse.Direction), halves?.StandardError(along) ?? double.NaN, degrees),
                Dot(same, inverse.Direction)
            ),
            components
        );
    }

    private static double Change(SusceptibilityRun run, ResponseView view, string name, double nbeta, double[] weights)
    {
        int row = run.Manifest.Components.ToList().IndexOf(name);
        ReadOnlySpan<float> chi = new ResponseView { Probe = view.Probe }
            .Rows(run, [row])[0]
            .Span;
        double[] wide = new double[chi.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = chi[i];
        }

        return TokenWeights.Change(nbeta, wide, weights);
    }

    private static double Dot(double[] x, double[] y) => x.Select((value, i) => value * y[i]).Sum();
}
