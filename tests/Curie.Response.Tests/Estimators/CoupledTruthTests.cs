using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Coupling;
using Curie.Sampling.Surfaces;

namespace Curie.Response.Tests.Estimators;

/// <summary>
/// The two-run estimator with coupled chains: L = ½wᵀHw, ℓ = L + bᵀw + ½wᵀDw, H = [[2, 1], [1, 2]], D = [[.4, .1], [.1, −.3]], nβ 100, γ
/// 10, ε .001. The first weight moves, a = 210,
/// and in `full` both.
/// </summary>
public sealed class CoupledTruthTests
{
    private const double Strength = 1;
    private const int FullDrawFactor = 2;
    private static readonly double[] H = [2, 1, 1, 2];
    private static readonly double[] B = [0.02, -0.01];
    private static readonly double[] D = [0.4, 0.1, 0.1, -0.3];
    private static readonly ProbeLayout Layout = new(["quadratic"], [1]);

    private static readonly SamplingOptions Options = new()
    {
        StepSize = 1e-3,
        NBeta = 100,
        Localization = 10,
        Chains = 4,
        Antithetic = true,
        Draws = 20_000,
        BurnIn = 300,
        StepsBetweenDraws = 4,
        Seed = 5,
    };

    /// <summary>
    /// The product's single-run term is −1.010329·10⁻⁵ at this step and −9.07029·10⁻⁶ at ε → 0; the response has 1 − εa/2 = .895 of the
    /// former. A shadow of nβ + 1 in place of nβ takes
    /// another 1 − 1/110 or so, which is counted. The second term, −4.908105·10⁻⁶, is a product of means and as it was. All within four
    /// standard errors.
    /// </summary>
    [Fact]
    public void Every_part_meets_its_exact_value()
    {
        using ComponentMoments full = Sample(moving: [0, 1], coupled: false, Options.Draws * FullDrawFactor);
        using ComponentMoments masked = Sample(moving: [0], coupled: true, Options.Draws);
        FullShift shift = FullShift.Estimate(full.Tokens, [0]);
        SusceptibilityEstimates estimates = SusceptibilityEstimates.Compute(masked.Tokens, shift);
        double covariance = 0.5 * 0.4 * (Variance(210 + (2 * Strength)) - Variance(210)) / Strength;
        Assert.Equal(-1.010329e-5 * 0.895, 0.5 * 0.4 * (Variance(210 + 1e-4) - Variance(210)) / 5e-5, 5e-11);
        const double renormalization = -4.908105e-6;
        AssertWithin(covariance, ResponsePart.Covariance);
        AssertWithin(renormalization, ResponsePart.Renormalization);
        AssertWithin(covariance + renormalization, ResponsePart.Susceptibility);
        AssertWithin(0.5 * 0.4 * Variance(210), ResponsePart.Shift);
        Assert.InRange(estimates.StandardErrors(ResponsePart.Covariance)[0], 0, 0.02 * 9e-6);

        // The product is told from it.
        Assert.True(
            Math.Abs(estimates.Values(ResponsePart.Covariance)[0] + 1.010329e-5) > 4 * estimates.StandardErrors(ResponsePart.Covariance)[0]
        );

        void AssertWithin(double truth, ResponsePart part)
        {
            double value = estimates.Values(part)[0];
            double error = estimates.StandardErrors(part)[0];
            Assert.True(Math.Abs(value - truth) <= 4 * error, $"{part}: {value:R} ± {error:G3}, not {truth:R}");
        }
    }

    private static double Variance(double a) => 1 / (a * (1 - (Options.StepSize * a / 4)));

    private static ComponentMoments Sample(int[] moving, bool coupled, int draws)
    {
        SamplingOptions options = Options with { Draws = draws };
        Sampling.Surfaces.QuadraticSurface all = new(H, [0, 0], [0, 0]);
        CoordinateSubset loss = new(all, moving);
        BatchPlan plan = BatchPlan.ForDraws(draws, options.Units);
        PairAccumulator[] units = [.. Enumerable.Range(0, options.Units).Select(unit => new PairAccumulator(Layout, plan, unit))];
        using Machine machine = Machine.Create(1);
        SampledComponent component = new(coupled ? "w1" : "full", new ObservedSurface(loss, new CoordinateSubset(all, moving)), 0)
        {
            Companions = coupled ? [Companion.Shadow(Strength)] : [],
        };
        using GroupRun run = GroupRun.Of(component, options, machine);
        ChainRunner.Run(run, new Observer(moving.Length, coupled, units), new RunControls());
        ComponentMoments moments = new(component.Name, Layout, coupled ? CovarianceEstimator.Response : CovarianceEstimator.Product);
        foreach (PairAccumulator unit in units)
        {
            moments.Add(unit);
            unit.Dispose();
        }

        return moments;
    }

    private sealed class Observer(int dimension, bool coupled, PairAccumulator[] units) : IGroupObserver
    {
        private readonly float[] _losses = new float[1];

        public void Observe(
            IReadOnlyList<ComponentRun> runs,
            IReadOnlyList<int> members,
            IReadOnlyList<double[]> losses,
            CancellationToken cancellation
        )
        {
            ComponentRun run = runs[0];
            for (int unit = 0; unit < units.Length; unit++)
            {
                units[unit].BeginDraw();
                for (int chain = 2 * unit; chain < (2 * unit) + 2; chain++)
                {
                    double phi = losses[0][chain] = Evaluate(run.Weights(chain));
                    Add(unit, coupled ? EvaluationWeight.OfChain(phi, Strength, 2) : EvaluationWeight.OfProduct(phi, 2));
                    if (coupled)
                    {
                        Add(unit, EvaluationWeight.OfShadow(Evaluate(run.Companion(chain, 0)), Strength, 2));
                    }
                }

                units[unit].EndDraw();
            }
        }

        private void Add(int unit, EvaluationWeight weight) => units[unit].Add(_losses, [0], weight);

        /// <summary>φ = L; ℓ goes into <see cref="_losses"/>.</summary>
        private double Evaluate(ReadOnlySpan<float> w)
        {
            double x = w[0];
            double y = dimension == 1 ? 0 : w[1];
            double phi = Form(H, x, y);
            _losses[0] = (float)(phi + (B[0] * x) + (B[1] * y) + Form(D, x, y));
            return phi;
        }

        private static double Form(double[] m, double x, double y) => 0.5 * ((m[0] * x * x) + (2 * m[1] * x * y) + (m[3] * y * y));
    }
}
