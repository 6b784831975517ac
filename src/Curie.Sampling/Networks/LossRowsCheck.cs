using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Text.Packing;

namespace Curie.Sampling.Networks;

/// <summary>
/// Whether the first rows of a file, which give P and L0, are a fair sample of it: L0 on them beside L0 on as many random rows.
/// </summary>
/// <remarks>
/// A long document at the head of a file that was not shuffled is the usual reason why it is not, and then P is the loss of that document.
/// </remarks>
/// <param name="Rows">How many rows of each.</param>
/// <param name="First">L0 of the first rows, nats per token, and its standard error over rows.</param>
/// <param name="Random">The same of random rows of the whole file.</param>
public sealed record LossRowsCheck(int Rows, MeanEstimate First, MeanEstimate Random)
{
    /// <summary>How many standard errors of the difference are no chance: 0.3 % of fair samples differ by more.</summary>
    private const double Limit = 3;

    /// <summary>The difference of the two in its standard errors; NaN for a single row.</summary>
    public double Deviation =>
        Math.Abs(First.Mean - Random.Mean)
        / Math.Sqrt((First.StandardError * First.StandardError) + (Random.StandardError * Random.StandardError));

    /// <summary>Whether they differ by more than three standard errors.</summary>
    public bool Differs => Deviation > Limit;

    /// <summary>Measures both by forward passes.</summary>
    /// <param name="model">w*.</param>
    /// <param name="data">The file's rows.</param>
    /// <param name="counted">Which positions count; null for all.</param>
    /// <param name="choice">Which rows give P.</param>
    /// <param name="count">How many; null for all.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <returns>Null where the rows are random or all there are, so that nothing is to be checked.</returns>
    public static LossRowsCheck? Measure(
        ParameterSet model,
        TokenRows data,
        CountedPositions? counted,
        RowChoice choice,
        int? count,
        Machine machine
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        if (choice != RowChoice.First || count is not { } rows || rows >= data.Count)
        {
            return null;
        }

        using TransformerEvaluator evaluator = new(model.Layout.Config, machine);
        using TransformerWeights weights = new(model, machine);
        return new LossRowsCheck(rows, Mean(RowChoice.First), Mean(RowChoice.Random));

        MeanEstimate Mean(RowChoice which)
        {
            int[] indices = ChosenRows.Of(which, data.Count, rows, ChosenRows.LossRows);
            return MeanEstimate.OfIndependent(RowMeans(evaluator, weights, data, indices, counted));
        }
    }

    private static double[] RowMeans(
        TransformerEvaluator evaluator,
        TransformerWeights weights,
        TokenRows data,
        int[] indices,
        CountedPositions? counted
    )
    {
        double[] means = new double[indices.Length];
        int positions = data.ContextLength - 1;
        if (counted is null)
        {
            evaluator.TokenLosses(weights, data, indices, [], means);
            return means;
        }

        float[] losses = new float[indices.Length * positions];
        evaluator.TokenLosses(weights, data, indices, losses, []);
        foreach (int slot in counted.Slots(indices))
        {
            means[slot / positions] += losses[slot];
        }

        // As in P, a row weighs by its counted positions.
        double[] shares = counted.Shares(indices);
        return [.. means.Select((sum, place) => sum * shares[place] / Math.Max(1, counted.CountIn(indices[place])))];
    }
}
