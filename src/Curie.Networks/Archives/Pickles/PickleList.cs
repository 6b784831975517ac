namespace Curie.Networks.Archives.Pickles;

/// <summary>A list or a set.</summary>
internal sealed class PickleList
{
    private static readonly List<object?> Nothing = [];
    private List<object?> _items = Nothing;

    /// <summary>The items.</summary>
    public IReadOnlyList<object?> Items => _items;

    /// <summary>Adds an item.</summary>
    public void Add(object? item)
    {
        if (ReferenceEquals(_items, Nothing))
        {
            _items = [];
        }

        _items.Add(item);
    }
}
