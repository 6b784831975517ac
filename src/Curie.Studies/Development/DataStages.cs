using Curie.Networks.Components;

namespace Curie.Studies.Development;

/// <summary>The curves of the components on one data set.</summary>
/// <param name="Data">Its name; empty where a table knows one alone.</param>
/// <param name="Curves">The components, in order; at least one.</param>
public sealed record DataStages(string Data, IReadOnlyList<CurveStages> Curves)
{
    /// <summary>The curve that stands for all: that of the whole model, or else of the first component.</summary>
    public CurveStages Main => Curves.FirstOrDefault(curve => curve.Source.Component == Component.FullName) ?? Curves[0];
}
