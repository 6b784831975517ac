using System.Text.Json;
using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Response.Tests.Accumulation;

namespace Curie.Response.Tests.Reproducibility;

/// <summary>Runs in memory whose batch means are known.</summary>
internal static class SyntheticRun
{
    /// <summary>
    /// χ of component c at token i is signal(c, i), and every batch's is that plus its own noise of standard deviation
    /// <paramref name="noise"/>: batch products
    /// are that with the other sign and all shifts are zero, so that the covariance is all of χ.
    /// </summary>
    public static SusceptibilityRun Of(
        Func<int, int, double> signal,
        double noise,
        int components,
        int tokens,
        int chains,
        int batches,
        int seed,
        bool control = false
    )
    {
        RunShape shape = new(components, 2, tokens, chains, 2 * batches, batches, tokens);
        SusceptibilityData data = new(shape);
        System.Random random = new(seed);
        BatchData means = data.Batches!;
        Array.Clear(means.Shift);
        Array.Clear(means.ShiftDataset);
        Array.Fill(data.TraceLoss, 1);
        for (int i = 0; i < tokens; i++)
        {
            means.Token[i] = i;
            data.Tokens.Probe[i] = 2 * i / tokens;
        }

        for (int c = 0; c < components; c++)
        {
            Span<float> total = data.Response.Values(ResponsePart.Susceptibility).AsSpan(c * tokens, tokens);
            for (int b = 0; b < chains * batches; b++)
            {
                Span<float> row = means.CovarianceRow(c, b / batches, b % batches).Span;
                for (int i = 0; i < tokens; i++)
                {
                    row[i] = (float)(signal(c, i) + (noise * LossTrace.Gaussian(random)));
                    total[i] += row[i] / (chains * batches);
                }

                Span<double> probes = means.CovarianceDatasetRow(c, b / batches, b % batches).Span;
                probes[0] = row[..(tokens / 2)].ToArray().Average();
                probes[1] = row[(tokens / 2)..].ToArray().Average();
            }

            total.CopyTo(data.Response.Values(ResponsePart.Covariance).AsSpan(c * tokens, tokens));
        }

        return new SusceptibilityRun(Manifest(shape, control), data);
    }

    /// <summary>A run made of sampled traces, estimated as in an experiment.</summary>
    public static SusceptibilityRun Of(LossTrace full, params LossTrace[] components)
    {
        ProbeLayout layout = full.Layout;
        RunShape shape = new(
            components.Length,
            layout.Probes,
            layout.Tokens,
            full.Chains,
            full.Draws,
            full.Plan.Batches,
            layout.Sampled.Count
        );
        SusceptibilityData data = new(shape) { InitLossMean = LossTrace.InitMean };
        full.InitLosses.CopyTo(data.Tokens.InitLoss, 0);
        for (int probe = 0; probe < layout.Probes; probe++)
        {
            data.Tokens.Probe.AsSpan(layout.TokensOf(probe)).Fill(probe);
        }

        using ComponentMoments fullMoments = full.AllMoments();
        FullShift tokens = FullShift.Estimate(fullMoments.Tokens, FullShift.BaselinesOf(full.InitLosses, LossTrace.InitMean));
        FullShift probes = FullShift.Estimate(fullMoments.Probes, layout.Means(FullShift.BaselinesOf(full.InitLosses, LossTrace.InitMean)));
        data.SetFullShift(tokens, probes);
        data.Batches!.Set(0, fullMoments);
        for (int c = 0; c < components.Length; c++)
        {
            using ComponentMoments moments = components[c].AllMoments();
            data.Batches.Set(c + 1, moments);
            data.Response.SetRow(c, SusceptibilityEstimates.Compute(moments.Tokens, tokens));
            data.Dataset.SetRow(c, SusceptibilityEstimates.Compute(moments.Probes, probes));
            for (int chain = 0; chain < full.Chains; chain++)
            {
                for (int draw = 0; draw < full.Draws; draw++)
                {
                    data.Trace(c + 1, chain)[draw] = components[c].Phi[chain][draw] + LossTrace.InitMean;
                }
            }
        }

        return new SusceptibilityRun(Manifest(shape, control: false), data);
    }

    /// <summary>The manifest of a run of that shape.</summary>
    public static RunManifest Manifest(RunShape shape, bool control) =>
        new()
        {
            Versions = new Dictionary<string, string>(),
            Seeds = new Dictionary<string, long>(),
            Configuration = JsonSerializer.SerializeToElement(new { }),
            Components = [.. Enumerable.Range(0, shape.Components).Select(c => $"l0h{c}")],
            ProbeNames = [.. Enumerable.Range(0, shape.Probes).Select(probe => $"p{probe}")],
            Shape = shape,
            Control = control,
        };
}
