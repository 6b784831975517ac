using Curie.Numerics;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Response.Designs;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Response.Tests.Accumulation;
using Curie.Response.Tests.Reproducibility;
using MathNet.Numerics.LinearAlgebra;

namespace Curie.Response.Tests.Designs;

public sealed class DataDesignTests
{
    private const int Components = 4;

    /// <summary>Of the first of two probes.</summary>
    private const int Tokens = 200;

    private const double NBeta = 30;
    private static readonly double[][] Patterns = [Pattern(1), Pattern(2)];

    /// <summary>Without noise the smallest dq for dμ is that of the pseudo-inverse: float32 responses, so six digits.</summary>
    [Fact]
    public void Weights_of_a_mode_and_of_a_component_are_those_of_the_pseudo_inverse()
    {
        SusceptibilityRun run = Run(noise: 0);
        Matrix<double> chi = Centred(run);
        ModeAnalysis modes = GroupModes.Of(run, new ResponseView { Probe = 0 })[^1].Modes!;
        foreach (DesignTarget target in (DesignTarget[])[DesignTarget.OfMode(2), DesignTarget.OfComponent("l0h2")])
        {
            DataDesign design = DataDesign.Of(run, Options(target) with { Amount = 0.02, KeepsNegative = true });
            double[] direction = target.Mode is null ? [0, 0, 1, 0] : modes.Loadings(1).ToArray();
            Vector<double> shares = PseudoInverse(chi, target.Mode is null ? [0, 1] : [1]) * Vector<double>.Build.DenseOfArray(direction);
            shares *= 0.02 / NBeta;
            Assert.All(Enumerable.Range(0, Tokens), i => Assert.Equal(1 + (Tokens * shares[i]), design.Weights[i], 1e-5));
            Assert.Equal(1, design.Weights.Average(), 1e-9);
            Assert.Equal(0, design.CutShare);

            // What the data then change is what χ says of the shares, and along the target, within the modes in the inverse, what was asked for.
            Vector<double> changes = chi * shares * NBeta;
            Assert.All(Enumerable.Range(0, Components), c => Assert.Equal(changes[c], design.Predictions[c].SameDraws, 1e-6));
            Assert.Equal(changes.DotProduct(Vector<double>.Build.DenseOfArray(direction)), design.Along.SameDraws, 1e-6);
            Assert.Equal(design.Along.SameDraws, design.Along.Change.Mean, 1e-6);
        }

        DataDesign mode = DataDesign.Of(run, Options(DesignTarget.OfMode(2)) with { Amount = 0.02, KeepsNegative = true });
        Assert.Equal(0.02, mode.Along.SameDraws, 1e-6);
    }

    /// <summary>
    /// λ̂ of a component follows its covariance alone: a renormalisation that makes χ three times as large changes what χ predicts and not
    /// that, and the shares that bring an amount of χ bring a third of it.
    /// </summary>
    [Fact]
    public void What_a_component_does_is_predicted_by_its_covariance()
    {
        SusceptibilityRun run = Run(noise: 0);
        float[] chi = run.Data.Response.Values(ResponsePart.Susceptibility);
        for (int i = 0; i < chi.Length; i++)
        {
            chi[i] *= 3;
        }

        DataDesign design = DataDesign.Of(run, Options(DesignTarget.OfMode(1)) with { Amount = 0.02, KeepsNegative = true });

        Assert.Equal(0.02 / 3, design.Along.SameDraws, 1e-6);
        DataDesign own = DataDesign.Of(
            run,
            Options(DesignTarget.OfMode(1)) with
            {
                Amount = 0.02,
                KeepsNegative = true,
                Part = ResponsePart.Covariance,
            }
        );
        Assert.Equal(0.02, own.Along.SameDraws, 1e-6);
    }

    /// <summary>
    /// Of chains whose losses shift, χ and covariance differ: each prediction is the sum over its own part, but for what weights from halves
    /// of the draws differ from those of all, which the errors know (a difference of 4 comes by chance once in 16,000 times).
    /// </summary>
    [Fact]
    public void Each_prediction_follows_its_own_part()
    {
        ProbeLayout layout = new(["p0", "p1"], [60, 60]) { Sampled = [.. Enumerable.Range(0, 120)] };
        SusceptibilityRun run = SyntheticRun.Of(Trace(1, 1.5), Trace(2, 0.2), Trace(3, 0.3), Trace(4, 0.4), Trace(5, 0.5));

        DataDesign design = DataDesign.Of(run, Options(DesignTarget.OfMode(1)) with { Spread = 0.2, KeepsNegative = true });

        foreach ((DesignPrediction one, int c) in design.Predictions.Select((one, c) => (one, c)))
        {
            Near(Sum(ResponsePart.Covariance, c), one.Change);
            Near(Sum(ResponsePart.Susceptibility, c), one.Localized!.Value);
            Assert.True(Math.Abs(one.Change.Mean - one.Localized.Value.Mean) > 10 * one.Change.StandardError);
        }

        LossTrace Trace(int seed, double level) => new(seed, 4, 400, layout, level);

        double Sum(ResponsePart part, int c) =>
            Enumerable
                .Range(0, design.Weights.Count)
                .Sum(i =>
                    NBeta
                    * run.Data.Response.Values(part)[(c * run.Data.Tokens.Count) + design.FirstToken + i]
                    * (design.Weights[i] - 1)
                    / design.Weights.Count
                );

        static void Near(double expected, MeanEstimate found) => Assert.InRange((found.Mean - expected) / found.StandardError, -4, 4);
    }

