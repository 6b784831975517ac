using Curie.Response.Modes;

namespace Curie.Response.Designs;

/// <summary>What a design is to change: a mode of a group of components, or the response of one component of it.</summary>
/// <param name="Group">The group, as <see cref="ModeGroup.Name"/>; null for all heads, or for the only group there is.</param>
/// <param name="Mode">The mode, from 1; null where a component is the target.</param>
/// <param name="Component">The component; null where a mode is the target.</param>
public sealed record DesignTarget(string? Group, int? Mode, string? Component)
{
    /// <summary>A mode.</summary>
    /// <param name="mode">From 1.</param>
    /// <param name="group">Its group; null for all heads, or for the only group there is.</param>
    public static DesignTarget OfMode(int mode, string? group = null) => new(group, mode, null);

    /// <summary>A component, by the reliable modes of a group.</summary>
    /// <param name="component">Its name.</param>
    /// <param name="group">The group; null for all heads, or for the only group there is.</param>
    public static DesignTarget OfComponent(string component, string? group = null) => new(group, null, component);
}
