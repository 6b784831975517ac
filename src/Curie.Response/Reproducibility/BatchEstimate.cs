using Curie.Numerics.Statistics;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Sampling;

namespace Curie.Response.Reproducibility;

/// <summary>
/// The parts of the response of some components at the sampled tokens, made again from any choice of batches as explicit values, for
/// analyses that
/// need more of them than inner products (<see cref="BatchBasis"/> gives those at a lower price). With shares p_b of the batches, φ = Σ
/// p_b·Φ_b,
/// and κ = 1 where the covariance is a product of fluctuations, 0 where it is a response:
/// <code>
/// covariance = Σ_b p_b·(C_b + κ·φ·D_b)   N = Σ_b φ·p_b·(D⁰_b − D_b)   χ = covariance + N   excess = R − R(w*) = Σ_b p_b·D_b   F − F(w*) =
/// Σ_b p_b·D⁰_b
/// </code>
/// </summary>
internal sealed class BatchEstimate
{
    private readonly BatchData _batches;
    private readonly (int Unit, int Batch)[] _all;
    private readonly double[][] _phi;
    private readonly IReadOnlyList<int> _rows;

    private BatchEstimate(
        BatchData batches,
        IReadOnlyList<int> rows,
        IReadOnlyList<int> units,
        (int Unit, int Batch)[] all,
        int[] draws,
        double[][] phi
    )
    {
        _batches = batches;
        _rows = rows;
        Units = units;
        _all = all;
        Draws = draws;
        _phi = phi;
    }

    /// <summary>The pairs of chains (or single ones) that are healthy in every component, and in `full` where the part needs it.</summary>
    public IReadOnlyList<int> Units { get; }

    /// <summary>The draws of every batch, pair by pair.</summary>
    public int[] Draws { get; }

    /// <summary>The sampled tokens, as indices into the run's tokens.</summary>
    public ReadOnlySpan<int> Tokens => _batches.Token;

    private double Kappa => _batches.Estimator == CovarianceEstimator.Product ? 1 : 0;

    /// <summary>The number of components.</summary>
    public int Components => _rows.Count;

    /// <summary>Prepares some components.</summary>
    /// <param name="run">The run.</param>
    /// <param name="rows">The components.</param>
    /// <param name="part">The part that will be asked for: chains must be healthy in `full` where it needs that.</param>
    /// <returns>The estimate, or null with the reason in words.</returns>
    public static (BatchEstimate? Estimate, string? Reason) Of(SusceptibilityRun run, IReadOnlyList<int> rows, ResponsePart part)
    {
        if (run.Data.Batches is not { } batches)
        {
            return (null, "the run keeps no batch means; run the experiment again with this version.");
        }

        RunShape shape = run.Manifest.Shape;
        int[] units = BatchBasis.HealthyUnits(run, batches, rows, part);
        if (units.Length * shape.Batches < 2)
        {
            return (
                null,
                part.UsesFull
                    ? "full and these components have no healthy chains in common."
                    : "these components have no healthy chains in common."
            );
        }

        BatchPlan plan = new(shape.Draws, shape.Batches);
        (int Unit, int Batch)[] all = [.. units.SelectMany(_ => Enumerable.Range(0, shape.Batches), (unit, batch) => (unit, batch))];
        double[][] phi =
        [
            .. rows.Select(row => all.Select(b => BatchBasis.Phi(run.Data, row + 1, b.Unit, plan.DrawsOf(b.Batch))).ToArray()),
        ];
        int[] draws = [.. all.Select(b => plan.DrawsOf(b.Batch).End.Value - plan.DrawsOf(b.Batch).Start.Value)];
        return (new BatchEstimate(batches, rows, units, all, draws, phi), null);
    }

    /// <summary>φ of a component: its mean excess loss over the chosen batches.</summary>
    public double Phi(int component, double[] shares) => shares.Zip(_phi[component], (share, phi) => share * phi).Sum();

    /// <summary>Φ of a component: the mean of φ over every batch.</summary>
    public ReadOnlySpan<double> PhiOf(int component) => _phi[component];

    /// <summary>F less its value at w*, one per sampled token.</summary>
    public double[] FullShift(double[] shares) => Sum(batch => _batches.ShiftRow(0, batch.Unit, batch.Batch), shares);

