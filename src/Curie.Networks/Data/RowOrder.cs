namespace Curie.Networks.Data;

/// <summary>The order in which minibatches take rows.</summary>
public enum RowOrder
{
    /// <summary>Every row once per epoch, in an order drawn anew for each epoch.</summary>
    Shuffled,

    /// <summary>Step s takes rows (s·batch + i) mod rows, i = 0 … batch − 1.</summary>
    Sequential,
}
