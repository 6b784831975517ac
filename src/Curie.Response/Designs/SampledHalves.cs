using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;

namespace Curie.Response.Designs;

/// <summary>
/// The response of a group at those of a probe's tokens whose batch means are kept, from all ways of halving the draws.
/// </summary>
internal sealed class SampledHalves
{
    private readonly BatchEstimate _estimate;
    private readonly ResponsePart _part;
    private readonly int[] _places;
    private readonly IReadOnlyList<(double[][] First, double[][] Second)> _halves;
    private readonly IReadOnlyList<(double[] First, double[] Second)> _shares;

    private SampledHalves(BatchEstimate estimate, ResponsePart part, int[] places)
    {
        _estimate = estimate;
        _part = part;
        _places = places;
        _shares = BatchChoice.Halves(estimate.Draws, estimate.Units.Count);
        _halves = [.. _shares.Select(half => (Centred(part, half.First), Centred(part, half.Second)))];
    }

    /// <summary>The tokens, as indices into the run's tokens.</summary>
    public IEnumerable<int> Tokens => _places.Select(place => _estimate.Tokens[place]);

    /// <summary>The batches of all pairs of chains.</summary>
    public int Batches => _estimate.Draws.Length;

    /// <summary>Prepares the components of some modes.</summary>
    /// <returns>The halves, or null with the reason in words.</returns>
    public static (SampledHalves? Halves, string? Reason) Of(SusceptibilityRun run, ResponseView view, ModeAnalysis modes)
    {
        int[] rows = [.. modes.Components.Select(name => run.Manifest.Components.ToList().IndexOf(name))];
        (BatchEstimate? estimate, string? reason) = BatchEstimate.Of(run, rows, ResponsePart.Susceptibility);
        if (estimate is null)
        {
            return (null, reason);
        }

        (int start, int count) = view.TokensOf(run.Data.Tokens);
        int[] tokens = estimate.Tokens.ToArray();
        int[] places = [.. Enumerable.Range(0, tokens.Length).Where(place => tokens[place] >= start && tokens[place] < start + count)];
        return places.Length < 2
            ? (null, "the run keeps batch means of fewer than two of the probe's tokens.")
            : (new SampledHalves(estimate, view.Part, places), null);
    }

    /// <summary>How the scores along a direction repeat themselves.</summary>
    public Reliability Reliability(ReadOnlySpan<double> direction)
    {
        double sum = 0;
        foreach ((double[][] first, double[][] second) in _halves)
        {
            sum += Moments.Correlation(Scores(first, direction), Scores(second, direction));
        }

        return new Reliability(sum / _halves.Count);
    }

    /// <summary>The weights that each half makes, of every halving.</summary>
    /// <param name="filter">From components to the direction over tokens.</param>
    /// <param name="weigh">From the direction to weights.</param>
    public IReadOnlyList<(double[] First, double[] Second)> Weights(double[] filter, Func<double[], double[]> weigh) =>
        [.. _halves.Select(half => (weigh(Scores(half.First, filter)), weigh(Scores(half.Second, filter))))];

    /// <summary>
    /// The mean over halvings, each both ways round, of what weights made from one half do to the response of the other.
    /// </summary>
    /// <param name="weights">As <see cref="Weights"/> gives them.</param>
    /// <param name="part">The part of the response.</param>
    /// <param name="change">From a component's response and weights to its change.</param>
    /// <returns>One change per component.</returns>
    public double[] CrossFit(
        IReadOnlyList<(double[] First, double[] Second)> weights,
        ResponsePart part,
        Func<double[], double[], double> change
    )
    {
        double[] changes = new double[_estimate.Components];
        for (int h = 0; h < _halves.Count; h++)
        {
            double[][] first = Centred(part, _shares[h].First);
            double[][] second = Centred(part, _shares[h].Second);
            for (int c = 0; c < changes.Length; c++)
            {
                changes[c] += (change(second[c], weights[h].First) + change(first[c], weights[h].Second)) / (2 * _halves.Count);
            }
        }

        return changes;
    }

    /// <summary>
    /// The mean over the tokens of value_i·factor_i of a component's part, from every batch: the error of their mean is that of the
    /// estimate.
    /// </summary>
    public double[] BatchMeans(int component, ResponsePart part, double[] factors)
    {
        double[][] linear = _estimate.Linearized(part, component);
        return [.. linear.Select(batch => _places.Select((place, i) => batch[place] * factors[i]).Average())];
    }

    /// <summary>The standard error of the mean of batch means.</summary>
    public double StandardError(double[] batchMeans) => _estimate.StandardError(batchMeans);

    private static double[] Scores(double[][] values, ReadOnlySpan<double> direction)
    {
        double[] scores = new double[values[0].Length];
        for (int c = 0; c < values.Length; c++)
        {
            for (int i = 0; i < scores.Length; i++)
            {
                scores[i] += values[c][i] * direction[c];
            }
        }

        return scores;
    }

    private double[][] Centred(ResponsePart part, double[] shares)
    {
        double[][] values = _estimate.Values(part, shares);
        return [.. values.Select(row => CentredValues.Of([.. _places.Select(place => row[place])]))];
    }
}
