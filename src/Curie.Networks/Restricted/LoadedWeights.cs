namespace Curie.Networks.Restricted;

/// <summary>A weight vector that a group of components holds.</summary>
/// <param name="Component">The component's index in its group.</param>
/// <param name="Slot">The slot that it was loaded into.</param>
public readonly record struct LoadedWeights(int Component, int Slot);
