using Curie.Development.Stages;
using Curie.Numerics.Random;

namespace Curie.Development.Tests.Stages;

/// <summary>A curve whose extrema are known, measured at checkpoints with known noise.</summary>
internal static class KnownCurve
{
    /// <summary>Log steps of the true maximum and minimum of 10·sin(x).</summary>
    public const double Maximum = Math.PI / 2;

    public const double Minimum = 3 * Math.PI / 2;

    /// <summary>10·sin(x) at even log steps from 0 to 2π.</summary>
    public static DevelopmentCurve Sine(ulong replicate, int checkpoints, double noise, bool errorsAreKnown)
    {
        PhiloxStream random = new(PhiloxKey.Derive(5, RandomPurpose.Scores, "known curve"), replicate);
        double[] x = [.. Enumerable.Range(0, checkpoints).Select(i => 2 * Math.PI * i / (checkpoints - 1))];
        return new DevelopmentCurve(
            "sine",
            [.. x.Select(DevelopmentCurve.Step)],
            [.. x.Select(at => (10 * Math.Sin(at)) + (noise * random.NextGaussian()))],
            errorsAreKnown ? [.. x.Select(_ => noise)] : null
        );
    }
}
