using System.Text.Json.Serialization;
using Curie.Development.Scores;
using Curie.Numerics.Random;
using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;

namespace Curie.Development.Effects;

/// <summary>How the loadings of one mode over heads go with the heads' attention scores.</summary>
/// <param name="Group">The group of heads.</param>
/// <param name="View">What was factored; <see cref="ModeRoles.Control"/> for draws that never feel the loss.</param>
/// <param name="Mode">The mode, from 1.</param>
/// <param name="Share">Its share of the variance.</param>
/// <param name="Reliability">Its reliability between halves of the draws; NaN where it is not known.</param>
/// <param name="Heads">The number of heads.</param>
/// <param name="PreviousToken">|r| over heads of its loadings with previous-token scores.</param>
/// <param name="PrefixMatching">|r| over heads of its loadings with prefix-matching scores.</param>
/// <param name="PrefixMatchingP">
/// The share of orders of the scores over the heads whose |r| is as large (9,999 random ones, and the one found): what chance gives,
/// whatever the scores' law; NaN where there is no r.
/// </param>
public sealed record ModeRole(
    string Group,
    string View,
    int Mode,
    double Share,
    double Reliability,
    int Heads,
    double PreviousToken,
    double PrefixMatching,
    double PrefixMatchingP
)
{
    /// <summary>How well its loadings tell heads that do induction, if only in part, from the others.</summary>
    public Separability Induction { get; init; }

    /// <summary>Its loadings by head; files do not keep them.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, double> Loadings { get; init; } = new Dictionary<string, double>();

    /// <summary>
    /// The 95 % intervals of <see cref="Loadings"/>; empty where there are none or they were not asked for, and in files.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, Interval> LoadingIntervals { get; init; } = new Dictionary<string, Interval>();

    /// <summary>
    /// The 95 % interval of <see cref="PreviousToken"/>, of these heads under other chains, rows and sequences
    /// (<see cref="LoadingCorrelations"/>); null where there is none or it was not asked for.
    /// </summary>
    public Interval? PreviousTokenInterval { get; init; }

    /// <summary>The same of <see cref="PrefixMatching"/>.</summary>
    public Interval? PrefixMatchingInterval { get; init; }

    /// <summary>The run that was factored, for intervals; null where it keeps no batches.</summary>
    internal (SusceptibilityRun Run, ResponsePart Part, IReadOnlyList<string> Components)? Source { get; init; }
}

/// <summary>
/// Whether the modes of what a head does by itself, its excess and its covariance, separate heads of known roles: every head's row is
/// divided by its standard deviation over tokens, so that strong heads do not decide, and the loadings of each mode are correlated over
/// heads with attention scores. The sign of a mode is arbitrary, so |r| is given; with 8 heads .71 and with 16 heads .50 would be
/// significant at 5 % in a single test. The better of several modes is the better in part by luck: its p is to be multiplied by their
/// number, and its interval speaks of that mode alone.
/// </summary>
public static class ModeRoles
{
    /// <summary>
    /// The view of the excess of draws that never feel the loss: those of the run's control where it has one, else its Gaussian pairs.
    /// </summary>
    public const string Control = "excess, localisation alone";

    /// <summary>
    /// A head does induction in part where it spends more than this share of its attention on it, by three standard errors.
    /// </summary>
    public const double PartialInduction = 0.1;

    private const int Permutations = 9999;
    private const double StandardErrors = 3;

    // Orders that exchange equal scores differ from the one found by rounding alone.
    private const double Rounding = 1e-12;

