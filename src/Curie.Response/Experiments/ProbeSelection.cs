using Curie.Numerics;
using Curie.Numerics.Random;

namespace Curie.Response.Experiments;

/// <summary>
/// The tokens of one probe that are followed: row by row, position by position. Position t is the prediction of token t + 1, so it runs
/// from 0 to n_ctx − 2.
/// </summary>
public sealed class ProbeSelection
{
    private const long SharedSeed = 0;
    private readonly int[] _flat;
    private readonly int _positions;

    private ProbeSelection(ProbeInput probe, int rows, int[] flat, bool keepsCounted)
    {
        KeepsCounted = keepsCounted;
        Probe = probe;
        _flat = flat;
        _positions = probe.Rows.ContextLength - 1;
        Rows = [.. flat.Select(index => index / _positions).Distinct()];
        Slots = new int[flat.Length];
        Dictionary<int, int> slotOfRow = Rows.Select((row, slot) => (row, slot)).ToDictionary(pair => pair.row, pair => pair.slot);
        for (int i = 0; i < flat.Length; i++)
        {
            Slots[i] = (slotOfRow[flat[i] / _positions] * _positions) + (flat[i] % _positions);
        }

        AvailableRows = rows;
    }

    /// <summary>The probe.</summary>
    public ProbeInput Probe { get; }

    /// <summary>The rows that the tokens were chosen from.</summary>
    public int AvailableRows { get; }

    /// <summary>The rows that hold at least one chosen token, ascending.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>The number of chosen tokens.</summary>
    public int Count => _flat.Length;

    /// <summary>The bytes that it holds.</summary>
    internal long Bytes => 2L * sizeof(int) * _flat.Length;

    /// <summary>Whether every position of <see cref="Rows"/> was chosen.</summary>
    internal bool KeepsAll => _flat.Length == Rows.Count * _positions;

    /// <summary>Whether every position that counts was chosen.</summary>
    internal bool KeepsCounted { get; }

    /// <summary>Where each chosen token's loss stands among the losses of <see cref="Rows"/>.</summary>
    internal int[] Slots { get; }

    /// <summary>
    /// Chooses the tokens that count: all, or a random subset without replacement, keyed by the probe's name and the same for every seed,
    /// so that runs of two seeds follow the same tokens and can be compared.
    /// </summary>
    /// <exception cref="InputException">The probe asks for more tokens than its rows hold, or for none.</exception>
    /// <exception cref="ArgumentException">The positions that count are those of other rows.</exception>
    public static ProbeSelection Choose(ProbeInput probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        int[] all = probe.RowIndices;
        int rows = all.Length;
        if (probe.CountedPositions?.Fits(probe.Rows) == false)
        {
            throw new ArgumentException($"The positions that count are not those of probe {probe.Name}.", nameof(probe));
        }

        long available = probe.CountedPositions?.CountIn(all) ?? ((long)rows * (probe.Rows.ContextLength - 1));
        long wanted = probe.Tokens ?? available;
        if (rows < 1 || wanted < 1)
        {
            throw new InputException($"probe {probe.Name}: no token is left to follow; give at least one row and one token.");
        }

        if (wanted > available || available > int.MaxValue)
        {
            throw new InputException(
                $"probe {probe.Name}: {Counted.Of(wanted, "token")} {Counted.Word(wanted, "was", "were")} asked for, but "
                    + $"{Counted.Of(rows, "row")} {Counted.Word(rows, "holds", "hold")} {available}; ask for fewer tokens or give "
                    + "more rows."
            );
        }

        int positions = probe.Rows.ContextLength - 1;
        if (((long)all[^1] + 1) * positions > int.MaxValue)
        {
            throw new InputException(
                $"probe {probe.Name}: row {all[^1]} lies behind {int.MaxValue} positions, beyond which no token can be followed; give the "
                    + "probe a file of fewer rows."
            );
        }

        // Slots count rows by their place among those chosen; from here on places are those in the file.
        int[] flat = probe.CountedPositions?.Slots(all) ?? [.. Enumerable.Range(0, (int)available)];
        for (int i = 0; i < flat.Length; i++)
        {
            flat[i] = (all[flat[i] / positions] * positions) + (flat[i] % positions);
        }

        if (wanted < available)
        {
            // The first so many of a random order, back in the order of the text.
            new PhiloxStream(PhiloxKey.Derive(SharedSeed, RandomPurpose.ProbeTokens, probe.Name)).Shuffle<int>(flat);
            Array.Resize(ref flat, (int)wanted);
            Array.Sort(flat);
        }

        return new ProbeSelection(probe, rows, flat, wanted == available);
    }

    /// <summary>The row of chosen token <paramref name="index"/> in the probe's file.</summary>
    public int RowOf(int index) => _flat[index] / _positions;

    /// <summary>The position of chosen token <paramref name="index"/> in its row.</summary>
    public int PositionOf(int index) => _flat[index] % _positions;

    /// <summary>The id of the token that is predicted there.</summary>
    public int TokenIdOf(int index) => Probe.Rows[RowOf(index), PositionOf(index) + 1];
}
