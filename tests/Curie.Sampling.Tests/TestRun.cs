using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests;

/// <summary>Runs a surface with the kernels that the environment asks for.</summary>
internal static class TestRun
{
    public static Kernels Kernels { get; } = Kernels.FromEnvironment();

    /// <summary>
    /// Samples <paramref name="surface"/>, with P and L0 from <paramref name="evaluated"/>, by default the surface itself.
    /// </summary>
    public static ComponentReport Sample(
        ILossSurface surface,
        SamplingOptions options,
        ILossSurface? evaluated = null,
        RunControls? controls = null,
        int workers = 1,
        string name = "full",
        double? nullLine = null
    )
    {
        using Machine machine = Machine.Create(workers);
        SurfaceObserver observer = new(evaluated ?? surface);
        return ChainRunner.Run(new SampledComponent(name, surface, observer.InitLoss(), nullLine), options, observer, machine, controls);
    }

    /// <summary>nβ(mean of P over all draws and chains − L0), and the standard error from the scatter of the chains' means.</summary>
    public static (double Value, double StandardError) OverChains(ComponentReport report)
    {
        double[] means = [.. report.Trace.Select(draws => report.Options.NBeta * (draws.Average() - report.InitLoss))];
        double mean = means.Average();
        double variance = means.Sum(value => (value - mean) * (value - mean)) / (means.Length - 1);
        return (mean, Math.Sqrt(variance / means.Length));
    }

    public static QuadraticSurface Quadratic(double curvature, double minimum = 0) => new([curvature], [minimum], [0f]);
}
