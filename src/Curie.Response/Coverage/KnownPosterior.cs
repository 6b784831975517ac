using Curie.Numerics.Kernels;
using Curie.Numerics.Random;
using Curie.Response.Estimators;
using Curie.Response.Experiments;
using Curie.Sampling;
using Curie.Sampling.Surfaces;
using MathNet.Numerics.LinearAlgebra;

namespace Curie.Response.Coverage;

/// <summary>
/// SGLD on copies of L = ½wᵀHw in four weights around its minimum w* = 0, with components that are one weight of every copy and tokens
/// ℓ_i = L + Σ_copies (b_iᵀw + ½wᵀD_i·w), and every quantity that Curie estimates in closed form. The update
/// w ← (I − εA/2)w + √ε·η is a linear recursion with A = nβH + γ on the selected weights, so its stationary covariance is exactly
/// S = [A(I − εA/4)]⁻¹ (times 1 + ε(nβ)²s²/4 with gradient noise of variance s²), and moments of Gaussians give, over m copies,
/// <code>
/// E_C[φ] = (m/2)·H_cc·S_c,   R_i = (m/2)·D_i,cc·S_c,   F_i = (m/2)·tr(D_i·S),   Cov_C(φ, ℓ_i − P) = (m/2)·H_cc·D_i,cc·S_c²
/// </code>
/// and, as the shadow has nβ + s in the place of nβ, the response (m/2)·D_i,cc·(S_c(nβ + s) − S_c(nβ))/s, which at s → 0 is the negative of
/// that covariance
/// times 1 − εA_cc/2 (over 1 + ε(nβ)²s²/4).
/// </summary>
internal sealed class KnownPosterior
{
    public const int Weights = 4;
    public const int Probes = 2;
    public const long TokenSeed = 7;
    private const int GivenTokens = 12;
    private const double Common = 0.5;
    private const double Own = 0.25;
    private const double SlopeSize = 0.02;

    /// <summary>Draws apart by so many updates at ρ = 0.8 are independent: 0.8⁶⁰ ≈ 10⁻⁶.</summary>
    private const int IndependentSpacing = 60;

    private const double IndependentPersistence = 0.8;

    private static readonly double[] H = [2.0, 0.6, 0.2, 0.0, 0.6, 1.6, 0.3, 0.2, 0.2, 0.3, 2.4, 0.4, 0.0, 0.2, 0.4, 1.8];

    /// <summary>s over nβ: shadow and chain are then as far apart as in runs on networks, a thousandth of their distance from w*.</summary>
    private const double RelativeStrength = 1e-3;

    private readonly CoverageCase _case;
    private readonly double _noiseVariance;
    private readonly double _heat;

    public KnownPosterior(CoverageCase settings, long textSeed = TokenSeed)
    {
        settings.Validate();
        _case = settings;
        bool independent = settings.Persistence == 0;
        Matrix<double> rates =
            (settings.NBeta * Matrix<double>.Build.Dense(Weights, Weights, H))
            + (settings.Localization * Matrix<double>.Build.DenseIdentity(Weights));
        double slowest = rates.Evd(Symmetricity.Symmetric).EigenValues.Min(value => value.Real);
        double step = 2 * (1 - (independent ? IndependentPersistence : settings.Persistence)) / slowest;
        _noiseVariance = settings.SharedMinibatches ? 4 / (step * settings.NBeta * settings.NBeta) : 0;
        _heat = settings.SharedMinibatches ? 2 : 1;
        SamplingOptions options = new()
        {
            StepSize = step,
            NBeta = settings.NBeta,
            Localization = settings.Localization,
            Chains = settings.Chains,
            Antithetic = settings.Coupled,
            Draws = settings.Draws,
            StepsBetweenDraws = independent ? IndependentSpacing : 1,
        };
        Options = options with { BurnIn = ExperimentDesign.LeastBurnIn(options) };
        Matrix<double> identity = Matrix<double>.Build.DenseIdentity(Weights);
        FullCovariance = _heat * (rates * (identity - (step / 4 * rates))).Inverse();
        Variances = [.. Enumerable.Range(0, Weights).Select(c => Variance(c, 0))];
        TokensPerProbe = settings.Rows > 0 ? settings.Rows * settings.TokensPerRow : GivenTokens;
        Slopes = new double[Tokens][];
        Curvatures = new double[Tokens][];
        MakeTokens(textSeed);
    }

