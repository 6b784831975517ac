using Curie.Numerics;
using Curie.Response.Attribution;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;

namespace Curie.Response.Matching;

/// <summary>A head and its counterpart in another model.</summary>
/// <param name="Component">The head.</param>
/// <param name="Partner">The head of the other run that it is assigned to.</param>
/// <param name="Correlation">The correlation over tokens of what sets the two apart from the other heads of their groups.</param>
/// <param name="SameName">The same with the other run's head of the same name; NaN where it has none.</param>
public sealed record HeadMatch(string Component, string Partner, double Correlation, double SameName)
{
    /// <summary>
    /// The jackknife error of <see cref="Correlation"/> over rows of text, the assignment as it is; NaN with a single row, and in files of
    /// before.
    /// </summary>
    public double StandardError { get; init; } = double.NaN;
}

/// <summary>A mode and its counterpart in another model.</summary>
/// <param name="Mode">The mode, from 1.</param>
/// <param name="Partner">The other run's mode that it is assigned to.</param>
/// <param name="ScoreCorrelation">|r| of the scores over tokens.</param>
/// <param name="LoadingCosine">|cos| between the loadings, heads put beside their counterparts.</param>
public sealed record ModeMatch(int Mode, int Partner, double ScoreCorrelation, double LoadingCosine);

/// <summary>The counterparts of one group.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Heads">Every head of the run.</param>
/// <param name="MatchedMean">The mean correlation of counterparts.</param>
/// <param name="OtherMean">The mean correlation of all other pairs.</param>
/// <param name="Modes">The first modes.</param>
/// <param name="LoadingAngles">The largest principal angle between the loadings of the first 1, 2, … modes, heads put beside their
/// counterparts, degrees.</param>
/// <param name="ChanceAngles">The means of these between random subspaces.</param>
/// <param name="ScoreAngles">The same between scores over tokens, for which heads need no counterparts; about 90 by chance.</param>
public sealed record GroupMatching(
    string Group,
    IReadOnlyList<HeadMatch> Heads,
    double MatchedMean,
    double OtherMean,
    IReadOnlyList<ModeMatch> Modes,
    IReadOnlyList<double> LoadingAngles,
    IReadOnlyList<double> ChanceAngles,
    IReadOnlyList<double> ScoreAngles
);

/// <summary>
/// Two runs on models that differ by their seed alone: heads have no order of their own, so each head of the one is assigned a head of the
/// other such that the
/// sum of correlations is largest (<see cref="Assignment"/>). Correlations are over tokens, of z-scored responses less their mean over
/// heads at each token:
/// what heads share would make all pairs alike.
/// </summary>
public static class RunMatching
{
    /// <summary>Matches two runs, group by group; groups whose sizes differ are left out.</summary>
    /// <param name="run">A run.</param>
    /// <param name="other">A run of another model on the same tokens.</param>
    /// <param name="options">The part of the response, how many modes, and the seed of the chance angles.</param>
    /// <exception cref="InputException">The runs follow different tokens.</exception>
    public static IReadOnlyList<GroupMatching> Of(SusceptibilityRun run, SusceptibilityRun other, MatchingOptions options)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(options);
        if (!run.Data.Tokens.HasSameTokens(other.Data.Tokens))
        {
            throw new InputException(
                "the runs follow different tokens, so their heads cannot be matched; run both with the same probes, tokenizer and seed."
            );
        }

