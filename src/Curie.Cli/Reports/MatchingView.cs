using System.Globalization;
using Curie.Response.Matching;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws the counterparts of heads and modes in another model.</summary>
internal static class MatchingView
{
    private const string Explanation =
        "Heads are assigned one to one such that the sum of correlations over tokens is largest, of what sets each apart from the other "
        + "heads. Such a sum is above 0 by chance too: compare with the mean over all other pairs. Angles are the largest principal "
        + "angles between the first modes.";

    private const string SharedNoise =
        "Both runs were sampled with one seed, so that heads of one name were moved by the same noise, which makes them more alike "
        + "than the models are: sample one of the two with another --seed.";

    /// <summary>Draws every group.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="groups">The groups.</param>
    /// <param name="sharesNoise">Whether both runs were sampled with the same noise.</param>
    public static void Draw(IAnsiConsole console, IReadOnlyList<GroupMatching> groups, bool sharesNoise)
    {
        foreach (GroupMatching group in groups)
        {
            console.Heading($"Counterparts in the other run, {RunWords.Title(group.Group)}");
            console.WriteLine();
            foreach (HeadMatch head in group.Heads)
            {
                console.WriteLine(
                    $"  {head.Component, -8} ↔ {head.Partner, -8} r = "
                        + $"{EstimateText.Of(head.Correlation, head.StandardError)} (with the head of the same "
                        + $"name {NumberScale.Two(head.SameName)})"
                );
            }

            ReproducibilityView.Sentence(
                console,
                $"Mean r of counterparts {NumberScale.Two(group.MatchedMean)}, of all other pairs {NumberScale.Two(group.OtherMean)}."
            );
            foreach (ModeMatch mode in group.Modes)
            {
                int k = mode.Mode - 1;
                ReproducibilityView.Sentence(
                    console,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"mode {mode.Mode} ↔ mode {mode.Partner}: scores correlate by {NumberScale.Two(mode.ScoreCorrelation)}, |cos| of "
                            + $"loadings {NumberScale.Two(mode.LoadingCosine)}; first {mode.Mode}: loadings "
                            + $"{ReproducibilityView.Degrees(group.LoadingAngles[k])} apart (by chance "
                            + $"{ReproducibilityView.Degrees(group.ChanceAngles[k])}), scores "
                            + $"{ReproducibilityView.Degrees(group.ScoreAngles[k])}."
                    )
                );
            }
        }

        console.Note(Explanation);
        if (sharesNoise)
        {
            console.Note(SharedNoise);
        }
    }
}
