namespace Curie.Networks.Archives.Pickles;

/// <summary>A dtype of numpy.</summary>
/// <param name="code">Its kind and bytes: <c>f8</c>, <c>i4</c>, …</param>
internal sealed class PickleNumpyType(string code)
{
    /// <summary>The kind and the bytes.</summary>
    public string Code => code;

    /// <summary>Whether the most significant byte comes first.</summary>
    public bool IsBigEndian { get; set; }
}
