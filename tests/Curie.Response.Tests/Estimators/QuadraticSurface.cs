using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Response.Tests.Accumulation;

namespace Curie.Response.Tests.Estimators;

/// <summary>
/// SGLD on L = ½·w'Hw in two dimensions, localised at its minimum w* = 0, with tokens ℓ_i = L + b_i'w + ½·w'D_i·w, and the exact stationary
/// moments of that chain: covariance S = [A(I − εA/4)]⁻¹ with A = nβ·H + γ on the selected coordinates (w ← (I − εA/2)w + √ε·η is a
/// linear recursion, and S solves its stationarity condition).
/// </summary>
internal sealed class QuadraticSurface
{
    public const double NBeta = 100;
    public const double Gamma = 10;
    public const double StepSize = 0.001;
    private static readonly double[,] H =
    {
        { 2, 1 },
        { 1, 2 },
    };

    /// <summary>Linear term and curvature of every token: b and (D11, D12, D22).</summary>
    public static readonly (double[] B, double[] D)[] Tokens =
    [
        ([0, 0], [0.4, 0.1, -0.3]),
        ([0.02, -0.01], [0.4, 0.1, -0.3]),
        ([0.1, 0.05], [-0.8, 0.2, 0.1]),
    ];

    public static ProbeLayout Layout { get; } = new(["quadratic"], [Tokens.Length]);

    /// <summary>tr(H·S), tr(D·S) and tr(H·S·D·S) of the chain over both coordinates or over the first alone.</summary>
    public static (double HS, double DS, double HSDS) Traces(double[] d, bool masked)
    {
        double[,] s = Stationary(masked);
        double[,] curvature =
        {
            { d[0], d[1] },
            { d[1], d[2] },
        };
        double[,] hs = Product(H, s);
        double[,] ds = Product(curvature, s);
        return (Trace(hs), Trace(ds), Trace(Product(hs, ds)));
    }

    public static ComponentMoments Sample(System.Random random, bool masked, int chains, int draws, int burnIn, int spacing)
    {
        ComponentMoments moments = new(masked ? "w1" : "full", Layout);
        float[] init = new float[Tokens.Length];
        float[] losses = new float[Tokens.Length];
        for (int chain = 0; chain < chains; chain++)
        {
            using PairAccumulator accumulator = new(Layout, BatchPlan.ForDraws(draws, chains));
            double x = 0;
            double y = 0;
            for (int step = 0; step < burnIn + (draws * spacing); step++)
            {
                double gx = (NBeta * ((H[0, 0] * x) + (H[0, 1] * y))) + (Gamma * x);
                double gy = (NBeta * ((H[1, 0] * x) + (H[1, 1] * y))) + (Gamma * y);
                x += (-StepSize / 2 * gx) + (Math.Sqrt(StepSize) * LossTrace.Gaussian(random));
                y += masked ? 0 : (-StepSize / 2 * gy) + (Math.Sqrt(StepSize) * LossTrace.Gaussian(random));
                if (step >= burnIn && (step - burnIn) % spacing == spacing - 1)
                {
                    double p = 0.5 * ((H[0, 0] * x * x) + (2 * H[0, 1] * x * y) + (H[1, 1] * y * y));
                    for (int i = 0; i < losses.Length; i++)
                    {
                        (double[] b, double[] d) = Tokens[i];
                        losses[i] = (float)(p + (b[0] * x) + (b[1] * y) + (0.5 * ((d[0] * x * x) + (2 * d[1] * x * y) + (d[2] * y * y))));
                    }

                    accumulator.Add(p, losses, init);
                }
            }

            moments.Add(accumulator);
        }

        return moments;
    }

    public static SusceptibilityEstimates Estimate(ComponentMoments component, ComponentMoments full, out FullShift shift)
    {
        shift = FullShift.Estimate(full.Tokens, new double[Tokens.Length]);
        return SusceptibilityEstimates.Compute(component.Tokens, shift);
    }

    /// <summary>
    /// The exact parts for a token: χ, covariance, renormalization, shift, and the excess, which is the shift as the losses at w* are 0.
    /// </summary>
    public static double[] Truth(int token)
    {
        (double hs, double ds, double hsds) = Traces(Tokens[token].D, masked: true);
        double fullDs = Traces(Tokens[token].D, masked: false).DS;
        double covariance = -0.5 * hsds;
        double renormalization = 0.25 * hs * (fullDs - ds);
        return [covariance + renormalization, covariance, renormalization, 0.5 * ds, 0.5 * ds];
    }

    private static double[,] Stationary(bool masked)
    {
        double diagonal = (NBeta * H[0, 0]) + Gamma;
        if (masked)
        {
            return new double[,]
            {
                { 1 / (diagonal * (1 - (StepSize * diagonal / 4))), 0 },
                { 0, 0 },
            };
        }

        // The eigenvectors of H are (1, 1)/√2 and (1, −1)/√2.
        double sum = Variance(diagonal + (NBeta * H[0, 1]));
        double difference = Variance(diagonal - (NBeta * H[0, 1]));
        return new[,]
        {
            { (sum + difference) / 2, (sum - difference) / 2 },
            { (sum - difference) / 2, (sum + difference) / 2 },
        };
    }

    private static double Variance(double a) => 1 / (a * (1 - (StepSize * a / 4)));

    private static double Trace(double[,] m) => m[0, 0] + m[1, 1];

    private static double[,] Product(double[,] a, double[,] b) =>
        new[,]
        {
            { (a[0, 0] * b[0, 0]) + (a[0, 1] * b[1, 0]), (a[0, 0] * b[0, 1]) + (a[0, 1] * b[1, 1]) },
            { (a[1, 0] * b[0, 0]) + (a[1, 1] * b[1, 0]), (a[1, 0] * b[0, 1]) + (a[1, 1] * b[1, 1]) },
        };
}