    /// <summary>Tokens of each probe.</summary>
    public int TokensPerProbe { get; }

    /// <summary>Tokens of both.</summary>
    public int Tokens => Probes * TokensPerProbe;

    /// <summary>The row of a token in its probe; where the tokens are given, all are of one.</summary>
    public int RowOf(int token) => _case.Rows > 0 ? token % TokensPerProbe / _case.TokensPerRow : 0;

    /// <summary>How it is sampled; the seed is the replicate's.</summary>
    public SamplingOptions Options { get; }

    /// <summary>How the covariance of the components is estimated; the run `full` needs none.</summary>
    public CovarianceEstimator Estimator => _case.Coupled ? CovarianceEstimator.Response : CovarianceEstimator.Product;

    /// <summary>s.</summary>
    public double Strength => RelativeStrength * Options.NBeta;

    /// <summary>b_i.</summary>
    public double[][] Slopes { get; }

    /// <summary>D_i, row by row.</summary>
    public double[][] Curvatures { get; }

    /// <summary>λ of a component.</summary>
    public double Coefficient(int component) => Options.NBeta * MeanPhi(component);

    /// <summary>F_i.</summary>
    public double FullShift(int token) => FullShift(Curvatures[token]);

    /// <summary>A part; as every loss at w* is 0, the excess is R.</summary>
    public double Truth(ResponsePart part, int component, int token) => Truth(part, component, Curvatures[token]);

    /// <summary>
    /// The covariance over all text of the values of a part, components × components: a part is linear in D, and D in independent normal
    /// numbers, the common one, the contrast and those of each element.
    /// </summary>
    public double[,] OverAllText(ResponsePart part)
    {
        List<double[]> directions = [Direction((c, d) => c == d ? Common : 0), Direction((c, d) => c == d ? Sign(c) * _case.Contrast : 0)];
        for (int c = 0; c < Weights; c++)
        {
            for (int d = 0; d <= c; d++)
            {
                (int row, int column) = (c, d);
                directions.Add(Direction((one, other) => (one, other) == (row, column) || (one, other) == (column, row) ? Own : 0));
            }
        }

        double[,] covariance = new double[Weights, Weights];
        foreach (double[] direction in directions)
        {
            for (int c = 0; c < Weights; c++)
            {
                for (int d = 0; d < Weights; d++)
                {
                    covariance[c, d] += Truth(part, c, direction) * Truth(part, d, direction);
                }
            }
        }

        return covariance;
    }

    /// <summary>The loss of `full`, with the minibatch noise of a replicate.</summary>
    public ILossSurface FullSurface(long seed, Kernels kernels)
    {
        ILossSurface all = Loss();
        return _noiseVariance > 0 ? new MinibatchNoise(all, _noiseVariance, seed, kernels) : all;
    }

    /// <summary>The loss of a component, with the same noise; its observable is the loss without it.</summary>
    public ObservedSurface Surface(int component, long seed, Kernels kernels)
    {
        int[] weights = [.. Enumerable.Range(0, _case.Copies).Select(copy => (copy * Weights) + component)];
        return new ObservedSurface(new CoordinateSubset(FullSurface(seed, kernels), weights), new CoordinateSubset(Loss(), weights));
    }

    /// <summary>The weights in all coordinates: 0, which is w*, where a component does not move.</summary>
    public static void CopyAll(int component, ReadOnlySpan<float> w, Span<float> all)
    {
        all.Clear();
        for (int copy = 0; copy < w.Length; copy++)
        {
            all[(copy * Weights) + component] = w[copy];
        }
    }