        ResponseView apart = new() { Part = options.Part, Centring = Centring.ZScoreAndToken };
        IReadOnlyList<GroupModes> first = GroupModes.Of(run, options.Part);
        IReadOnlyList<GroupModes> second = GroupModes.Of(other, options.Part);
        return
        [
            .. from left in first
            join right in second on left.Name equals right.Name
            where left.Modes is not null && right.Modes is not null && left.Modes.Count == right.Modes.Count && left.Modes.Count > 1
            select Match(run, other, apart, left, right, options),
        ];
    }

    private static GroupMatching Match(
        SusceptibilityRun run,
        SusceptibilityRun other,
        ResponseView apart,
        GroupModes left,
        GroupModes right,
        MatchingOptions options
    )
    {
        (ModeAnalysis own, ModeAnalysis others) = (left.Modes!, right.Modes!);
        int count = own.Count;
        (double[][] ownRows, double[][] otherRows) = (Rows(run, apart, own.Components), Rows(other, apart, others.Components));
        double[,] correlations = Correlations(ownRows, otherRows);
        int[] texts = RowCorrelation.Groups(run.Data.Tokens);
        int[] partner = Assignment.Largest(correlations);
        double matched = Enumerable.Range(0, count).Average(c => correlations[c, partner[c]]);
        double all = correlations.Cast<double>().Average();
        int modes = Math.Min(options.Modes, count);
        double[][] ownLoadings = [.. Enumerable.Range(0, modes).Select(k => own.Loadings(k).ToArray())];
        double[][] otherLoadings = [.. Enumerable.Range(0, modes).Select(k => partner.Select(c => others.Loadings(k)[c]).ToArray())];
        double[,] scores = Correlations(
            [.. Enumerable.Range(0, modes).Select(own.Scores)],
            [.. Enumerable.Range(0, modes).Select(others.Scores)]
        );
        int[] modePartner = Assignment.Largest(Absolute(scores));
        return new GroupMatching(
            left.Name,
            [
                .. own.Components.Select(
                    (name, c) =>
                        new HeadMatch(name, others.Components[partner[c]], correlations[c, partner[c]], Same(name, c))
                        {
                            StandardError = RowCorrelation.Of(ownRows[c], otherRows[partner[c]], texts).StandardError,
                        }
                ),
            ],
            matched,
            count > 1 ? ((all * count * count) - (matched * count)) / (count * (count - 1)) : double.NaN,
            [
                .. Enumerable
                    .Range(0, modes)
                    .Select(k => new ModeMatch(
                        k + 1,
                        modePartner[k] + 1,
                        Math.Abs(scores[k, modePartner[k]]),
                        Math.Abs(Moments.Dot(ownLoadings[k], otherLoadings[modePartner[k]]))
                    )),
            ],
            [.. Enumerable.Range(1, modes).Select(k => PrincipalAngles.Largest(PrincipalAngles.Products(ownLoadings, otherLoadings, k)))],
            [.. Enumerable.Range(1, modes).Select(k => PrincipalAngles.OfRandomSubspaces(count, k, options.Seed))],
            [.. Enumerable.Range(1, modes).Select(k => PrincipalAngles.Largest(Corner(scores, k)))]
        );

        double Same(string name, int c)
        {
            int column = others.Components.ToList().IndexOf(name);
            return column < 0 ? double.NaN : correlations[c, column];
        }
    }

    private static double[][] Rows(SusceptibilityRun run, ResponseView view, IReadOnlyList<string> components) =>
        [
            .. view.Rows(run, [.. components.Select(name => run.Manifest.Components.ToList().IndexOf(name))])
                .Select(row => Array.ConvertAll(row.ToArray(), value => (double)value)),
        ];

    private static double[,] Correlations(double[][] left, double[][] right)
    {
        double[,] result = new double[left.Length, right.Length];
        for (int c = 0; c < left.Length; c++)
        {
            for (int d = 0; d < right.Length; d++)
            {
                double r = Moments.Correlation(left[c], right[d]);
                result[c, d] = double.IsNaN(r) ? 0 : r;
            }
        }

        return result;
    }

    private static double[,] Absolute(double[,] matrix)
    {
        double[,] result = (double[,])matrix.Clone();
        for (int c = 0; c < result.GetLength(0); c++)
        {
            for (int d = 0; d < result.GetLength(1); d++)
            {
                result[c, d] = Math.Abs(result[c, d]);
            }
        }

        return result;
    }

    private static double[,] Corner(double[,] matrix, int size)
    {
        double[,] corner = new double[size, size];
        for (int c = 0; c < size; c++)
        {
            for (int d = 0; d < size; d++)
            {
                corner[c, d] = matrix[c, d];
            }
        }

        return corner;
    }
}
