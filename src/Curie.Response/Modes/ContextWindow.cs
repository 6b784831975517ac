namespace Curie.Response.Modes;

/// <summary>A token in its context, as text with visible whitespace (<see cref="VisibleText"/>).</summary>
/// <param name="Before">The tokens before it, the last of which is at the token's position.</param>
/// <param name="Token">The predicted token.</param>
/// <param name="After">The tokens after it.</param>
public sealed record ContextWindow(string Before, string Token, string After)
{
    /// <summary>The text with the token between ⟦ and ⟧, which texts do not have themselves.</summary>
    public string Marked => $"{Before}⟦{Token}⟧{After}";

    /// <summary>The text with the token in brackets.</summary>
    public override string ToString() => $"{Before}[{Token}]{After}";

    /// <summary>The window around the token that is predicted at a position: the row's token <paramref name="position"/> + 1.</summary>
    /// <param name="row">The ids of the token row.</param>
    /// <param name="position">The position t; token t + 1 is the target.</param>
    /// <param name="before">How many tokens to show before the target.</param>
    /// <param name="after">How many tokens to show after it.</param>
    /// <param name="decode">Turns token ids into text.</param>
    /// <exception cref="ArgumentOutOfRangeException">The row has no such target, or a length is negative.</exception>
    public static ContextWindow Around(ReadOnlySpan<int> row, int position, int before, int after, Func<ReadOnlySpan<int>, string> decode)
    {
        ArgumentNullException.ThrowIfNull(decode);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, row.Length - 1);
        ArgumentOutOfRangeException.ThrowIfNegative(before);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        int target = position + 1;
        int start = Math.Max(0, target - before);
        int end = (int)Math.Min(row.Length, (long)target + 1 + after);
        return new ContextWindow(
            VisibleText.Mark(decode(row[start..target])),
            VisibleText.Mark(decode(row.Slice(target, 1))),
            VisibleText.Mark(decode(row[(target + 1)..end]))
        );
    }
}
