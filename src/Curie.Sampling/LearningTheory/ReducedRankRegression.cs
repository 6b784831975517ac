using System.Numerics;
using Curie.Numerics;

namespace Curie.Sampling.LearningTheory;

/// <summary>
/// The learning coefficient of reduced-rank regression y = BAx + noise at a true map of rank r (Aoyagi and Watanabe 2005, "Stochastic
/// complexities of reduced rank regression in Bayesian estimation").
/// </summary>
public static class ReducedRankRegression
{
    /// <summary>
    /// λ and m. With T = H + r and b the parity of M + H + N + r, exactly one case applies:
    /// N + r ≤ M + H, M + r ≤ N + H and H + r ≤ M + N: λ = (2T(M + N) + 2MN − T² − M² − N² + b)/8, m = 1 + b;
    /// M + H &lt; N + r: λ = (HM − Hr + Nr)/2; N + H &lt; M + r: λ = (HN − Hr + Mr)/2; M + N &lt; H + r: λ = MN/2; m = 1 in these three.
    /// </summary>
    /// <param name="input">M, the length of x.</param>
    /// <param name="hidden">H, the length of Ax.</param>
    /// <param name="output">N, the length of y.</param>
    /// <param name="rank">r, the rank of the true map.</param>
    /// <exception cref="InputException">A width is not positive, or the rank is not one that the widths allow.</exception>
    public static LearningTruth Truth(int input, int hidden, int output, int rank)
    {
        DeepLinearNetwork.Validate([input, hidden, output], rank);
        BigInteger m = input;
        BigInteger h = hidden;
        BigInteger n = output;
        BigInteger r = rank;
        if (m + h < n + r)
        {
            return new LearningTruth(new Rational((h * m) - (h * r) + (n * r), 2), 1);
        }

        if (n + h < m + r)
        {
            return new LearningTruth(new Rational((h * n) - (h * r) + (m * r), 2), 1);
        }

        if (m + n < h + r)
        {
            return new LearningTruth(new Rational(m * n, 2), 1);
        }

        BigInteger t = h + r;
        int parity = (m + h + n + r).IsEven ? 0 : 1;
        return new LearningTruth(new Rational((2 * t * (m + n)) + (2 * m * n) - (t * t) - (m * m) - (n * n) + parity, 8), 1 + parity);
    }
}
