using Curie.Numerics.Statistics;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Sampling;

namespace Curie.Response.Attribution;

/// <summary>
/// Inner products over the sampled tokens of the terms of a mode's score, for any choice of batches: one Gram matrix of the batch means
/// C_cb, D_cb and D⁰_b,
/// each centred over tokens. A term's score Σ_c v_c·term_c is a linear combination of these rows (<see cref="Weights"/>).
/// </summary>
internal sealed class TermBasis
{
    private readonly double[][] _phi;
    private readonly double[,] _gram;
    private readonly double _kappa;

    private TermBasis(double kappa, IReadOnlyList<int> units, int[] draws, double[][] phi, double[,] gram)
    {
        _kappa = kappa;
        Units = units;
        Draws = draws;
        _phi = phi;
        _gram = gram;
    }

    /// <summary>The pairs of chains (or single ones) that are healthy in `full` and in every component.</summary>
    public IReadOnlyList<int> Units { get; }

    /// <summary>The draws of every batch, pair by pair.</summary>
    public int[] Draws { get; }

    /// <summary>The number of components.</summary>
    public int Components => _phi.Length;

    /// <summary>
    /// Prepares some components; null where the run keeps no batch means of common pairs, or too many to compare at once.
    /// </summary>
    public static TermBasis? Of(SusceptibilityRun run, IReadOnlyList<int> rows)
    {
        if (run.Data.Batches is not { } batches)
        {
            return null;
        }

        RunShape shape = run.Manifest.Shape;
        int[] units = BatchBasis.HealthyUnits(run, batches, rows, ResponsePart.Susceptibility);
        BatchPlan plan = new(shape.Draws, shape.Batches);
        (int Unit, int Batch)[] all = [.. units.SelectMany(_ => Enumerable.Range(0, shape.Batches), (unit, batch) => (unit, batch))];
        if (all.Length < 2 || all.Length * ((2 * rows.Count) + 1) > BatchBasis.MostRows)
        {
            return null;
        }

        List<ReadOnlyMemory<float>> means = [];
        foreach (int row in rows)
        {
            means.AddRange(all.Select(b => (ReadOnlyMemory<float>)batches.CovarianceRow(row, b.Unit, b.Batch)));
            means.AddRange(all.Select(b => (ReadOnlyMemory<float>)batches.ShiftRow(row + 1, b.Unit, b.Batch)));
        }

        means.AddRange(all.Select(b => (ReadOnlyMemory<float>)batches.ShiftRow(0, b.Unit, b.Batch)));
        return new TermBasis(
            batches.Estimator == CovarianceEstimator.Product ? 1 : 0,
            units,
            [.. all.Select(b => plan.DrawsOf(b.Batch).End.Value - plan.DrawsOf(b.Batch).Start.Value)],
            [.. rows.Select(row => all.Select(b => BatchBasis.Phi(run.Data, row + 1, b.Unit, plan.DrawsOf(b.Batch))).ToArray())],
            new CentredGram(means, [.. means.Select(mean => ModeAnalysis.Mean(mean.Span))]).Compute(null)
        );
    }

    /// <summary>The coefficients of a term's score along some loadings.</summary>
    public double[] Weights(ResponseTerm term, ReadOnlySpan<double> loadings, double[] shares)
    {
        int batches = shares.Length;
        double[] weights = new double[_gram.GetLength(0)];
        for (int c = 0; c < _phi.Length; c++)
        {
            if (loadings[c] == 0)
            {
                continue;
            }

            double phi = shares.Zip(_phi[c], (share, one) => share * one).Sum();
            int contribution = 2 * c * batches;
            int shift = contribution + batches;
            int full = 2 * _phi.Length * batches;
            for (int b = 0; b < batches; b++)
            {
                double weight = loadings[c] * shares[b];
                switch (term)
                {
                    case ResponseTerm.Covariance:
                        weights[contribution + b] += weight;
                        weights[shift + b] += _kappa * phi * weight;
                        break;
                    case ResponseTerm.RestrictedShift:
                        weights[shift + b] -= phi * weight;
                        break;
                    default:
                        weights[full + b] += phi * weight;
                        break;
                }
            }
        }

        return weights;
    }

    /// <summary>X·Xᵀ of χ from some batches, components × components, symmetric to the last bit.</summary>
    public double[,] Gram(double[] shares)
    {
        int count = _phi.Length;
        double[][] weights = [.. Enumerable.Range(0, count).Select(c => Response(c, shares))];
        double[,] gram = new double[count, count];
        for (int c = 0; c < count; c++)
        {
            double[] image = Times(weights[c]);
            for (int d = c; d < count; d++)
            {
                gram[c, d] = gram[d, c] = Moments.Dot(weights[d], image);
            }
        }

        return gram;
    }

    /// <summary>The matrix of inner products times some coefficients.</summary>
    public double[] Times(double[] weights)
    {
        double[] result = new double[weights.Length];
        for (int j = 0; j < weights.Length; j++)
        {
            if (weights[j] == 0)
            {
                continue;
            }

            for (int i = 0; i < result.Length; i++)
            {
                result[i] += weights[j] * _gram[j, i];
            }
        }

        return result;
    }

    /// <summary>The coefficients of one component's χ: all terms together, in which its own shift cancels.</summary>
    private double[] Response(int component, double[] shares)
    {
        double[] loading = new double[Components];
        loading[component] = 1;
        double[] covariance = Weights(ResponseTerm.Covariance, loading, shares);
        double[] restricted = Weights(ResponseTerm.RestrictedShift, loading, shares);
        double[] full = Weights(ResponseTerm.FullShift, loading, shares);
        for (int i = 0; i < full.Length; i++)
        {
            full[i] += covariance[i] + restricted[i];
        }

        return full;
    }
}
