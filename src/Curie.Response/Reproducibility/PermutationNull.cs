using Curie.Numerics.Random;
using Curie.Response.Modes;
using MathNet.Numerics.LinearAlgebra;

namespace Curie.Response.Reproducibility;

/// <summary>
/// What a mode would explain if the components had no tokens in common. The statistic of mode k is the share of the variance that is left
/// after
/// the modes before it, F_k = λ_k / Σ_{j≥k} λ_j. Under the null hypothesis the residual values of different components are unrelated, so
/// the
/// tokens of each component may be put in any order without changing the law: every component's tokens are permuted on their own, the
/// directions of the modes before k are projected out again (the residual has no variance there), and F_k is taken anew. Every component
/// keeps all its values, so a few extreme tokens of one component cannot pass for a mode by themselves.
/// </summary>
/// <remarks>
/// Parallel analysis by permutation (Buja and Eyuboglu 1992), mode by mode (Vitale et al. 2017). It speaks about what components share,
/// noise
/// of the run `full` included, which all of them share; whether a mode repeats itself is what <see cref="SplitAgreement"/> tells.
/// </remarks>
/// <param name="Observed">F_k.</param>
/// <param name="NullMean">Its mean over permutations.</param>
/// <param name="NullHigh">Its 95 % quantile over permutations.</param>
/// <param name="PValue">(1 + permutations with as large a share)/(1 + permutations).</param>
public sealed record PermutationNull(double Observed, double NullMean, double NullHigh, double PValue)
{
    /// <summary>The most tokens that are permuted: enough that the null's spread is small beside any mode worth the name.</summary>
    private const int MostTokens = 4096;

    /// <summary>Tries the first modes of a response matrix.</summary>
    /// <param name="rows">The values of each component, one per token.</param>
    /// <param name="key">Keys the permutations, beside the seed.</param>
    /// <param name="options">How many modes and permutations.</param>
    internal static IReadOnlyList<PermutationNull> Of(IReadOnlyList<ReadOnlyMemory<float>> rows, string key, ReproducibilityOptions options)
    {
        int[] tokens = Accumulation.TokenSample.Choose(rows[0].Length, options.Seed, MostTokens);
        Matrix<double> values = Matrix<double>.Build.DenseOfRowArrays(rows.Select(row => Centred(row.Span, tokens)));
        GramModes modes = GramModes.Of((values * values.Transpose()).ToArray());
        PhiloxStream random = new(PhiloxKey.Derive(options.Seed, RandomPurpose.Bootstrap, $"permutations {key}"));
        List<PermutationNull> result = [];
        Matrix<double> outside = Matrix<double>.Build.DenseIdentity(rows.Count);

        // The last mode is all that is left, whatever the tokens' order.
        for (int k = 0; k < Math.Min(options.Modes, rows.Count - 1); k++)
        {
            double observed = modes.Variances[k] / modes.Variances.Skip(k).Sum();
            result.Add(Compare(observed, outside * values, outside, options.Permutations, random));
            Vector<double> loading = Vector<double>.Build.Dense(modes.Loadings[k]);
            outside -= loading.OuterProduct(loading);
        }

        return result;
    }

    private static PermutationNull Compare(
        double observed,
        Matrix<double> residual,
        Matrix<double> outside,
        int permutations,
        PhiloxStream random
    )
    {
        double[][] rows = residual.ToRowArrays();
        double[] shares = new double[permutations];
        for (int i = 0; i < permutations; i++)
        {
            foreach (double[] row in rows)
            {
                random.Shuffle<double>(row);
            }

            GramModes modes = GramModes.Of((outside * Gram(rows) * outside).ToArray());
            shares[i] = modes.Share(0);
        }

        Array.Sort(shares);
        return new PermutationNull(
            observed,
            shares.Average(),
            shares[(int)Math.Ceiling(0.95 * permutations) - 1],
            (1.0 + shares.Count(share => share >= observed)) / (1 + permutations)
        );
    }

    private static Matrix<double> Gram(double[][] rows)
    {
        Matrix<double> gram = Matrix<double>.Build.Dense(rows.Length, rows.Length);
        for (int c = 0; c < rows.Length; c++)
        {
            for (int d = 0; d <= c; d++)
            {
                gram[c, d] = gram[d, c] = CentredGram.Dot(rows[c], rows[d]);
            }
        }

        return gram;
    }

    private static double[] Centred(ReadOnlySpan<float> row, int[] tokens)
    {
        double[] values = new double[tokens.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = row[tokens[i]];
        }

        return CentredValues.Of(values);
    }
}