    /// <summary>φ at a draw, and ℓ_i − φ there into <paramref name="changes"/>, from Σ w and Σ wwᵀ over copies.</summary>
    /// <param name="sum">Σ w.</param>
    /// <param name="squares">Σ wwᵀ, row by row.</param>
    /// <param name="changes">One per token.</param>
    public double Evaluate(ReadOnlySpan<double> sum, ReadOnlySpan<double> squares, Span<double> changes)
    {
        for (int i = 0; i < Tokens; i++)
        {
            changes[i] = Dot(Slopes[i], sum) + (Dot(Curvatures[i], squares) / 2);
        }

        return Dot(H, squares) / 2;
    }

    private IndependentCopies Loss() => new(new QuadraticSurface(H, new double[Weights], new float[Weights]), _case.Copies);

    private Matrix<double> FullCovariance { get; }

    private double[] Variances { get; }

    private static double Sign(int component) => component < Weights / 2 ? 1 : -1;

    private static double[] Direction(Func<int, int, double> element) =>
        [.. Enumerable.Range(0, Weights * Weights).Select(i => element(i / Weights, i % Weights))];

    private double FullShift(double[] curvatures) =>
        _case.Copies / 2.0 * (Matrix<double>.Build.Dense(Weights, Weights, curvatures) * FullCovariance).Trace();

    private double Truth(ResponsePart part, int component, double[] curvatures)
    {
        double own = curvatures[component * (Weights + 1)];
        double shift = _case.Copies / 2.0 * own * Variances[component];
        double change =
            Estimator == CovarianceEstimator.Response
                ? (Variance(component, Strength) - Variances[component]) / Strength
                : -Curvature(component) * Variances[component] * Variances[component];
        double covariance = _case.Copies / 2.0 * own * change;
        double renormalization = MeanPhi(component) * (FullShift(curvatures) - shift);
        return part == ResponsePart.Susceptibility ? covariance + renormalization
            : part == ResponsePart.Covariance ? covariance
            : part == ResponsePart.Renormalization ? renormalization
            : shift;
    }

    private double MeanPhi(int component) => _case.Copies / 2.0 * Curvature(component) * Variances[component];

    private static double Curvature(int component) => H[component * (Weights + 1)];

    /// <summary>S_c of the chain of a component, or of its shadow.</summary>
    private double Variance(int component, double strength)
    {
        double rate = ((_case.NBeta + strength) * Curvature(component)) + _case.Localization;
        return _heat / (rate * (1 - (Options.StepSize * rate / 4)));
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    /// <summary>
    /// Tokens that all components feel alike, with a contrast between the first two components and the others and a part of each
    /// component's own, so that there are a strong mode, a
    /// second one, and weaker ones.
    /// </summary>
    private void MakeTokens(long seed)
    {
        PhiloxStream random = new(PhiloxKey.Derive(seed, RandomPurpose.Scores, "tokens of known curvature"));
        PhiloxStream contrasts = new(PhiloxKey.Derive(seed, RandomPurpose.Scores, "contrasts of known curvature"));
        PhiloxStream rows = new(PhiloxKey.Derive(seed, RandomPurpose.Scores, "rows of known curvature"));
        double ofRow = 0;
        for (int i = 0; i < Tokens; i++)
        {
            if (_case.Rows > 0 && i % _case.TokensPerRow == 0)
            {
                ofRow = rows.NextGaussian();
            }

            Slopes[i] = [.. Enumerable.Range(0, Weights).Select(_ => SlopeSize * random.NextGaussian())];
            Curvatures[i] = new double[Weights * Weights];
            double ofToken = random.NextGaussian();
            double common = Common * (_case.Rows > 0 ? (ofRow + ofToken) / Math.Sqrt(2) : ofToken);
            double contrast = _case.Contrast * contrasts.NextGaussian();
            for (int c = 0; c < Weights; c++)
            {
                for (int d = 0; d <= c; d++)
                {
                    double value = (c == d ? common + (Sign(c) * contrast) : 0) + (Own * random.NextGaussian());
                    Curvatures[i][(c * Weights) + d] = Curvatures[i][(d * Weights) + c] = value;
                }
            }
        }
    }
}
