namespace Curie.Networks.Restricted;

/// <summary>The positions of some rows whose losses are wanted, row by row in ascending order.</summary>
internal sealed class WantedTokens
{
    private readonly int[] _starts;
    private readonly int[] _positions;

    /// <summary>The wanted positions.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="length">The positions of one row.</param>
    /// <param name="slots">row·length + position of every wanted token, ascending; null for all.</param>
    public WantedTokens(int rows, int length, IReadOnlyList<int>? slots)
    {
        IsAll = slots is null;
        slots ??= [.. Enumerable.Range(0, rows * length)];
        Count = slots.Count;
        _positions = new int[Count];
        _starts = new int[rows + 1];
        for (int i = 0, previous = -1; i < Count; previous = slots[i++])
        {
            if (slots[i] <= previous || slots[i] >= rows * length)
            {
                throw new ArgumentException(
                    $"Token {slots[i]} follows {previous}: wanted tokens ascend and lie within the rows.",
                    nameof(slots)
                );
            }

            _positions[i] = slots[i] % length;
            _starts[(slots[i] / length) + 1]++;
        }

        for (int row = 0; row < rows; row++)
        {
            _starts[row + 1] += _starts[row];
        }
    }

    /// <summary>Whether no position of any row is left out.</summary>
    public bool IsAll { get; }

    /// <summary>The number of wanted tokens.</summary>
    public int Count { get; }

    /// <summary>The index of a row's first wanted token.</summary>
    public int Start(int row) => _starts[row];

    /// <summary>How many positions of a row are wanted.</summary>
    public int CountIn(int row) => _starts[row + 1] - _starts[row];

    /// <summary>The wanted positions of a row.</summary>
    public ReadOnlySpan<int> Positions(int row) => _positions.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);

    /// <summary>The positions of a row that its wanted losses depend on: those up to the last wanted one.</summary>
    public int Reach(int row) => Positions(row) is [.., int last] ? last + 1 : 0;
}
