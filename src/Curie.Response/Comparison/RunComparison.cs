using System.Globalization;
using System.Text;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Numerics.Statistics;
using Curie.Response.Estimators;
using Curie.Response.Matching;
using Curie.Response.Patterns;
using Curie.Response.Runs;

namespace Curie.Response.Comparison;

/// <summary>
/// Two runs side by side: of two checkpoints, two models, two corpora or two settings. Every component that both have is compared by its
/// mean
/// response to every probe that both have, and by its learning coefficient; the errors of the runs are taken as independent, which is on
/// the safe side where both were sampled with the same noise.
/// </summary>
/// <param name="Part">The name of the part of the response.</param>
/// <param name="Matched">Whether heads were put beside their counterparts, rather than beside heads of the same name.</param>
/// <param name="Responses">The responses, components in order, probes within them.</param>
/// <param name="Coefficients">λ̂; empty where a run has none.</param>
/// <param name="Correlations">
/// By component, the correlation over the tokens that both runs follow of the part; empty where they follow different ones.
/// </param>
public sealed record RunComparison(
    string Part,
    bool Matched,
    IReadOnlyList<ResponseDifference> Responses,
    IReadOnlyList<ResponseDifference> Coefficients,
    IReadOnlyDictionary<string, double> Correlations
)
{
    /// <summary>The false discovery rate below which a difference stands out.</summary>
    public const double Discovery = 0.05;

    /// <summary>What stands out after correction for the number of comparisons, the surest first.</summary>
    public IEnumerable<ResponseDifference> StandOut => Responses.Concat(Coefficients).Where(one => one.Q < Discovery).OrderBy(one => one.P);

    /// <summary>
    /// All differences as CSV (RFC 4180), a line each: `quantity` is the part's name or `llc`, of which `probe` is empty; numbers have the
    /// digits
    /// that give back the same float64.
    /// </summary>
    public string ToCsv()
    {
        StringBuilder csv = new("quantity,component,partner,probe,first,first_se,second,second_se,difference,difference_se,p,q\n");
        foreach (ResponseDifference one in Responses.Concat(Coefficients))
        {
            csv.Append(
                    CultureInfo.InvariantCulture,
                    $"{(one.Probe is null ? "llc" : Part)},{CsvText.Field(one.Component)},{CsvText.Field(one.Partner)},"
                )
                .Append(CultureInfo.InvariantCulture, $"{CsvText.Field(one.Probe ?? "")},{one.First:R},{one.FirstError:R},{one.Second:R},")
                .Append(CultureInfo.InvariantCulture, $"{one.SecondError:R},{one.Difference.Mean:R},{one.Difference.StandardError:R},")
                .Append(CultureInfo.InvariantCulture, $"{one.P:R},{one.Q:R}\n");
        }

        return csv.ToString();
    }

    /// <summary>Compares two runs.</summary>
    /// <param name="first">A run.</param>
    /// <param name="second">Another.</param>
    /// <param name="options">Which part, and what stands beside what.</param>
    /// <exception cref="InputException">A run does not hold the part, or the runs have no component or no probe in common; or heads are to
    /// be matched and the runs follow different tokens.</exception>
    public static RunComparison Of(SusceptibilityRun first, SusceptibilityRun second, RunComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(options);
        first.Require(options.Part);
        second.Require(options.Part);
        IReadOnlyList<(string Component, string Partner)> pairs = Pairs(first, second, options);
        string[] probes = [.. first.Manifest.ProbeNames.Intersect(second.Manifest.ProbeNames)];
        if (pairs.Count == 0 || probes.Length == 0)
        {
            string missing = pairs.Count == 0 ? "component" : "probe";
            throw new InputException(
                $"the runs have no {missing} in common: the first has {Names(first, missing)}, the second {Names(second, missing)}; "
                    + $"compare "
                    + "runs that share some."
            );
        }

        ResponseDifference[] responses =
        [
            .. from pair in pairs
            from probe in probes
            select Difference(
                pair,
                probe,
                Value(first, options.Part, pair.Component, probe),
                Value(second, options.Part, pair.Partner, probe)
            ),
        ];
        IReadOnlyDictionary<string, MeanEstimate> left = RunCoefficients.Of(first, options.FirstNBeta);
        IReadOnlyDictionary<string, MeanEstimate> right = RunCoefficients.Of(second, options.SecondNBeta);
        ResponseDifference[] coefficients =
        [
            .. from pair in pairs.Prepend((Component: Full, Partner: Full))
            where left.ContainsKey(pair.Component) && right.ContainsKey(pair.Partner)
            select Difference(pair, null, left[pair.Component], right[pair.Partner]),
        ];
        double[] q = FalseDiscovery.Adjust([.. responses.Concat(coefficients).Select(one => one.P)]);
        return new RunComparison(
            options.Part.Name,
            options.Match,
            [.. responses.Select((one, i) => one with { Q = q[i] })],
            [.. coefficients.Select((one, i) => one with { Q = q[responses.Length + i] })],
            TokenCorrelations(first, second, options.Part, pairs)
        );
    }

    private const string Full = "full";

    private static IReadOnlyList<(string Component, string Partner)> Pairs(
        SusceptibilityRun first,
        SusceptibilityRun second,
        RunComparisonOptions options
    )
    {
        if (!options.Match)
        {
            return [.. first.Manifest.Components.Intersect(second.Manifest.Components).Select(name => (name, name))];
        }

        GroupMatching[] layers =
        [
            .. RunMatching.Of(first, second, new MatchingOptions { Part = options.Part, Modes = 1 }).Where(group => group.Group != "heads"),
        ];
        return layers.Length == 0
            ? throw new InputException("the runs have no layer with as many heads in both, so heads cannot be matched; leave `match` out.")
            : [.. layers.SelectMany(group => group.Heads).Select(head => (head.Component, head.Partner))];
    }

    private static MeanEstimate Value(SusceptibilityRun run, ResponsePart part, string component, string probe)
    {
        int row = run.Manifest.Components.ToList().IndexOf(component);
        int column = run.Manifest.ProbeNames.ToList().IndexOf(probe);
        int at = (row * run.Manifest.ProbeNames.Count) + column;
        return new MeanEstimate(
            run.Data.Dataset.Values(part)[at],
            run.Data.Dataset.StandardErrors(part)[at],
            run.Manifest.DegreesOfFreedom(part, row) ?? 1
        );
    }

    private static ResponseDifference Difference(
        (string Component, string Partner) pair,
        string? probe,
        MeanEstimate first,
        MeanEstimate second
    )
    {
        MeanEstimate difference = Welch.Difference(second, first);
        return new ResponseDifference(
            pair.Component,
            pair.Partner,
            probe,
            first.Mean,
            first.StandardError,
            second.Mean,
            second.StandardError,
            difference,
            Welch.PValue(difference),
            double.NaN
        );
    }

    private static Dictionary<string, double> TokenCorrelations(
        SusceptibilityRun first,
        SusceptibilityRun second,
        ResponsePart part,
        IReadOnlyList<(string Component, string Partner)> pairs
    ) =>
        first.Data.Tokens.HasSameTokens(second.Data.Tokens)
            ? pairs.ToDictionary(
                pair => pair.Component,
                pair => Attribution.Moments.Correlation(Row(first, part, pair.Component), Row(second, part, pair.Partner))
            )
            : [];

    private static double[] Row(SusceptibilityRun run, ResponsePart part, string component)
    {
        int tokens = run.Data.Response.Columns;
        int row = run.Manifest.Components.ToList().IndexOf(component);
        return [.. run.Data.Response.Values(part).AsSpan(row * tokens, tokens).ToArray().Select(value => (double)value)];
    }

    private static string Names(SusceptibilityRun run, string kind) =>
        string.Join(", ", kind == "probe" ? run.Manifest.ProbeNames : run.Manifest.Components);
}
