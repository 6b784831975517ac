namespace Curie.Networks.Archives.Pickles;

/// <summary>An object of a class that is not known: a record of what would have made it, of which nothing is done.</summary>
/// <param name="type">Its class.</param>
/// <param name="arguments">What it would be made from.</param>
internal sealed class PickleObject(PickleGlobal type, object?[] arguments)
{
    /// <summary>The class.</summary>
    public PickleGlobal Type => type;

    /// <summary>What it would be made from.</summary>
    public IReadOnlyList<object?> Arguments => arguments;

    /// <summary>What it holds, where it is a dict of another class.</summary>
    public PickleDictionary? Items { get; set; }

    /// <summary>Its attributes, where it was given any.</summary>
    public PickleDictionary? State { get; set; }
}