    /// <summary>Correlates the first modes of every group.</summary>
    /// <param name="run">The run.</param>
    /// <param name="previousToken">The heads' previous-token scores.</param>
    /// <param name="prefixMatching">Their prefix-matching scores.</param>
    /// <param name="modes">How many modes of each view.</param>
    /// <param name="parts">The parts whose modes are looked at, those of them that the run holds; null for excess and covariance.</param>
    /// <param name="control">The run's draws that never feel the loss (its control); null to take the level that the run itself holds of
    /// them, whose reliability and intervals are not known.</param>
    public static IReadOnlyList<ModeRole> Of(
        SusceptibilityRun run,
        IReadOnlyList<HeadScore> previousToken,
        IReadOnlyList<HeadScore> prefixMatching,
        int modes,
        IReadOnlyList<ResponsePart>? parts = null,
        SusceptibilityRun? control = null
    )
    {
        ArgumentNullException.ThrowIfNull(run);
        ResponseView excess = ResponseView.Standardized(ResponsePart.Excess);
        ModeSurvey[] without = control?.Manifest.Holds(ResponsePart.Excess) is true ? [.. ModeSurvey.Of(control, [excess], modes)] : [];
        ResponseView[] views =
        [
            .. (parts ?? [ResponsePart.Excess, ResponsePart.Covariance])
                .Where(run.Manifest.Holds)
                .Select(part => new ResponseView { Part = part, Centring = Centring.ZScore }),
        ];
        List<ModeRole> roles = [];
        foreach (ModeSurvey survey in ModeSurvey.Of(run, views, modes))
        {
            foreach ((SurveyedView view, ResponseView of) in survey.Views.Zip(views))
            {
                roles.AddRange(
                    view.Modes.Select(mode => Role(survey.Group, view.View, mode, (run, of.Part), previousToken, prefixMatching))
                );
            }

            roles.AddRange(
                without.FirstOrDefault(one => one.Group == survey.Group) is { } known
                    ? known
                        .Views[0]
                        .Modes.Select(mode => Role(survey.Group, Control, mode, (control!, excess.Part), previousToken, prefixMatching))
                    : ControlModes(run, survey.Group, modes)
                        .Select(mode => Role(survey.Group, Control, mode, null, previousToken, prefixMatching))
            );
        }

        return roles;
    }

    /// <summary>
    /// The same with the intervals of |r| and of the loadings. Scores of heads are measured on the same sequences; their errors are drawn
    /// as if they were not, which no interval feels where scores differ much more than their errors.
    /// </summary>
    /// <param name="roles">What <see cref="Of"/> gave, all of it or a few.</param>
    /// <param name="previousToken">The heads' previous-token scores.</param>
    /// <param name="prefixMatching">Their prefix-matching scores.</param>
    public static IReadOnlyList<ModeRole> WithIntervals(
        IEnumerable<ModeRole> roles,
        IReadOnlyList<HeadScore> previousToken,
        IReadOnlyList<HeadScore> prefixMatching
    )
    {
        ArgumentNullException.ThrowIfNull(roles);
        Dictionary<(string Group, string View), LoadingCorrelations?> known = [];
        List<ModeRole> result = [];
        foreach (ModeRole role in roles)
        {
            if (role.Source is not { } source)
            {
                result.Add(role);
                continue;
            }

            if (!known.TryGetValue((role.Group, role.View), out LoadingCorrelations? correlations))
            {
                List<string> names = [.. source.Run.Manifest.Components];
                int[] rows = [.. source.Components.Select(name => names.IndexOf(name))];
                correlations = LoadingCorrelations.Of(source.Run, source.Part, rows, new ReproducibilityOptions());
                known.Add((role.Group, role.View), correlations);
            }

            result.Add(
                role with
                {
                    PreviousTokenInterval = IntervalOf(correlations, role, source.Components, previousToken, role.PreviousToken),
                    PrefixMatchingInterval = IntervalOf(correlations, role, source.Components, prefixMatching, role.PrefixMatching),
                    LoadingIntervals = correlations is null
                        ? role.LoadingIntervals
                        : source
                            .Components.Zip(
                                correlations.Loadings(role.Mode - 1, [.. source.Components.Select(name => role.Loadings[name])])
                            )
                            .ToDictionary(pair => pair.First, pair => pair.Second),
                }
            );
        }

        return result;
    }

    /// <summary>Whether a prefix-matching score is above <see cref="PartialInduction"/> by three standard errors.</summary>
    public static bool IsPartialInduction(HeadScore score)
    {
        ArgumentNullException.ThrowIfNull(score);
        return score.Value - (StandardErrors * score.StandardError) > PartialInduction;
    }