    /// <summary>A part, components × sampled tokens; the shift less its value at w*, as the excess.</summary>
    public double[][] Values(ResponsePart part, double[] shares)
    {
        double[] full = part.UsesFull ? FullShift(shares) : [];
        return [.. Enumerable.Range(0, Components).Select(component => Values(part, component, shares, full))];
    }

    /// <summary>
    /// The contribution of every batch to the linearised estimate of a part, batches × sampled tokens: any linear function of the part over
    /// tokens has as its error
    /// that of the batch means of the same function of these (the delta method).
    /// </summary>
    public double[][] Linearized(ResponsePart part, int component)
    {
        double[] all = BatchChoice.All(Draws);
        double phi = Phi(component, all);
        double[] full = part.UsesFull ? FullShift(all) : [];
        int row = _rows[component];
        double[] shift = Sum(batch => _batches.ShiftRow(row + 1, batch.Unit, batch.Batch), all);
        PartWeights weights = part.Weights(phi, Kappa);
        PartWeights slope = part.Slope(Kappa);
        double[][] result = [.. _all.Select(_ => new double[_batches.Token.Length])];
        for (int b = 0; b < _all.Length; b++)
        {
            (int unit, int batch) = _all[b];
            ReadOnlySpan<float> contribution = part.UsesCovariance ? _batches.CovarianceRow(row, unit, batch).Span : [];
            ReadOnlySpan<float> own = _batches.ShiftRow(row + 1, unit, batch).Span;
            ReadOnlySpan<float> other = _batches.ShiftRow(0, unit, batch).Span;
            double one = _phi[component][b];
            for (int i = 0; i < result[b].Length; i++)
            {
                double c = contribution.IsEmpty ? 0 : contribution[i];
                double ofPhi = slope.Apply(0, shift[i], full.Length == 0 ? 0 : full[i]) * one;
                result[b][i] =
                    (weights.Contribution == 0 ? 0 : c)
                    + ofPhi
                    + (weights.Shift * own[i])
                    + (weights.Gap == 0 ? 0 : weights.Gap * ((double)other[i] - own[i]));
            }
        }

        return result;
    }

    /// <summary>The standard error of the mean over all draws of a number with one mean per batch.</summary>
    public double StandardError(ReadOnlySpan<double> batchMeans)
    {
        double draws = Draws.Sum();
        double mean = 0;
        for (int b = 0; b < batchMeans.Length; b++)
        {
            mean += Draws[b] * batchMeans[b] / draws;
        }

        double squares = 0;
        for (int b = 0; b < batchMeans.Length; b++)
        {
            squares += Draws[b] * (batchMeans[b] - mean) * (batchMeans[b] - mean);
        }

        return Math.Sqrt(squares / ((batchMeans.Length - 1) * draws));
    }

    /// <summary>A part of one component, one per sampled token.</summary>
    public double[] Values(ResponsePart part, int component, double[] shares) =>
        Values(part, component, shares, part.UsesFull ? FullShift(shares) : []);

    private double[] Values(ResponsePart part, int component, double[] shares, double[] full)
    {
        int row = _rows[component];
        double phi = Phi(component, shares);
        double[] shift = Sum(batch => _batches.ShiftRow(row + 1, batch.Unit, batch.Batch), shares);
        double[] contribution = part.UsesCovariance ? Sum(batch => _batches.CovarianceRow(row, batch.Unit, batch.Batch), shares) : [];
        PartWeights weights = part.Weights(phi, Kappa);
        double[] values = new double[shift.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = weights.Apply(contribution.Length == 0 ? 0 : contribution[i], shift[i], full.Length == 0 ? 0 : full[i]);
        }

        return values;
    }

    private double[] Sum(Func<(int Unit, int Batch), ReadOnlyMemory<float>> means, double[] shares)
    {
        double[] sum = new double[_batches.Token.Length];
        for (int b = 0; b < shares.Length; b++)
        {
            if (shares[b] == 0)
            {
                continue;
            }

            ReadOnlySpan<float> row = means(_all[b]).Span;
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += shares[b] * row[i];
            }
        }

        return sum;
    }
}
