using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Sampling;

namespace Curie.Response.Reproducibility;

/// <summary>
/// A part of the response of some components, ready to be estimated again from any choice of batches. The part of component c is a sum of
/// batch means over tokens: with shares p_b of the batches, φ_c = Σ_b p_b·Φ_cb the means C, D of component c and D⁰ of `full`, and κ = 1
/// where the covariance is a product of
/// fluctuations, 0 where it is a response,
/// <code>
/// χ = Σ_b p_b·(C_b + φ·D⁰_b − (1 − κ)·φ·D_b)    covariance      = Σ_b p_b·(C_b + κ·φ·D_b)
/// R = Σ_b p_b·D_b + R(w*)                       renormalization = Σ_b φ·p_b·(D⁰_b − D_b)
/// excess = Σ_b p_b·D_b
/// </code>
/// so all inner products over tokens of two such estimates follow from one Gram matrix of the batch means, each centred over tokens. The
/// same batches are taken of `full` and of every component, which keeps whatever their chains share.
/// </summary>
internal sealed class BatchBasis
{
    /// <summary>More batch means than this would take gigabytes.</summary>
    internal const int MostRows = 1024;

    private readonly ResponsePart _part;
    private readonly double _kappa;
    private readonly bool _hasShift;
    private readonly double[][] _phi;
    private readonly double[,] _gram;

    private BatchBasis(
        ResponsePart part,
        double kappa,
        bool hasShift,
        IReadOnlyList<int> units,
        int[] draws,
        double[][] phi,
        double[,] gram
    )
    {
        _part = part;
        _kappa = kappa;
        _hasShift = hasShift;
        Units = units;
        Draws = draws;
        _phi = phi;
        _gram = gram;
    }

    /// <summary>The pairs of chains (or single ones) that are healthy in every component, and in `full` where the part needs it.</summary>
    public IReadOnlyList<int> Units { get; }

    /// <summary>The draws of every batch, pair by pair.</summary>
    public int[] Draws { get; }

    /// <summary>The number of components.</summary>
    public int Components => _phi.Length;

    /// <summary>Prepares the batches of some components.</summary>
    /// <param name="run">The run.</param>
    /// <param name="part">The part.</param>
    /// <param name="rows">The components.</param>
    /// <param name="dataset">Whether over the probes' means in place of the sampled tokens.</param>
    /// <param name="pool">Shares the work when given.</param>
    /// <returns>The basis, or null with the reason in words.</returns>
    public static (BatchBasis? Basis, string? Reason) Of(
        SusceptibilityRun run,
        ResponsePart part,
        IReadOnlyList<int> rows,
        bool dataset = false,
        WorkerPool? pool = null
    )
    {
        if (run.Data.Batches is not { } batches)
        {
            return (null, "the run keeps no batch means; run the experiment again with this version.");
        }

        RunShape shape = run.Manifest.Shape;
        int[] units = HealthyUnits(run, batches, rows, part);
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
        bool product = part.UsesCovariance;
        double kappa = batches.Estimator == CovarianceEstimator.Product ? 1 : 0;
        bool hasShift = part.Weights(1, kappa).OwnShift != 0;
        int perComponent = (product ? 1 : 0) + (hasShift ? 1 : 0);
        if (all.Length * ((perComponent * rows.Count) + (part.UsesFull ? 1 : 0)) > MostRows)
        {
            return (null, $"{rows.Count} components with {all.Length} batches each are too many to compare at once; look at the layers.");
        }

        List<ReadOnlyMemory<float>> means = [];
        foreach (int row in rows)
        {
            if (product)
            {
                means.AddRange(all.Select(b => Covariance(row, b.Unit, b.Batch)));
            }

            if (hasShift)
            {
                means.AddRange(all.Select(b => Shift(row + 1, b.Unit, b.Batch)));
            }
        }

        if (part.UsesFull)
        {
            means.AddRange(all.Select(b => Shift(0, b.Unit, b.Batch)));
        }
        else if (part.IncludesBaseline)
        {
            means.Add(Baseline(run.Data, dataset));
        }

        double[,] gram = new CentredGram(means, [.. means.Select(mean => ModeAnalysis.Mean(mean.Span))]).Compute(pool);
        double[][] phi = [.. rows.Select(row => all.Select(b => Phi(run.Data, row + 1, b.Unit, plan.DrawsOf(b.Batch))).ToArray())];
        int[] draws = [.. all.Select(b => plan.DrawsOf(b.Batch).End.Value - plan.DrawsOf(b.Batch).Start.Value)];
        return (new BatchBasis(part, kappa, hasShift, units, draws, phi, gram), null);

        ReadOnlyMemory<float> Covariance(int row, int unit, int batch) =>
            dataset ? Narrow(batches.CovarianceDatasetRow(row, unit, batch).Span) : batches.CovarianceRow(row, unit, batch);

        ReadOnlyMemory<float> Shift(int one, int unit, int batch) =>
            dataset ? Narrow(batches.ShiftDatasetRow(one, unit, batch).Span) : batches.ShiftRow(one, unit, batch);
    }

