using Curie.Response.Modes;

namespace Curie.Response.Reproducibility;

/// <summary>
/// How two estimates from disjoint sets of batches agree, both of `full` and of the components: means over the ways of halving.
/// </summary>
/// <param name="Components">Of every component, the correlation of its values over tokens.</param>
/// <param name="Modes">Of every mode, the correlation of the scores along its loadings from all batches.</param>
/// <param name="LoadingAngles">The largest principal angle between the loadings of the first 1, 2, … modes of the halves, degrees.</param>
/// <param name="ScoreAngles">The same between their scores over tokens.</param>
internal sealed record SplitAgreement(
    IReadOnlyList<Reliability> Components,
    IReadOnlyList<Reliability> Modes,
    IReadOnlyList<double> LoadingAngles,
    IReadOnlyList<double> ScoreAngles
)
{
    public static SplitAgreement Of(BatchBasis basis, int modes)
    {
        IReadOnlyList<(double[] First, double[] Second)> halves = BatchChoice.Halves(basis.Draws, basis.Units.Count);
        double[][] loadings = GramModes.Of(basis.Gram(BatchChoice.All(basis.Draws))).Loadings;
        double[] components = new double[basis.Components];
        double[] along = new double[modes];
        double[] loadingAngles = new double[modes];
        double[] scoreAngles = new double[modes];
        foreach ((double[] first, double[] second) in halves)
        {
            double[,] own = basis.Gram(first);
            double[,] other = basis.Gram(second);
            double[,] cross = basis.Gram(first, second);
            GramModes ownModes = GramModes.Of(own);
            GramModes otherModes = GramModes.Of(other);
            for (int c = 0; c < components.Length; c++)
            {
                components[c] += cross[c, c] / Math.Sqrt(own[c, c] * other[c, c]) / halves.Count;
            }

            for (int k = 0; k < modes; k++)
            {
                along[k] +=
                    Form(loadings[k], cross, loadings[k])
                    / Math.Sqrt(Form(loadings[k], own, loadings[k]) * Form(loadings[k], other, loadings[k]))
                    / halves.Count;
                loadingAngles[k] +=
                    PrincipalAngles.Largest(PrincipalAngles.Products(ownModes.Loadings, otherModes.Loadings, k + 1)) / halves.Count;
                scoreAngles[k] += PrincipalAngles.Largest(ScoreProducts(ownModes, cross, otherModes, k + 1)) / halves.Count;
            }
        }

        return new SplitAgreement(
            [.. components.Select(r => new Reliability(r))],
            [.. along.Select(r => new Reliability(r))],
            loadingAngles,
            scoreAngles
        );
    }

    /// <summary>u_jᵀv_k of unit scores u_j = X₁ᵀa_j/√λ_j and v_k of the other estimate, from the matrix X₁·X₂ᵀ.</summary>
    public static double[,] ScoreProducts(GramModes first, double[,] cross, GramModes second, int count)
    {
        double[,] products = new double[count, count];
        for (int j = 0; j < count; j++)
        {
            for (int k = 0; k < count; k++)
            {
                double size = Math.Sqrt(first.Variances[j] * second.Variances[k]);
                products[j, k] = size > 0 ? Form(first.Loadings[j], cross, second.Loadings[k]) / size : 0;
            }
        }

        return products;
    }

    private static double Form(double[] left, double[,] matrix, double[] right)
    {
        double sum = 0;
        for (int c = 0; c < left.Length; c++)
        {
            for (int d = 0; d < right.Length; d++)
            {
                sum += left[c] * matrix[c, d] * right[d];
            }
        }

        return sum;
    }
}
