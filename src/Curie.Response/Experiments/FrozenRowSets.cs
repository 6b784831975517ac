using Curie.Networks.Restricted;
using Curie.Text.Packing;

namespace Curie.Response.Experiments;

/// <summary>Sets of fixed rows of one group that share an allowance of memory, set by set.</summary>
/// <param name="group">The components that vary.</param>
internal sealed class FrozenRowSets(IRestrictedGroup group) : IDisposable
{
    private readonly List<IFrozenRows> _sets = [];

    /// <summary>The bytes that frozen activations hold.</summary>
    public long Bytes { get; private set; }

    /// <summary>The number of sets.</summary>
    public int Count => _sets.Count;

    /// <summary>A set.</summary>
    public IFrozenRows this[int place] => _sets[place];

    /// <summary>Prepares one set more.</summary>
    /// <param name="rows">Token rows.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="wanted">The tokens wanted, as <see cref="IRestrictedGroup.Freeze"/> has them; null for all.</param>
    /// <param name="memory">The bytes that all sets together may keep.</param>
    public void Add(TokenRows rows, IReadOnlyList<int> indices, IReadOnlyList<int>? wanted, long memory)
    {
        IFrozenRows set = group.Freeze(rows, indices, wanted, memory - Bytes);
        Bytes += set.FrozenBytes;
        _sets.Add(set);
    }

    /// <summary>Spends what memory is left.</summary>
    public void UseSpareMemory(long bytes)
    {
        foreach (IFrozenRows set in _sets)
        {
            long before = set.FrozenBytes;
            set.UseSpareMemory(bytes);
            bytes -= set.FrozenBytes - before;
            Bytes += set.FrozenBytes - before;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sets.ForEach(set => set.Dispose());
}