    /// <summary>
    /// X₁·X₂ᵀ, components × components, of the part estimated from two choices of batches, each component centred over tokens.
    /// </summary>
    public double[,] Gram(double[] first, double[] second)
    {
        double[][] left = [.. Enumerable.Range(0, Components).Select(c => Times(Coefficients(c, first)))];
        double[,] result = new double[Components, Components];
        for (int d = 0; d < Components; d++)
        {
            List<(int Row, double Weight)> right = Coefficients(d, second);
            for (int c = 0; c < Components; c++)
            {
                double sum = 0;
                foreach ((int row, double weight) in right)
                {
                    sum += left[c][row] * weight;
                }

                result[c, d] = sum;
            }
        }

        return result;
    }

    /// <summary>X·Xᵀ of one choice, symmetric to the last bit.</summary>
    public double[,] Gram(double[] shares)
    {
        double[,] gram = Gram(shares, shares);
        for (int c = 0; c < Components; c++)
        {
            for (int d = 0; d < c; d++)
            {
                gram[c, d] = gram[d, c];
            }
        }

        return gram;
    }

    /// <summary>
    /// The pairs of chains (or single ones) that are healthy in every one of the components, and in `full` where the part needs it.
    /// </summary>
    internal static int[] HealthyUnits(SusceptibilityRun run, BatchData batches, IReadOnlyList<int> rows, ResponsePart part)
    {
        IEnumerable<int> runs = rows.Select(row => row + 1);
        int[] needed = part.UsesFull ? [0, .. runs] : [.. runs];
        return [.. Enumerable.Range(0, run.Manifest.Shape.Units).Where(unit => needed.All(one => IsHealthy(batches, one, unit)))];
    }

    internal static bool IsHealthy(BatchData batches, int run, int unit) => double.IsFinite(batches.ShiftDatasetRow(run, unit, 0).Span[0]);

    /// <summary>The mean of φ over some draws of all chains of a pair.</summary>
    internal static double Phi(SusceptibilityData data, int run, int unit, Range draws)
    {
        int chains = data.Shape.ChainsPerUnit;
        double mean = 0;
        for (int chain = unit * chains; chain < (unit + 1) * chains; chain++)
        {
            mean += data.MeanPhi(run, chain, draws) / chains;
        }

        return mean;
    }

    private static float[] Baseline(SusceptibilityData data, bool dataset)
    {
        if (!dataset)
        {
            return [.. data.Batches!.Token.Select(token => data.Tokens.InitLoss[token])];
        }

        double[] sums = new double[data.Shape.Probes];
        int[] counts = new int[sums.Length];
        for (int i = 0; i < data.Tokens.Count; i++)
        {
            sums[data.Tokens.Probe[i]] += data.Tokens.InitLoss[i];
            counts[data.Tokens.Probe[i]]++;
        }

        return [.. sums.Zip(counts, (sum, count) => (float)(sum / count))];
    }

    private static float[] Narrow(ReadOnlySpan<double> values)
    {
        float[] narrow = new float[values.Length];
        for (int i = 0; i < narrow.Length; i++)
        {
            narrow[i] = (float)values[i];
        }

        return narrow;
    }

    private List<(int Row, double Weight)> Coefficients(int component, double[] shares)
    {
        int batches = shares.Length;
        int blocks = _hasShift && _part.UsesCovariance ? 2 : 1;
        int own = component * blocks * batches;
        int last = Components * blocks * batches;
        double phi = 0;
        for (int b = 0; b < batches; b++)
        {
            phi += shares[b] * _phi[component][b];
        }

        PartWeights weights = _part.Weights(phi, _kappa);
        List<(int, double)> result = [];
        for (int b = 0; b < batches; b++)
        {
            if (shares[b] == 0)
            {
                continue;
            }

            int next = own + b;
            if (weights.Contribution != 0)
            {
                result.Add((next, weights.Contribution * shares[b]));
                next += batches;
            }

            if (_part.UsesFull)
            {
                result.Add((last + b, weights.Gap * shares[b]));
            }

            if (_hasShift)
            {
                result.Add((next, weights.OwnShift * shares[b]));
            }
        }

        if (_part.IncludesBaseline)
        {
            result.Add((last, 1));
        }

        return result;
    }

    private double[] Times(List<(int Row, double Weight)> coefficients)
    {
        double[] result = new double[_gram.GetLength(0)];
        foreach ((int row, double weight) in coefficients)
        {
            for (int i = 0; i < result.Length; i++)
            {
                result[i] += weight * _gram[row, i];
            }
        }

        return result;
    }
}
