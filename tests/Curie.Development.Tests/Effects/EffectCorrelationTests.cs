using System.Text.Json;
using Curie.Development.Effects;
using Curie.Response.Estimators;
using Curie.Response.Patterns;
using Curie.Response.Runs;

namespace Curie.Development.Tests.Effects;

public sealed class EffectCorrelationTests
{
    private const int Tokens = 1200;

    [Fact]
    public void Correlations_are_those_of_the_formula_and_their_error_is_that_of_independent_tokens()
    {
        // y = 0.6·x + 0.8·noise: r = 0.6 with an error of (1 − r²)/√Tokens = 0.018; the pattern holds x and −x.
        System.Random random = new(3);
        float[] x = [.. Enumerable.Range(0, Tokens).Select(_ => Gaussian(random))];
        float[] related = [.. x.Select(value => (0.6f * value) + (0.8f * Gaussian(random)))];
        float[] opposite = [.. x.Select(value => -value)];
        float[] constant = new float[Tokens];
        bool[] half = [.. Enumerable.Range(0, Tokens).Select(i => i % 2 == 0)];
        bool[] few = [.. Enumerable.Range(0, Tokens).Select(i => i < 5)];
        SusceptibilityRun run = Run(x);
        HeadEffects effects = new(["l0h1", "l0h0"], [constant, related], [constant, opposite], [constant, constant]);
        IReadOnlyList<EffectCorrelation> found = EffectCorrelation.Of(
            run,
            ResponsePart.Covariance,
            effects,
            new TokenClasses(["half", "few"], [half, few], [])
        );
        Assert.Equal(6, found.Count);
        EffectCorrelation all = found.Single(one => one is { Measure: "zero_ablation", Pattern: EffectCorrelation.All });
        Assert.Equal(("l0h0", Tokens), (all.Component, all.Tokens));
        Assert.Equal(Pearson(x, related), all.Correlation, 1e-6);
        Assert.Equal(0.64 / Math.Sqrt(Tokens), all.StandardError, 0.6 * 0.64 / Math.Sqrt(Tokens));
        EffectCorrelation mirrored = found.Single(one => one is { Measure: "mean_ablation", Pattern: "half" });
        Assert.Equal((Tokens / 2, -1.0), (mirrored.Tokens, Math.Round(mirrored.Correlation, 9)));
        Assert.True(double.IsNaN(found.Single(one => one is { Measure: "direct_logit", Pattern: "half" }).Correlation));
    }

    [Fact]
    public void Means_stand_by_probe_and_by_pattern()
    {
        float[] values = [.. Enumerable.Range(0, Tokens).Select(i => i < Tokens / 2 ? 1f : 3f)];
        bool[] second = [.. Enumerable.Range(0, Tokens).Select(i => i >= Tokens / 2)];
        HeadEffects effects = new(["l0h0"], [values], [values], [values]);
        MeanEffect[] means = [.. MeanEffect.Of(Run(values), effects, new TokenClasses(["second", "none"], [second, new bool[Tokens]], []))];
        Assert.Equal(6, means.Length);
        MeanEffect probe = means.Single(mean => mean is { Measure: "mean_ablation", Over: "probe" });
        Assert.Equal(("p", Tokens), (probe.Name, probe.Tokens));
        Assert.Equal(2, probe.Mean, 1e-9);

        // Sixty rows of 20 tokens, half of them 1 and half 3.
        Assert.Equal(1 / Math.Sqrt(59), probe.StandardError, 1e-9);
        Assert.Equal(3, means.Single(mean => mean is { Measure: "direct_logit", Over: "pattern" }).Mean, 1e-9);
    }

    private static SusceptibilityRun Run(float[] response)
    {
        RunShape shape = new(2, 1, Tokens, 1, 1);
        SusceptibilityData data = new(shape);
        response.CopyTo(data.Response.Values(ResponsePart.Covariance), 0);
        for (int i = 0; i < Tokens; i++)
        {
            data.Tokens.Row[i] = i / 20;
        }

        return new SusceptibilityRun(
            new RunManifest
            {
                Versions = new Dictionary<string, string>(),
                Seeds = new Dictionary<string, long>(),
                Configuration = JsonSerializer.SerializeToElement(new { }),
                Components = ["l0h0", "l0.attn"],
                ProbeNames = ["p"],
                Shape = shape,
            },
            data
        );
    }

    private static float Gaussian(System.Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    private static double Pearson(float[] x, float[] y)
    {
        double mx = x.Average(),
            my = y.Average();
        return x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / Math.Sqrt(x.Sum(a => (a - mx) * (a - mx)) * y.Sum(b => (b - my) * (b - my)));
    }
}
