namespace Curie.Development.Stages;

/// <summary>What a curve does at a boundary between stages.</summary>
public enum BoundaryKind
{
    /// <summary>It goes from rising to falling.</summary>
    Maximum,

    /// <summary>It goes from falling to rising.</summary>
    Minimum,

    /// <summary>It slows down and goes on in the same direction.</summary>
    Plateau,
}