    /// <summary>
    /// Over 40 runs of noisy draws the cross-fitted prediction is on average the true effect of the weights, and that from the same draws is
    /// not: the noise in the weights is a third of their variance, and enters the latter squared.
    /// </summary>
    [Fact]
    public void Predictions_from_other_halves_are_right_on_average_and_from_the_same_draws_too_large()
    {
        List<double> crossed = [];
        List<double> same = [];
        List<double> standardized = [];
        for (int seed = 0; seed < 40; seed++)
        {
            SusceptibilityRun run = Run(noise: 1.5, seed);
            DataDesign design = DataDesign.Of(run, Options(DesignTarget.OfMode(1)) with { Spread = 0.2 });
            double[] loadings = [.. design.Predictions.Select(one => one.Direction)];
            double truth = 0;
            for (int i = 0; i < Tokens; i++)
            {
                truth += NBeta * (design.Weights[i] - 1) / Tokens * Enumerable.Range(0, Components).Sum(c => loadings[c] * Signal(c, i));
            }

            crossed.Add(design.Along.Change.Mean / truth);
            same.Add(design.Along.SameDraws / truth);
            standardized.Add((design.Along.Change.Mean - truth) / design.Along.Change.StandardError);
        }

        double error = Math.Sqrt(Variance(crossed) / crossed.Count);
        Assert.InRange((crossed.Average() - 1) / error, -3, 3);
        Assert.InRange((same.Average() - 1) / Math.Sqrt(Variance(same) / same.Count), 3, double.PositiveInfinity);

        // A standardised error has variance 1 or, as the weights share noise with the prediction, somewhat more; 40 of them know it to ±.22.
        Assert.InRange(Variance(standardized), 0.3, 2.5);
    }

    [Fact]
    public void Negative_weights_become_zero_and_the_rest_keeps_the_mean()
    {
        SusceptibilityRun run = Run(noise: 0);
        DataDesign design = DataDesign.Of(run, Options(DesignTarget.OfMode(1)) with { Spread = 2 });
        Assert.InRange(design.CutShare, 0.1, 0.5);
        Assert.Equal(design.CutShare, design.Weights.Count(weight => weight == 0) / (double)Tokens, 1e-12);
        Assert.Equal(1, design.Weights.Average(), 1e-9);
        DataDesign opposite = DataDesign.Of(run, Options(DesignTarget.OfMode(1)) with { Spread = -0.2 });
        Assert.Equal(0.2, opposite.Spread, 1e-6);
        Assert.True(opposite.Amount < 0);
        Assert.Equal(opposite.Weights.Order(), opposite.Shuffled(7).Order());
        Assert.NotEqual(opposite.Weights, opposite.Shuffled(7));
        Assert.Equal(opposite.Shuffled(7), opposite.Shuffled(7));
    }

    [Fact]
    public void What_cannot_be_designed_is_refused_in_a_sentence()
    {
        SusceptibilityRun run = Run(noise: 0);
        Refused("there is no mode 9", run, Options(DesignTarget.OfMode(9)));
        Refused("no group l7", run, Options(DesignTarget.OfMode(1, "l7")));
        Refused("l3h3 is not in the group", run, Options(DesignTarget.OfComponent("l3h3")));
        Refused("nβ = 0", run, Options(DesignTarget.OfMode(1)) with { NBeta = 0 });
        Refused("modes of the shift", run, Options(DesignTarget.OfMode(1)) with { Part = ResponsePart.Shift });
        Refused("no mode whose reliability", Run(noise: 0), Options(DesignTarget.OfComponent("l0h1")) with { LeastReliability = 1.5 });
        Assert.Throws<ArgumentException>(() => DataDesign.Of(run, Options(DesignTarget.OfMode(1))));
    }

    private static void Refused(string words, SusceptibilityRun run, DesignOptions options) =>
        Assert.Contains(
            words,
            Assert.Throws<InputException>(() => DataDesign.Of(run, options with { Spread = 0.5 })).Message,
            StringComparison.Ordinal
        );

    private static DesignOptions Options(DesignTarget target) => new() { Target = target, NBeta = NBeta };

    private static double Signal(int component, int token) =>
        ((component + 1) * Patterns[0][token]) + ((component % 2 == 0 ? 0.5 : -0.5) * Patterns[1][token]);

    private static double[] Pattern(int seed)
    {
        System.Random random = new(seed);
        return [.. Enumerable.Range(0, 2 * Tokens).Select(_ => LossTrace.Gaussian(random))];
    }

    private static SusceptibilityRun Run(double noise, int seed = 3) =>
        SyntheticRun.Of(Signal, noise, Components, 2 * Tokens, chains: 4, batches: 2, seed);

    private static Matrix<double> Centred(SusceptibilityRun run)
    {
        float[] values = run.Data.Response.Values(ResponsePart.Susceptibility);
        Matrix<double> chi = Matrix<double>.Build.Dense(Components, Tokens, (c, i) => values[(2 * c * Tokens) + i]);
        return Matrix<double>.Build.Dense(Components, Tokens, (c, i) => chi[c, i] - chi.Row(c).Average());
    }

    private static Matrix<double> PseudoInverse(Matrix<double> chi, int[] kept)
    {
        var svd = chi.Svd();
        Matrix<double> inverse = Matrix<double>.Build.Dense(Tokens, Components);
        foreach (int k in kept)
        {
            inverse += svd.VT.Row(k).OuterProduct(svd.U.Column(k)) / svd.S[k];
        }

        return inverse;
    }

    private static double Variance(List<double> values)
    {
        double mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
    }
}
