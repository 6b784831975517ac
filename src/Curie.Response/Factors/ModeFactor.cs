using Curie.Response.Attribution;
using Curie.Response.Modes;
using MathNet.Numerics.LinearAlgebra;

namespace Curie.Response.Factors;

/// <summary>How the space of the first modes is factored once more.</summary>
public enum FactorMethod
{
    /// <summary>Loadings turned so that each factor has few large ones.</summary>
    Varimax,

    /// <summary>Scores turned so that they are as independent over tokens as can be.</summary>
    Independent,
}

/// <summary>
/// One factor of the space that the first modes span. Principal components are uncorrelated and ordered by variance, and for that mix what
/// has a cause of its
/// own; these turn them without leaving their space, so the same variance is explained.
/// </summary>
/// <param name="Method">The method.</param>
/// <param name="Number">From 1, by falling share of variance.</param>
/// <param name="ExplainedVariance">Its share of the group's variance; those of one method sum to that of the modes turned.</param>
/// <param name="Kurtosis">The excess kurtosis of its scores: 0 for a Gaussian, large where few tokens carry the factor.</param>
/// <param name="Loadings">By component, of norm 1; the one of largest magnitude is positive.</param>
public sealed record ModeFactor(
    FactorMethod Method,
    int Number,
    double ExplainedVariance,
    double Kurtosis,
    IReadOnlyDictionary<string, double> Loadings
)
{
    private double[] Direction { get; init; } = [];

    /// <summary>The factor's scores, one per token.</summary>
    /// <param name="modes">The modes it was made from.</param>
    public double[] Scores(ModeAnalysis modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        return modes.Scores(Direction);
    }

    /// <summary>Turns the first modes.</summary>
    /// <param name="modes">The modes.</param>
    /// <param name="method">The method.</param>
    /// <param name="count">How many modes are turned.</param>
    /// <returns>The factors; whether they were found, or an iteration did not settle.</returns>
    public static (IReadOnlyList<ModeFactor> Factors, bool Converged) Of(ModeAnalysis modes, FactorMethod method, int count)
    {
        ArgumentNullException.ThrowIfNull(modes);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);

        // Directions without variance cannot be whitened.
        count = Math.Min(count, Enumerable.Range(0, modes.Count).Count(k => modes.ExplainedVariance[k] > 1e-12));
        Matrix<double> loadings = Matrix<double>.Build.Dense(modes.Count, count, (c, k) => modes.Loadings(k)[c]);
        return method == FactorMethod.Varimax
            ? (Ordered(modes, method, loadings * Varimax.Rotation(loadings), loadings * Varimax.Rotation(loadings)), true)
            : Independent(modes, loadings, count);
    }

    private static (IReadOnlyList<ModeFactor> Factors, bool Converged) Independent(ModeAnalysis modes, Matrix<double> loadings, int count)
    {
        double[] deviations = [.. Enumerable.Range(0, count).Select(k => Math.Sqrt(modes.ExplainedVariance[k] * modes.TotalVariance))];
        double[][] whitened = [.. Enumerable.Range(0, count).Select(k => modes.Scores(modes.Loadings(k), 1 / deviations[k]))];
        (Matrix<double> rotation, bool converged) = IndependentComponents.Rotation(whitened);

        // Source j is w_j·z; it adds Σ_k w_jk·σ_k·v_k to the components, and is read from them along Σ_k w_jk·v_k/σ_k.
        Matrix<double> scale = Matrix<double>.Build.DenseOfDiagonalArray(deviations);
        return (
            Ordered(
                modes,
                FactorMethod.Independent,
                loadings * scale * rotation.Transpose(),
                loadings * scale.Inverse() * rotation.Transpose()
            ),
            converged
        );
    }

    /// <summary>Factors from what each adds to the components, and from the directions along which their scores are read.</summary>
    private static ModeFactor[] Ordered(ModeAnalysis modes, FactorMethod method, Matrix<double> mixing, Matrix<double> directions)
    {
        ModeFactor[] factors =
        [
            .. Enumerable
                .Range(0, mixing.ColumnCount)
                .Select(j => Make(modes, method, mixing.Column(j).ToArray(), directions.Column(j).ToArray()))
                .OrderByDescending(factor => factor.ExplainedVariance),
        ];
        return [.. factors.Select((factor, i) => factor with { Number = i + 1 })];
    }

    private static ModeFactor Make(ModeAnalysis modes, FactorMethod method, double[] mixing, double[] direction)
    {
        double norm = Math.Sqrt(Moments.Dot(mixing, mixing));
        double sign = mixing[Enumerable.Range(0, mixing.Length).MaxBy(c => Math.Abs(mixing[c]))] < 0 ? -1 : 1;
        double[] scores = modes.Scores(direction);
        double variance = Moments.Covariance(scores, scores);
        double mean = Moments.Mean(scores);
        double fourth = scores.Average(score => Math.Pow(score - mean, 4));

        // Scores in the unit of the components: their variance times the mixing's squared length is what the factor adds.
        return new ModeFactor(
            method,
            0,
            variance * norm * norm / modes.TotalVariance,
            (fourth / (variance * variance)) - 3,
            modes.Components.Select((name, c) => KeyValuePair.Create(name, sign * mixing[c] / norm)).ToDictionary()
        )
        {
            Direction = [.. direction.Select(value => sign * norm * value)],
        };
    }
}
