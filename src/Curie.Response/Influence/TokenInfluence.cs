using Curie.Numerics;
using Curie.Numerics.Statistics;
using Curie.Response.Patterns;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using MathNet.Numerics.Distributions;

namespace Curie.Response.Influence;

/// <summary>A token whose loss moves with that of another.</summary>
/// <param name="Token">The token's index in the run.</param>
/// <param name="Covariance">The sum over components of Cov(ℓ_i − P, ℓ_j − P) per draw, nats²; a Bayesian influence is its negative.</param>
/// <param name="Correlation">The same as Pearson's r.</param>
/// <param name="P">Two-sided, by Student's t.</param>
/// <param name="Q"><paramref name="P"/> adjusted for all tokens (Benjamini and Hochberg 1995).</param>
public sealed record TokenPartner(int Token, double Covariance, double Correlation, double P, double Q);

/// <summary>
/// Bayesian influences between tokens (arXiv 2509.26544): how the losses of two tokens move together under the localised posterior,
/// <code>
/// K_ij = Σ_c Cov_c(ℓ_i − P, ℓ_j − P),   r_ij = K_ij/√(K_ii·K_jj)
/// </code>
/// from the batch means of the draws that a run keeps, scaled to one draw: m·Cov of means over m draws, which for correlated draws is the
/// sum of their
/// autocovariances. P, the mean loss, is taken out, so what all tokens do together is no influence.
/// </summary>
/// <param name="Token">The token.</param>
/// <param name="Components">The components whose runs are used.</param>
/// <param name="DegreesOfFreedom">Of r, by Satterthwaite's rule over components of unequal size.</param>
/// <param name="Together">The tokens of highest r, falling.</param>
/// <param name="Against">The tokens of lowest r, rising.</param>
public sealed record TokenInfluence(
    int Token,
    IReadOnlyList<string> Components,
    double DegreesOfFreedom,
    IReadOnlyList<TokenPartner> Together,
    IReadOnlyList<TokenPartner> Against
)
{
    /// <summary>The strongest partners of a token.</summary>
    /// <param name="run">The run.</param>
    /// <param name="token">The token; it must be one of those whose batch means the run keeps.</param>
    /// <param name="components">Names of components, `full` among them if wanted; none for all but `full`.</param>
    /// <param name="count">How many partners on each side.</param>
    /// <exception cref="InputException">The run keeps no batch means, or none of this token; or there is no such component, or none with
    /// two batches.</exception>
    public static TokenInfluence Of(SusceptibilityRun run, int token, IReadOnlyList<string> components, int count)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(components);
        BatchData batches = run.Data.Batches
            ?? throw new InputException(
                "the run keeps no batch means, from which influences are made; run the experiment again with this version."
            );
        int place = Array.BinarySearch(batches.Token, token);
        if (place < 0)
        {
            int nearest = batches.Token.MinBy(other => Math.Abs((long)other - token));
            throw new InputException(
                $"the run keeps no batch means of this token; the nearest that it has is row {run.Data.Tokens.Row[nearest]}, position "
                    + $"{run.Data.Tokens.Position[nearest]} of {run.Manifest.ProbeNames[run.Data.Tokens.Probe[nearest]]}."
            );
        }

        string[] names = components.Count > 0 ? [.. components] : [.. run.Manifest.Components];
        Kernel kernel = new(batches.Token.Length);
        foreach (string name in names)
        {
            int index = run.Manifest.Runs.ToList().IndexOf(name);
            kernel.Add(
                run,
                batches,
                index >= 0
                    ? index
                    : throw new InputException($"the run has no component {name}; it has {string.Join(", ", run.Manifest.Runs)}."),
                place
            );
        }

        return kernel.DegreesOfFreedom >= 2
            ? Rank(batches.Token, token, place, names, kernel, count)
            : throw new InputException(
                "these components have too few batches of healthy chains for influences; name more components, or sample more chains."
            );
    }

    private static TokenInfluence Rank(int[] tokens, int token, int place, string[] names, Kernel kernel, int count)
    {
        double degrees = kernel.DegreesOfFreedom;
        double[] r =
        [
            .. kernel.Covariances.Zip(kernel.Variances, (covariance, variance) =>
                covariance / Math.Sqrt(variance * kernel.Variances[place])
            ),
        ];
        double[] p = [.. r.Select(one => double.IsFinite(one) ? PValue(one, degrees) : double.NaN)];
        p[place] = double.NaN;
        double[] q = FalseDiscovery.Adjust(p);
        int[] order =
        [
            .. Enumerable.Range(0, r.Length).Where(i => i != place && double.IsFinite(r[i])).OrderByDescending(i => r[i]).ThenBy(i => i),
        ];
        return new TokenInfluence(
            token,
            names,
            degrees,
            [.. order.Take(count).Where(i => r[i] > 0).Select(Partner)],
            [.. order.AsEnumerable().Reverse().Take(count).Where(i => r[i] < 0).Select(Partner)]
        );

        TokenPartner Partner(int i) => new(tokens[i], kernel.Covariances[i], r[i], p[i], q[i]);
    }

    private static double PValue(double r, double degrees)
    {
        double rest = 1 - (r * r);
        return rest <= 0 ? 0 : 2 * StudentT.CDF(0, 1, degrees - 1, -Math.Abs(r) * Math.Sqrt((degrees - 1) / rest));
    }

    /// <summary>K_ij of one token i with all, K_jj, and the degrees of freedom, added up over components.</summary>
    private sealed class Kernel(int tokens)
    {
        private double _sum;
        private double _squares;

        public double[] Covariances { get; } = new double[tokens];

        public double[] Variances { get; } = new double[tokens];

        /// <summary>(Σ_c v_c)²/Σ_c(v_c²/n_c), v_c the component's mean variance and n_c its batches less one.</summary>
        public double DegreesOfFreedom => _squares > 0 ? _sum * _sum / _squares : 0;

        public void Add(SusceptibilityRun run, BatchData batches, int component, int place)
        {
            RunShape shape = run.Manifest.Shape;
            BatchPlan plan = new(shape.Draws, shape.Batches);
            (int Unit, int Batch)[] all =
            [
                .. Enumerable
                    .Range(0, shape.Units)
                    .Where(unit => BatchBasis.IsHealthy(batches, component, unit))
                    .SelectMany(_ => Enumerable.Range(0, shape.Batches), (unit, batch) => (unit, batch)),
            ];
            if (all.Length < 2)
            {
                return;
            }

            double[] lengths = [.. all.Select(one => (double)(plan.DrawsOf(one.Batch).End.Value - plan.DrawsOf(one.Batch).Start.Value))];
            double[] means = new double[tokens];
            for (int b = 0; b < all.Length; b++)
            {
                ReadOnlySpan<float> row = batches.ShiftRow(component, all[b].Unit, all[b].Batch).Span;
                double share = lengths[b] / lengths.Sum();
                for (int i = 0; i < tokens; i++)
                {
                    means[i] += share * row[i];
                }
            }

            double total = 0;
            for (int b = 0; b < all.Length; b++)
            {
                ReadOnlySpan<float> row = batches.ShiftRow(component, all[b].Unit, all[b].Batch).Span;
                double weight = lengths[b] / (all.Length - 1);
                double own = row[place] - means[place];
                for (int i = 0; i < tokens; i++)
                {
                    double difference = row[i] - means[i];
                    Covariances[i] += weight * own * difference;
                    Variances[i] += weight * difference * difference;
                    total += weight * difference * difference / tokens;
                }
            }

            _sum += total;
            _squares += total * total / (all.Length - 1);
        }
    }
}
