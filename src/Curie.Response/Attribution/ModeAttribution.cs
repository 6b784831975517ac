using Curie.Numerics.Random;
using Curie.Numerics.Statistics;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;

namespace Curie.Response.Attribution;

/// <summary>What one term gives to the variance of a mode.</summary>
/// <param name="Term">`covariance`, `restricted_shift`, `full_shift`, or `renormalization`, the sum of the last two.</param>
/// <param name="Share">Cov(term's score, mode's score)/Var(mode's score), with its interval; the first three terms sum to 1.</param>
/// <param name="HalfCorrelation">The correlation over tokens of the term's score along the mode between halves of the draws; NaN where it
/// is unknown.</param>
/// <param name="Reliability">The same for all draws, by Spearman and Brown.</param>
/// <param name="DrawsNeeded">Where noise exceeds the term's signal: how many times as many draws bring the reliability to 0.8; null where
/// no signal is seen at all.</param>
public sealed record TermShare(string Term, Interval Share, double HalfCorrelation, double Reliability, double? DrawsNeeded);

/// <summary>
/// Which part of χ a mode's variance comes from. A mode's score is s(i) = Σ_c v_c·(χ_c(i) − mean), and χ_c is a sum of terms
/// (<see cref="ResponseTerm"/>), so
/// s is the sum of the terms' scores t(i) = Σ_c v_c·(term_c(i) − mean) along the same loadings, and exactly
/// <code>
/// Var s = Σ_terms Cov(t, s)
/// </code>
/// A share can lie below 0 or above 1 where terms cancel each other. Errors are those of a block bootstrap over batches, factored again
/// each time (at fixed
/// loadings a resampled φ would let the first mode's far larger variance into the later ones).
/// </summary>
/// <param name="Group">The group's name.</param>
/// <param name="Mode">The mode, from 1.</param>
/// <param name="Terms">Every term's share.</param>
/// <param name="Reason">Why the shares have no errors, in words; null where they have.</param>
public sealed record ModeAttribution(string Group, int Mode, IReadOnlyList<TermShare> Terms, string? Reason)
{
    private const string Renormalization = "renormalization";

    /// <summary>The share of a term.</summary>
    /// <param name="term">Its name in <see cref="TermShare.Term"/>.</param>
    public TermShare this[string term] => Terms.First(share => share.Term == term);

