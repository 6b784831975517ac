namespace Curie.Response.Experiments;

/// <summary>Whether the control of a run, without the loss, is drawn beside it.</summary>
public enum ControlDraws
{
    /// <summary>With as many draws as a quarter of the run's work buys, where direct draws can be made.</summary>
    Auto,

    /// <summary>With as many draws as the run.</summary>
    Full,

    /// <summary>Not.</summary>
    None,
}
