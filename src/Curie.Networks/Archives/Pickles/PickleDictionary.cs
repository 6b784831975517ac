namespace Curie.Networks.Archives.Pickles;

/// <summary>A dict, an OrderedDict or a relation of theirs. Keys that are strings are there once; others are only listed.</summary>
internal sealed class PickleDictionary
{
    private static readonly List<KeyValuePair<object?, object?>> Nothing = [];
    private List<KeyValuePair<object?, object?>> _items = Nothing;
    private Dictionary<string, int>? _places;

    /// <summary>The items in the order in which they were first set.</summary>
    public IReadOnlyList<KeyValuePair<object?, object?>> Items => _items;

    /// <summary>Sets an item.</summary>
    public void Set(object? key, object? value)
    {
        if (ReferenceEquals(_items, Nothing))
        {
            _items = [];
        }

        if (key is string name)
        {
            _places ??= [];
            if (_places.TryGetValue(name, out int place))
            {
                _items[place] = new(key, value);
                return;
            }

            _places.Add(name, _items.Count);
        }

        _items.Add(new(key, value));
    }

    /// <summary>The value of a string; null where there is none.</summary>
    public object? Find(string name) => _places is not null && _places.TryGetValue(name, out int place) ? _items[place].Value : null;
}
