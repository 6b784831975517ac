using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Validation;

/// <summary>Runs chains on a surface, or on independent copies of it, for a case.</summary>
internal static class SampledCase
{
    /// <summary>The copies of a surface of one or two weights that a chain carries.</summary>
    public const int Copies = 32;

    /// <summary>
    /// nβ(E[L] − L(w*)) of one copy, with its standard error by batch means, and the chains that were stopped. The
    /// name keys the noise, so that cases are independent of each other.
    /// </summary>
    public static (MeanEstimate Value, IReadOnlyList<ChainFailure> Failures) Coefficient(
        string name,
        ILossSurface surface,
        int copies,
        SamplingOptions options,
        Kernels kernels,
        CancellationToken cancellation,
        double gradientNoise = 0
    )
    {
        ILossSurface clean = copies == 1 ? surface : new IndependentCopies(surface, copies);
        ILossSurface sampled = gradientNoise > 0 ? new MinibatchNoise(clean, gradientNoise, options.Seed, kernels) : clean;
        ComponentReport report = Run(name, sampled, new SurfaceObserver(clean), options, kernels, cancellation);
        LearningCoefficient all = LearningCoefficient.Estimate(report);
        return (new MeanEstimate(all.Value / copies, all.SamplingError!.Value / copies, all.SamplingDegreesOfFreedom), report.Failures);
    }

    /// <summary>The draws of a surface of one weight: one series for each copy of each healthy chain.</summary>
    public static (double[][] Series, IReadOnlyList<ChainFailure> Failures) Coordinates(
        string name,
        ILossSurface surface,
        SamplingOptions options,
        Kernels kernels,
        CancellationToken cancellation
    )
    {
        IndependentCopies copies = new(surface, Copies);
        CoordinateObserver observer = new(copies, options);
        ComponentReport report = Run(name, copies, observer, options, kernels, cancellation);
        LearningCoefficient.Estimate(report);
        return ([.. report.HealthyChains.SelectMany(observer.Series)], report.Failures);
    }

    /// <summary>Shows every draw to <paramref name="look"/>; returns the chains that were stopped.</summary>
    /// <exception cref="Numerics.InputException">All of them were.</exception>
    public static IReadOnlyList<ChainFailure> Observe(
        string name,
        ILossSurface surface,
        SamplingOptions options,
        Kernels kernels,
        DrawAction look,
        CancellationToken cancellation
    )
    {
        ComponentReport report = Run(name, surface, new LookingObserver(surface, look), options, kernels, cancellation);
        LearningCoefficient.Estimate(report);
        return report.Failures;
    }

    /// <summary>Cov(f, g) of series, with the batch-means error of its centred products.</summary>
    public static MeanEstimate Covariance(double[][] f, double[][] g)
    {
        double meanF = f.Average(series => series.Average());
        double meanG = g.Average(series => series.Average());
        return BatchMeans.Estimate([.. f.Zip(g, (left, right) => left.Zip(right, (x, y) => (x - meanF) * (y - meanG)).ToArray())]);
    }

    private static ComponentReport Run(
        string name,
        ILossSurface surface,
        IDrawObserver observer,
        SamplingOptions options,
        Kernels kernels,
        CancellationToken cancellation
    )
    {
        using Machine machine = new(kernels, threads: 1);
        return ChainRunner.Run(
            new SampledComponent(name, surface, new SurfaceObserver(surface).InitLoss()),
            options,
            observer,
            machine,
            new RunControls { Cancellation = cancellation }
        );
    }

    /// <summary>Looks at a draw of a chain.</summary>
    internal delegate void DrawAction(int chain, int draw, ReadOnlySpan<float> w);

    private sealed class LookingObserver(ILossSurface surface, DrawAction look) : IDrawObserver
    {
        private readonly SurfaceObserver _loss = new(surface);

        public double Observe(int chain, int draw, ReadOnlySpan<float> w)
        {
            look(chain, draw, w);
            return _loss.Observe(chain, draw, w);
        }
    }

    private sealed class CoordinateObserver(IndependentCopies surface, SamplingOptions options) : IDrawObserver
    {
        private readonly SurfaceObserver _loss = new(surface);
        private readonly double[][] _series =
        [
            .. Enumerable.Range(0, options.Chains * surface.Copies).Select(_ => new double[options.Draws]),
        ];

        public double Observe(int chain, int draw, ReadOnlySpan<float> w)
        {
            for (int copy = 0; copy < w.Length; copy++)
            {
                _series[(chain * w.Length) + copy][draw] = w[copy];
            }

            return _loss.Observe(chain, draw, w);
        }

        public IEnumerable<double[]> Series(int chain) => _series.Skip(chain * surface.Copies).Take(surface.Copies);
    }
}
