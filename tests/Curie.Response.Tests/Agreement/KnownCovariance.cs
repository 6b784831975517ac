using System.Text.Json;
using Curie.Response.Agreement;
using Curie.Response.Runs;
using Curie.Response.Tests.Accumulation;
using Curie.Sampling;

namespace Curie.Response.Tests.Agreement;

/// <summary>Runs in memory whose covariances are known and whose batches have noise that tokens share.</summary>
internal static class KnownCovariance
{
    public const int Tokens = 150;
    public const int Batches = 4;

    /// <summary>Makes the error of a slope half as large again as if tokens had noise of their own alone.</summary>
    public const double SharedNoise = 0.1;

    /// <summary>
    /// A run of components l0h0, l0h1, … whose covariance at token i is size·signal(c, i): every batch has that, noise of its own at every
    /// token, and
    /// some that all tokens share, which looks like the signal of the first. Shifts are 0, so that a product is its batch means too.
    /// </summary>
    public static ComparedRun Run(
        CovarianceEstimator estimator,
        double size,
        double noise,
        int components,
        int chains,
        int seed,
        SamplingOptions? sampling = null
    )
    {
        RunShape shape = new(components, 1, Tokens, chains, 2 * Batches, Batches, Tokens);
        SusceptibilityData data = new(shape, estimator);
        BatchData means = data.Batches!;
        Array.Clear(means.Shift);
        Array.Clear(means.ShiftDataset);
        for (int i = 0; i < Tokens; i++)
        {
            means.Token[i] = i;
            data.Tokens.Position[i] = i;
        }

        System.Random random = new(seed);
        for (int c = 0; c < components; c++)
        {
            for (int b = 0; b < chains * Batches; b++)
            {
                double shared = LossTrace.Gaussian(random);
                Span<float> row = means.CovarianceRow(c, b / Batches, b % Batches).Span;
                for (int i = 0; i < Tokens; i++)
                {
                    row[i] = (float)(
                        (size * Signal(c, i)) + (noise * (LossTrace.Gaussian(random) + (SharedNoise * shared * Signal(0, i))))
                    );
                }
            }
        }

        RunManifest manifest = new()
        {
            Estimator = estimator,
            Versions = new Dictionary<string, string>(),
            Seeds = new Dictionary<string, long>(),
            Configuration = JsonSerializer.SerializeToElement(new { }),
            Components = [.. Enumerable.Range(0, components).Select(c => $"l0h{c}")],
            ProbeNames = ["p"],
            Shape = shape,
        };
        return new ComparedRun(new SusceptibilityRun(manifest, data), sampling ?? new SamplingOptions { Seed = seed });
    }

    /// <summary>Of variance one over tokens, component by component a power of ten larger.</summary>
    public static double Signal(int component, int token) =>
        Math.Pow(10, component) * Math.Sqrt(2) * Math.Cos((0.7 + (0.2 * component)) * token);
}