    /// <summary>Attributes the first modes of χ of every group.</summary>
    /// <param name="run">The run, which holds χ and both of its terms.</param>
    /// <param name="groups">Its modes of χ, each component centred over tokens
    /// (<see cref="GroupModes.Of(SusceptibilityRun, ResponsePart, Numerics.Parallelism.WorkerPool?)"/>).</param>
    /// <param name="options">How many modes and bootstrap samples, and the seed.</param>
    public static IReadOnlyList<ModeAttribution> Of(SusceptibilityRun run, IReadOnlyList<GroupModes> groups, ReproducibilityOptions options)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(options);
        return [.. groups.SelectMany(group => Of(run, group, options))];
    }

    private static IEnumerable<ModeAttribution> Of(SusceptibilityRun run, GroupModes group, ReproducibilityOptions options)
    {
        if (group.Modes is not { } modes)
        {
            yield break;
        }

        int[] rows = [.. modes.Components.Select(name => run.Manifest.Components.ToList().IndexOf(name))];
        TermBasis? basis = TermBasis.Of(run, rows);
        int count = Math.Min(options.Modes, modes.Count);
        ResampledValue[][]? resampled = basis is null ? null : Resample(basis, count, options, $"attribution {group.Name}");
        for (int k = 0; k < count; k++)
        {
            double[] loadings = modes.Loadings(k).ToArray();
            double[] shares = Shares(run, rows, loadings);
            yield return basis is null || resampled is null
                ? new ModeAttribution(
                    group.Name,
                    k + 1,
                    [.. Names.Select((name, t) => Unknown(name, shares[t]))],
                    "no batch means of chains that all components share"
                )
                : new ModeAttribution(
                    group.Name,
                    k + 1,
                    Known(shares, resampled[k], HalfCorrelations(basis, loadings), basis.Draws.Length),
                    null
                );
        }
    }

    private static string[] Names { get; } = ["covariance", "restricted_shift", "full_shift", Renormalization];

    private static ResponseTerm[] All { get; } = [ResponseTerm.Covariance, ResponseTerm.RestrictedShift, ResponseTerm.FullShift];

    /// <summary>From the stored parts of all tokens.</summary>
    private static double[] Shares(SusceptibilityRun run, int[] rows, double[] loadings)
    {
        PartMatrices<float> response = run.Data.Response;
        double[] covariance = Combine(response, ResponsePart.Covariance, rows, loadings);
        double[] renormalization = Combine(response, ResponsePart.Renormalization, rows, loadings);
        double factor = rows.Zip(loadings, (row, loading) => loading * CommonFactor.Phi(run, row)).Sum();
        double[] full = [.. CommonFactor.Of(run).Select(value => factor * value)];
        double[] score = [.. covariance.Zip(renormalization, (c, n) => c + n)];
        double[] restricted = [.. renormalization.Zip(full, (n, f) => n - f)];
        double variance = Moments.Covariance(score, score);
        return [.. new[] { covariance, restricted, full, renormalization }.Select(term => Moments.Covariance(term, score) / variance)];
    }

    private static double[] Combine(PartMatrices<float> response, ResponsePart part, int[] rows, double[] loadings)
    {
        double[] sum = new double[response.Columns];
        for (int c = 0; c < rows.Length; c++)
        {
            ReadOnlySpan<float> row = response.Values(part).AsSpan(rows[c] * response.Columns, response.Columns);
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += loadings[c] * row[i];
            }
        }

        return sum;
    }

    private static TermShare Unknown(string name, double share) =>
        new(name, new Interval(share, double.NaN, double.NaN, double.NaN), double.NaN, double.NaN, null);

    private static TermShare[] Known(double[] shares, ResampledValue[] resampled, double[] halves, int batches) =>
        [
            .. Names.Select(
                (name, t) => Share(name, resampled[t].ToInterval(batches, 0, corrects: true, shares[t]), new Reliability(halves[t]))
            ),
        ];

    /// <summary>
    /// By mode and term: the shares of all batches, and how they scatter when batches are drawn anew and the modes are found again.
    /// </summary>
    private static ResampledValue[][] Resample(TermBasis basis, int modes, ReproducibilityOptions options, string key)
    {
        double[][] all = Sampled(basis, modes, BatchChoice.All(basis.Draws));
        ResampledValue[][] values = [.. all.Select(mode => mode.Select(share => new ResampledValue(share, IntervalScale.Plain)).ToArray())];
        PhiloxStream random = new(PhiloxKey.Derive(options.Seed, RandomPurpose.Bootstrap, key));
        for (int sample = 0; sample < options.Bootstraps; sample++)
        {
            double[][] one = Sampled(basis, modes, BatchChoice.Resampled(basis.Draws, random));
            for (int k = 0; k < modes; k++)
            {
                for (int t = 0; t < Names.Length; t++)
                {
                    values[k][t].AddBatches(one[k][t]);
                }
            }
        }

        return values;
    }

    private static TermShare Share(string name, Interval share, Reliability reliability) =>
        new(name, share, reliability.HalfCorrelation, reliability.Corrected, reliability.IsBelowNoise ? reliability.DrawsNeeded : null);

    private static double[][] Sampled(TermBasis basis, int modes, double[] choice)
    {
        GramModes found = GramModes.Of(basis.Gram(choice));
        return
        [
            .. Enumerable
                .Range(0, modes)
                .Select(k =>
                {
                    double[][] terms = TermWeights(basis, found.Loadings[k], choice);
                    double[] score = Add(terms[0], terms[3]);
                    double[] image = basis.Times(score);
                    double variance = Moments.Dot(score, image);
                    return terms.Select(term => Moments.Dot(term, image) / variance).ToArray();
                }),
        ];
    }

    private static double[] HalfCorrelations(TermBasis basis, double[] loadings)
    {
        double[] sums = new double[Names.Length];
        IReadOnlyList<(double[] First, double[] Second)> halves = BatchChoice.Halves(basis.Draws, basis.Units.Count);
        foreach ((double[] first, double[] second) in halves)
        {
            double[][] left = TermWeights(basis, loadings, first);
            double[][] right = TermWeights(basis, loadings, second);
            for (int t = 0; t < sums.Length; t++)
            {
                double[] image = basis.Times(right[t]);
                sums[t] +=
                    Moments.Dot(left[t], image)
                    / Math.Sqrt(Moments.Dot(left[t], basis.Times(left[t])) * Moments.Dot(right[t], image))
                    / halves.Count;
            }
        }

        return halves.Count > 0 ? sums : [.. sums.Select(_ => double.NaN)];
    }

    private static double[][] TermWeights(TermBasis basis, double[] loadings, double[] choice)
    {
        double[][] terms = [.. All.Select(term => basis.Weights(term, loadings, choice))];
        return [.. terms, Add(terms[1], terms[2])];
    }

    private static double[] Add(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a + b)];
}