    private static ModeRole Role(
        string group,
        string view,
        SurveyMode mode,
        (SusceptibilityRun Run, ResponsePart Part)? factored,
        IReadOnlyList<HeadScore> previousToken,
        IReadOnlyList<HeadScore> prefixMatching
    )
    {
        (double[] loadings, double[] scores) = Known(mode.Loadings, prefixMatching);
        double correlation = Correlation(loadings, scores);
        return new ModeRole(
            group,
            view,
            mode.Mode,
            mode.ExplainedVariance,
            mode.Reliability,
            mode.Loadings.Count,
            Correlation(Known(mode.Loadings, previousToken)),
            correlation,
            PValue(loadings, scores, correlation)
        )
        {
            Loadings = mode.Loadings,
            Induction = Separability.Of(
                loadings,
                [.. prefixMatching.Where(score => mode.Loadings.ContainsKey(score.Component)).Select(IsPartialInduction)]
            ),
            Source = factored is var (run, part) ? (run, part, [.. mode.Loadings.Keys]) : null,
        };
    }

    private static Interval? IntervalOf(
        LoadingCorrelations? correlations,
        ModeRole role,
        IReadOnlyList<string> components,
        IReadOnlyList<HeadScore> scores,
        double measured
    )
    {
        HeadScore?[] known = [.. components.Select(name => scores.FirstOrDefault(score => score.Component == name))];
        return double.IsFinite(measured)
            ? correlations?.Of(
                role.Mode - 1,
                [.. known.Select(score => score?.Value ?? double.NaN)],
                [.. known.Select(score => score?.StandardError ?? double.NaN)],
                measured
            )
            : null;
    }

    private static (double[] Loadings, double[] Scores) Known(IReadOnlyDictionary<string, double> loadings, IReadOnlyList<HeadScore> scores)
    {
        HeadScore[] known = [.. scores.Where(score => loadings.ContainsKey(score.Component))];
        return ([.. known.Select(score => loadings[score.Component])], [.. known.Select(score => score.Value)]);
    }

    private static double Correlation((double[] Loadings, double[] Scores) known) => Correlation(known.Loadings, known.Scores);

    private static double Correlation(double[] loadings, double[] scores) =>
        loadings.Length < 3 ? double.NaN : Math.Abs(Moments.Correlation(loadings, scores));

    private static double PValue(double[] loadings, double[] scores, double correlation)
    {
        if (!double.IsFinite(correlation))
        {
            return double.NaN;
        }

        PhiloxStream random = new(PhiloxKey.Derive(0, RandomPurpose.Bootstrap, "mode roles"));
        double[] shuffled = [.. scores];
        int asLarge = 0;
        for (int i = 0; i < Permutations; i++)
        {
            random.Shuffle<double>(shuffled);
            asLarge += Math.Abs(Moments.Correlation(loadings, shuffled)) >= correlation - Rounding ? 1 : 0;
        }

        return (1.0 + asLarge) / (1 + Permutations);
    }

    /// <summary>The modes of the Gaussian level of the excess, of the heads of a group.</summary>
    private static IEnumerable<SurveyMode> ControlModes(SusceptibilityRun run, string group, int modes)
    {
        if (run.Data.Levels is not { } levels)
        {
            yield break;
        }

        int[] rows =
        [
            .. ModeGroup
                .PerLayerAndAll(run.Manifest.Components)
                .First(one => one.Name == group)
                .Rows.Where(row => float.IsFinite(levels.Gaussian.Of(row + 1)[0])),
        ];
        if (rows.Length < 2)
        {
            yield break;
        }

        string[] names = [.. rows.Select(row => run.Manifest.Components[row])];
        ModeAnalysis found = ModeAnalysis.Compute(names, [.. rows.Select(row => Standardized(levels.Gaussian.Of(row + 1)))]);
        for (int k = 0; k < Math.Min(modes, found.Count); k++)
        {
            double[] loadings = found.Loadings(k).ToArray();
            yield return new SurveyMode(
                k + 1,
                found.ExplainedVariance[k],
                double.NaN,
                double.NaN,
                null,
                double.NaN,
                names.Zip(loadings).ToDictionary(pair => pair.First, pair => pair.Second)
            );
        }
    }

    private static ReadOnlyMemory<float> Standardized(ReadOnlySpan<float> values)
    {
        double[] row = new double[values.Length];
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = values[i];
        }

        double mean = row.Average();
        double deviation = Math.Sqrt(Moments.Covariance(row, row));
        return Array.ConvertAll(row, value => (float)((value - mean) / deviation));
    }
}
