using System.Text.RegularExpressions;
using Curie.Numerics;

namespace Curie.Response.Patterns;

/// <summary>
/// A class of tokens, by their text and context. A predicted token y belongs to it where all conditions that are given hold; a condition on
/// a neighbour does
/// not hold where there is no neighbour in the row.
/// </summary>
/// <param name="Name">The name, such as `word start`.</param>
public sealed record TokenPattern(string Name)
{
    /// <summary>What the pattern means, in words.</summary>
    public string Description { get; init; } = "";

    /// <summary>y's own text matches.</summary>
    public Regex? Text { get; init; }

    /// <summary>The text of the token before y, the last of the context, matches.</summary>
    public Regex? Previous { get; init; }

    /// <summary>The text of the token after y matches.</summary>
    public Regex? Next { get; init; }

    /// <summary>The text of the token after y is known and does not match.</summary>
    public Regex? NextNot { get; init; }

    /// <summary>y belongs to none of these patterns, which stand before this one.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];

    /// <summary>
    /// Whether the bigram (u, y), u the last token of the context, must have occurred earlier in the context: then a copy of what followed
    /// u
    /// before predicts y.
    /// </summary>
    public bool Repeated { get; init; }

    /// <summary>
    /// The largest share q(y | u) of y among what follows u in the corpus; null for no limit. Repeats of rare bigrams are what only
    /// induction predicts.
    /// </summary>
    public double? LargestBigramShare { get; init; }

    /// <summary>Whether the pattern looks beyond y's own text, so that the token rows are needed.</summary>
    public bool NeedsContext =>
        Previous is not null || Next is not null || NextNot is not null || Repeated || LargestBigramShare is not null;

    /// <summary>A regular expression that runs in time linear in the text, whoever wrote it.</summary>
    /// <param name="expression">.NET syntax without look-around, back references and atomic groups; Unicode classes such as
    /// <c>\p{L}</c>.</param>
    /// <param name="place">Where it stands, for the message.</param>
    /// <exception cref="InputException">It is not a regular expression, or uses what takes more than linear time.</exception>
    public static Regex Compile(string expression, string place)
    {
        try
        {
            return new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new InputException(
                $"{place}: '{expression}' cannot be used as a regular expression ({error.Message.TrimEnd('.')}); mend it, and leave out "
                    + "look-around and back references.",
                error
            );
        }
    }
}
