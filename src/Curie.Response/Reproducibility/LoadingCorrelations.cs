using Curie.Numerics.Random;
using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;

namespace Curie.Response.Reproducibility;

/// <summary>
/// Intervals of |r|, the correlation over components of a mode's loadings with another measure of the components, such as an attention
/// score of heads. They speak of these components under other chains, other rows of text and other samples of the measure, not of other
/// components: r is that of the loadings and the measure without sampling errors, however many components there are.
/// </summary>
/// <remarks>
/// The same replicates as of the loadings' own intervals (<see cref="ModeReplicates"/>) give the correlation over batches and over rows;
/// with each replicate of rows the measure is drawn from its standard errors, independently for every component. Variances add up on
/// Fisher's scale, z = artanh r (1915), so that no end passes 1; t has Satterthwaite's degrees of freedom (<see cref="ResampledValue"/>).
/// Errors of loadings and of the measure take r towards 0, by the root of a reliability ρ (Spearman 1904), so the true |r| may lie above
/// all that was measured: the upper end is divided by √ρ, and is 1 where that passes 1. A replicate has the errors twice, so its mean r is
/// r·√(V/(V + N)) with V and N the variances over components of what is measured and of its errors: N/V = (r/r*)² − 1, N of batches and of
/// rows add up, and ρ = 1 − N/V. The lower end is left as it is. An interval that reaches 0 begins there, for a mode's sign is arbitrary.
/// </remarks>
public sealed class LoadingCorrelations
{
    private readonly ModeReplicates _replicates;
    private readonly string _key;
    private readonly long _seed;

    internal LoadingCorrelations(ModeReplicates replicates, string key, long seed)
    {
        _replicates = replicates;
        _key = key;
        _seed = seed;
    }

    /// <summary>Draws the replicates of the modes of a part of which every component is divided by its standard deviation.</summary>
    /// <param name="run">The run.</param>
    /// <param name="part">The part.</param>
    /// <param name="components">The components that are factored, as indices.</param>
    /// <param name="options">How many replicates, and the seed.</param>
    /// <returns>The replicates; null where the run's chains do not allow any.</returns>
    public static LoadingCorrelations? Of(
        SusceptibilityRun run,
        ResponsePart part,
        IReadOnlyList<int> components,
        ReproducibilityOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(options);
        if (BatchBasis.Of(run, part, components).Basis is not { } basis)
        {
            return null;
        }

        PartMatrices<float> response = run.Data.Response;
        RowMoments rows = RowMoments.Of(
            [.. components.Select(row => (ReadOnlyMemory<float>)response.Values(part).AsMemory(row * response.Columns, response.Columns))],
            run.Data.Tokens
        );
        string key = $"{part.Name} {string.Join(' ', components)}";
        return new LoadingCorrelations(ModeReplicates.Of(basis, rows, key, options, standardized: true), key, options.Seed);
    }

    /// <summary>The loadings of a mode with their intervals, of the same replicates (<see cref="ModeReproducibility"/>).</summary>
    /// <param name="mode">The mode, from 0.</param>
    /// <param name="measured">The loadings over all tokens, one for every component.</param>
    public IReadOnlyList<Interval> Loadings(int mode, IReadOnlyList<double> measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        ModeBootstrap bootstrap = ModeBootstrap.Of(_replicates, mode + 1);
        double sign = Math.Sign(_replicates.All.Loadings[mode].Zip(measured, (x, y) => x * y).Sum());
        return [.. measured.Select((loading, c) => bootstrap.Loading(mode, c, sign < 0 ? -loading : loading)).Select(Turned)];

        Interval Turned(Interval one) =>
            sign < 0 ? new Interval(-one.Value, one.StandardError, -one.High, -one.Low) { Measured = -one.Measured } : one;
    }

    /// <summary>
    /// |r| of a mode: as measured, its standard error, and the interval. Null where fewer than three components have the measure, or it or
    /// the loadings are the same for all.
    /// </summary>
    /// <param name="mode">The mode, from 0.</param>
    /// <param name="measure">The measure of every component; NaN for one that has none.</param>
    /// <param name="errors">Its standard errors.</param>
    /// <param name="measured">|r| of the loadings over all tokens; by default that over the tokens whose batches are known.</param>
    /// <exception cref="ArgumentException">There is not one value and one error for every component.</exception>
    public Interval? Of(int mode, IReadOnlyList<double> measure, IReadOnlyList<double> errors, double? measured = null)
    {
        ArgumentNullException.ThrowIfNull(measure);
        ArgumentNullException.ThrowIfNull(errors);
        if (measure.Count != _replicates.All.Loadings.Length || errors.Count != measure.Count)
        {
            throw new ArgumentException("There is one value and one error for every component.", nameof(measure));
        }

        int[] known = [.. Enumerable.Range(0, measure.Count).Where(c => double.IsFinite(measure[c]) && double.IsFinite(errors[c]))];
        double[] values = [.. known.Select(c => measure[c])];
        double all = known.Length < 3 ? double.NaN : Correlation(_replicates.All, values);
        if (!double.IsFinite(all))
        {
            return null;
        }

        double sign = all < 0 ? -1 : 1;
        ResampledValue resampled = new(sign * all, IntervalScale.Correlation);
        foreach (GramModes one in _replicates.OfBatches)
        {
            resampled.AddBatches(sign * Correlation(one, values));
        }

        PhiloxStream random = new(PhiloxKey.Derive(_seed, RandomPurpose.Bootstrap, $"measure {_key} {mode}"));
        for (int sample = 0; sample < _replicates.OfBatches.Count; sample++)
        {
            double[] drawn = [.. known.Select(c => measure[c] + (errors[c] * random.NextGaussian()))];
            resampled.AddRows(sign * Correlation(_replicates.OfRows.Count > 0 ? _replicates.OfRows[sample] : _replicates.All, drawn));
        }

        // Without rows the second variance is that of the measure alone, known from as many draws.
        int rows = _replicates.OfRows.Count > 0 ? _replicates.Rows : _replicates.OfBatches.Count;
        Interval interval = resampled.ToInterval(_replicates.Batches, rows, corrects: false, measured);
        return Magnitude(interval with { High = Disattenuated(interval.High, resampled) }, measured ?? Math.Abs(all));

        double Correlation(GramModes modes, double[] with) => Moments.Correlation([.. known.Select(c => modes.Loadings[mode][c])], with);
    }

    /// <summary>An upper end over the root of the reliability of what was correlated; at most 1.</summary>
    private double Disattenuated(double high, ResampledValue resampled)
    {
        double widening = _replicates.Batches / (_replicates.Batches - 1.0);
        double noise =
            (NoiseShare(resampled.Value, resampled.MeanOfBatches) * widening) + NoiseShare(resampled.Value, resampled.MeanOfRows);
        return noise < 1 ? Math.Min(1, high / Math.Sqrt(1 - noise)) : 1;
    }

    /// <summary>N/V; none where replicates happen to have the larger r, and no bound where theirs has no sign.</summary>
    private static double NoiseShare(double value, double mean) =>
        mean > 0 ? Math.Max(0, (value / mean * (value / mean)) - 1) : double.PositiveInfinity;

    private static Interval? Magnitude(Interval signed, double measured)
    {
        (double low, double high) = (Math.Min(Math.Abs(signed.Low), Math.Abs(signed.High)), Math.Max(-signed.Low, signed.High));
        return double.IsFinite(low) && double.IsFinite(high)
            ? new Interval(measured, signed.StandardError, signed.Low <= 0 && signed.High >= 0 ? 0 : low, high) { Measured = measured }
            : null;
    }
}
