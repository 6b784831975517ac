using System.Text.RegularExpressions;

namespace Curie.Studies.Conclusions;

/// <summary>Says in a line what a word of a conclusion means, behind the sentence that uses it first.</summary>
public static partial class Glossary
{
    /// <summary>
    /// Why one head may express a text by one part and suppress it by another (docs/method.md, Signs); without a full stop.
    /// </summary>
    public const string BothSigns =
        "a head may express a text by its excess and suppress it by its covariance, for the excess is below 0 where moving the head costs "
        + "the text less than the data, and the covariance where what costs the data costs the text too";

    private static readonly (Regex Word, string Meaning)[] Words =
    [
        (Mode, "a mode is a direction in which the components vary together over tokens"),
        (Excess, "the excess is how much more a token's loss rises than the mean loss when the component is moved"),
        (Covariance, "the covariance is whether what raises the mean loss raises the token's loss too: then it is below 0"),
        (
            Sign,
            "a component expresses a text, below 0, if with more of it in the data it would come to predict it better, and suppresses it, "
                + "above 0, if worse"
        ),
    ];

    /// <summary>The sentences with the meanings of the words that they use.</summary>
    /// <param name="sentences">The sentences, in order.</param>
    /// <param name="both">Whether both the excess and the covariance are known, whose signs may differ.</param>
    internal static IEnumerable<string> Define(IEnumerable<string> sentences, bool both)
    {
        HashSet<Regex> known = [];
        foreach (string sentence in sentences)
        {
            string[] meanings =
            [
                .. from entry in Words
                where entry.Word.IsMatch(sentence) && known.Add(entry.Word)
                select entry.Word == Sign && both ? $"{entry.Meaning}; {BothSigns}" : entry.Meaning,
            ];
            yield return meanings.Length == 0 ? sentence : $"{sentence} (Here {string.Join("; ", meanings)}.)";
        }
    }

    [GeneratedRegex(@"\b[Mm]odes?\b")]
    private static partial Regex Mode { get; }

    [GeneratedRegex(@"\bexcess\b")]
    private static partial Regex Excess { get; }

    [GeneratedRegex(@"\bcovariance\b")]
    private static partial Regex Covariance { get; }

    [GeneratedRegex(@"\b(expresses|suppresses)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Sign { get; }
}
