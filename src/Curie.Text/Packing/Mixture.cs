using Curie.Numerics;

namespace Curie.Text.Packing;

/// <summary>
/// Rows of one text with rows of another inserted evenly. Of the first r rows of the result, ⌊r·δ⌋ are probe rows; both kinds keep their
/// order. A fixed plan
/// without randomness.
/// </summary>
public static class Mixture
{
    // Products such as 10 · 0.1 may fall a rounding error short of a whole number.
    private const double Rounding = 1e-9;

    /// <summary>Mixes as many rows as both sets allow.</summary>
    /// <param name="baseRows">The base text.</param>
    /// <param name="probeRows">The probe.</param>
    /// <param name="rate">δ, the share of probe rows, between 0 and 1.</param>
    /// <param name="most">The most rows of the result; 0 for no limit.</param>
    /// <exception cref="InputException">The rate is not between 0 and 1, the sets' rows differ in length, or there are too few rows for a
    /// single probe row.</exception>
    public static TokenRows Rows(TokenRows baseRows, TokenRows probeRows, double rate, int most = 0)
    {
        ArgumentNullException.ThrowIfNull(baseRows);
        ArgumentNullException.ThrowIfNull(probeRows);
        if (!(rate > 0 && rate < 1))
        {
            throw new InputException($"the share of probe rows must lie between 0 and 1, but {rate} was given; choose one such as 0.1.");
        }

        if (baseRows.ContextLength != probeRows.ContextLength)
        {
            throw new InputException(
                $"rows of {baseRows.ContextLength} and of {probeRows.ContextLength} tokens cannot be mixed; pack both with the same n_ctx."
            );
        }

        int count = 0;
        while (
            (most == 0 || count < most)
            && ProbeRows(count + 1, rate) <= probeRows.Count
            && count + 1 - ProbeRows(count + 1, rate) <= baseRows.Count
        )
        {
            count++;
        }

        if (ProbeRows(count, rate) == 0)
        {
            throw new InputException(
                $"{Counted.Of(count, "row")} at a share of {rate} {Counted.Word(count, "holds", "hold")} no probe row; give more "
                    + "rows or a larger share."
            );
        }

        TokenRows mixed = TokenRows.Allocate(count, baseRows.ContextLength, Math.Max(baseRows.MaxId(), probeRows.MaxId()) + 1);
        int[] row = new int[baseRows.ContextLength];
        for (int r = 0; r < count; r++)
        {
            int probes = ProbeRows(r, rate);
            if (ProbeRows(r + 1, rate) > probes)
            {
                probeRows.CopyRow(probes, row);
            }
            else
            {
                baseRows.CopyRow(r - probes, row);
            }

            mixed.SetRow(r, row);
        }

        return mixed;
    }

    /// <summary>⌊r·δ⌋: the probe rows among the first r.</summary>
    public static int ProbeRows(int rows, double rate) => (int)Math.Floor((rows * rate) + Rounding);
}
