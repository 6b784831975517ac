using System.Text.RegularExpressions;

namespace Curie.Studies.Conclusions;

/// <summary>Says in a line what a word of a conclusion means, behind the sentence that uses it first.</summary>
public static partial class Glossary
{
    /// <summary>What the sign of the excess says of a text; without a full stop.</summary>
    public const string ExcessSign =
        "by its excess a component expresses a text, below 0, if moving it costs the text less than the mean, and suppresses it, above "
        + "0, if more";

    /// <summary>What the sign of the covariance says of a text; without a full stop.</summary>
    public const string CovarianceSign =
        "by its covariance a component expresses a text, below 0, if what raises the mean loss raises the text's by more, and "
        + "suppresses it, above 0, if by less";

    /// <summary>
    /// Why one head may express a text by one part and suppress it by another (docs/method.md, Signs); without a full stop.
    /// </summary>
    public const string BothSigns = ExcessSign + "; " + CovarianceSign;

    private static readonly (Regex Word, string Meaning)[] Words =
    [
        (
            Susceptibility,
            "χ is the susceptibility: by how much, to first order, a component's expected loss changes with more of the token in the data"
        ),
        (Mode, "a mode is a direction in which the components vary together over tokens"),
        (Loadings, "its loadings are the parts that components have in it"),
        (Reliability, "the reliability is the share of its variance over tokens that is no sampling error"),
        (Brackets, "brackets hold the 95 % interval, for the same heads with other draws and other text"),
        (Excess, "the excess is how much more a token's loss rises than the mean loss when the component is moved"),
        (Covariance, "the covariance is below 0 where what raises the mean loss raises the token's by more"),
        (Without, "draws that never feel the loss, the control, are random ones around the checkpoint: they show its curvature alone"),
        (SignOfExcess, ExcessSign),
        (SignOfCovariance, CovarianceSign),
        (
            Sign,
            "a component expresses a text, below 0, if with more of it in the data it would come to predict it better, and suppresses it, "
                + "above 0, if worse"
        ),
    ];

    /// <summary>The sentences with the meanings of the words that they use.</summary>
    /// <param name="sentences">The sentences, in order.</param>
    /// <param name="before">What stands above in the same output, whose words are not explained again; null for nothing.</param>
    internal static IEnumerable<string> Define(IEnumerable<string> sentences, Conclusion? before = null)
    {
        HashSet<Regex> known =
        [
            .. from entry in Words
            where before?.Sentences.Any(sentence => sentence.Contains(entry.Meaning, StringComparison.Ordinal)) is true
            select entry.Word,
        ];
        foreach (string sentence in sentences)
        {
            string[] meanings =
            [
                .. from entry in Words
                where entry.Word.IsMatch(sentence) && known.Add(entry.Word)
                where entry.Word != Sign || !(known.Contains(SignOfExcess) || known.Contains(SignOfCovariance))
                select entry.Meaning,
            ];
            yield return meanings.Length == 0 ? sentence : $"{sentence} (Here {string.Join("; ", meanings)}.)";
        }
    }

    [GeneratedRegex("χ")]
    private static partial Regex Susceptibility { get; }

    [GeneratedRegex(@"\b[Mm]odes?\b")]
    private static partial Regex Mode { get; }

    [GeneratedRegex(@"\bloadings\b")]
    private static partial Regex Loadings { get; }

    [GeneratedRegex(@"\breliability\b")]
    private static partial Regex Reliability { get; }

    [GeneratedRegex(@"\[\d")]
    private static partial Regex Brackets { get; }

    [GeneratedRegex(@"[Dd]raws that never feel the loss|\bthe control\b")]
    private static partial Regex Without { get; }

    [GeneratedRegex(@"\bexcess\b")]
    private static partial Regex Excess { get; }

    [GeneratedRegex(@"\bcovariance\b")]
    private static partial Regex Covariance { get; }

    [GeneratedRegex(@"\bexcess\b.*\b(expresses|suppresses)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex SignOfExcess { get; }

    [GeneratedRegex(@"\bcovariance\b.*\b(expresses|suppresses)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex SignOfCovariance { get; }

    [GeneratedRegex(@"\b(expresses|suppresses)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Sign { get; }
}
