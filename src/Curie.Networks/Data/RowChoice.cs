namespace Curie.Networks.Data;

/// <summary>Which of a file's rows are taken where fewer are wanted than there are.</summary>
public enum RowChoice
{
    /// <summary>The first ones.</summary>
    First,

    /// <summary>Random ones of the whole file.</summary>
    Random,
}
