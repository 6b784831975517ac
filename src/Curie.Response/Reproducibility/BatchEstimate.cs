using Curie.Numerics.Statistics;
using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Response.Reproducibility;

/// <summary>
/// The parts of the response of some components at the sampled tokens, made again from any choice of batches as explicit values, for analyses that
/// need more of them than inner products (<see cref="BatchBasis"/> gives those at a lower price). With shares p_b of the batches and φ = Σ p_b·Φ_b:
/// <code>
/// χ = Σ_b (−p_b·A_b + φ·p_b·D⁰_b)   C = Σ_b (−p_b·A_b + φ·p_b·D_b)   R − R(w*) = Σ_b p_b·D_b   N = Σ_b φ·p_b·(D⁰_b − D_b)   F − F(w*) = Σ_b p_b·D⁰_b
/// </code>
/// </summary>
internal sealed class BatchEstimate
{
    private readonly BatchData _batches;
    private readonly (int Chain, int Batch)[] _all;
    private readonly double[][] _phi;
    private readonly IReadOnlyList<int> _rows;

    private BatchEstimate(BatchData batches, IReadOnlyList<int> rows, IReadOnlyList<int> chains, (int Chain, int Batch)[] all, int[] draws, double[][] phi)
    {
        _batches = batches;
        _rows = rows;
        Chains = chains;
        _all = all;
        Draws = draws;
        _phi = phi;
    }

    /// <summary>The chains that are healthy in `full` and in every component.</summary>
    public IReadOnlyList<int> Chains { get; }

    /// <summary>The draws of every batch, chain by chain.</summary>
    public int[] Draws { get; }

    /// <summary>The sampled tokens, as indices into the run's tokens.</summary>
    public ReadOnlySpan<int> Tokens => _batches.Token;

    /// <summary>The number of components.</summary>
    public int Components => _rows.Count;

    /// <summary>Prepares some components.</summary>
    /// <param name="run">The run.</param>
    /// <param name="rows">The components.</param>
    /// <returns>The estimate, or null with the reason in words.</returns>
    public static (BatchEstimate? Estimate, string? Reason) Of(SusceptibilityRun run, IReadOnlyList<int> rows)
    {
        if (run.Data.Batches is not { } batches)
        {
            return (null, "the run keeps no batch means; run the experiment again with this version.");
        }

        RunShape shape = run.Manifest.Shape;
        int[] runs = [0, .. rows.Select(row => row + 1)];
        int[] chains = [.. Enumerable.Range(0, shape.Chains).Where(chain => runs.All(one => BatchBasis.IsHealthy(batches, one, chain)))];
        if (chains.Length * shape.Batches < 2)
        {
            return (null, "full and these components have no healthy chains in common.");
        }

        BatchPlan plan = new(shape.Draws, shape.Batches);
        (int Chain, int Batch)[] all = [.. chains.SelectMany(_ => Enumerable.Range(0, shape.Batches), (chain, batch) => (chain, batch))];
        double[][] phi = [.. rows.Select(row => all.Select(b => BatchBasis.Phi(run.Data, row + 1, b.Chain, plan.DrawsOf(b.Batch))).ToArray())];
        int[] draws = [.. all.Select(b => plan.DrawsOf(b.Batch).End.Value - plan.DrawsOf(b.Batch).Start.Value)];
        return (new BatchEstimate(batches, rows, chains, all, draws, phi), null);
    }

    /// <summary>φ of a component: its mean excess loss over the chosen batches.</summary>
    public double Phi(int component, double[] shares) => shares.Zip(_phi[component], (share, phi) => share * phi).Sum();

    /// <summary>F less its value at w*, one per sampled token.</summary>
    public double[] FullShift(double[] shares) => Sum(batch => _batches.ShiftRow(0, batch.Chain, batch.Batch), shares);

    /// <summary>A part, components × sampled tokens; the shift less its value at w*.</summary>
    public double[][] Values(ResponsePart part, double[] shares)
    {
        double[] full = part.UsesFull() ? FullShift(shares) : [];
        return [.. Enumerable.Range(0, Components).Select(component => Values(part, component, shares, full))];
    }

    /// <summary>
    /// The contribution of every batch to the linearised estimate of a part, batches × sampled tokens: any linear function of the part over tokens has as its error
    /// that of the batch means of the same function of these (the delta method).
    /// </summary>
    public double[][] Linearized(ResponsePart part, int component)
    {
        double[] all = BatchChoice.All(Draws);
        double phi = Phi(component, all);
        double[] full = part.UsesFull() ? FullShift(all) : [];
        int row = _rows[component];
        double[] shift = part == ResponsePart.Susceptibility ? [] : Sum(batch => _batches.ShiftRow(row + 1, batch.Chain, batch.Batch), all);
        double[][] result = [.. _all.Select(_ => new double[_batches.Token.Length])];
        for (int b = 0; b < _all.Length; b++)
        {
            (int chain, int batch) = _all[b];
            ReadOnlySpan<float> product = _batches.ProductRow(row, chain, batch).Span;
            ReadOnlySpan<float> own = _batches.ShiftRow(row + 1, chain, batch).Span;
            ReadOnlySpan<float> other = _batches.ShiftRow(0, chain, batch).Span;
            double one = _phi[component][b];
            for (int i = 0; i < result[b].Length; i++)
            {
                result[b][i] = part switch
                {
                    ResponsePart.Susceptibility => (full[i] * one) - product[i] + (phi * other[i]),
                    ResponsePart.Covariance => (phi * own[i]) + (shift[i] * one) - product[i],
                    ResponsePart.Renormalization => ((full[i] - shift[i]) * one) + (phi * (other[i] - own[i])),
                    _ => own[i],
                };
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

    private double[] Values(ResponsePart part, int component, double[] shares, double[] full)
    {
        int row = _rows[component];
        double phi = Phi(component, shares);
        double[] shift = part == ResponsePart.Susceptibility ? [] : Sum(batch => _batches.ShiftRow(row + 1, batch.Chain, batch.Batch), shares);
        if (part == ResponsePart.Shift)
        {
            return shift;
        }

        if (part == ResponsePart.Renormalization)
        {
            return [.. full.Zip(shift, (f, d) => phi * (f - d))];
        }

        double[] product = Sum(batch => _batches.ProductRow(row, batch.Chain, batch.Batch), shares);
        return [.. product.Zip(part == ResponsePart.Covariance ? shift : full, (a, d) => (phi * d) - a)];
    }

    private double[] Sum(Func<(int Chain, int Batch), ReadOnlyMemory<float>> means, double[] shares)
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
