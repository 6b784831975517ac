using Curie.Response.Accumulation;

namespace Curie.Response.Estimators;

/// <summary>
/// The dataset-level response matrix: every part for every probe and component. χ is linear in the probe, so the value is the mean over
/// the probe's tokens; its standard error comes from the draws of that mean, since the errors of tokens are correlated.
/// </summary>
public sealed class DatasetResponse
{
    /// <summary>Names the matrices of a run.</summary>
    public DatasetResponse(IReadOnlyList<string> probes, IReadOnlyList<string> components, PartMatrices<double> matrices)
    {
        Probes = probes;
        Components = components;
        Matrices = matrices;
    }

    /// <summary>The probes' names.</summary>
    public IReadOnlyList<string> Probes { get; }

    /// <summary>The components' names.</summary>
    public IReadOnlyList<string> Components { get; }

    /// <summary>Every part, components × probes.</summary>
    public PartMatrices<double> Matrices { get; }

    /// <summary>Estimates the matrices from the sums of every component and of the run `full`.</summary>
    /// <param name="components">The sums of the components, which share a layout.</param>
    /// <param name="full">F per probe.</param>
    /// <exception cref="ArgumentException">There is no component, or the probes differ.</exception>
    /// <exception cref="Numerics.InputException">The healthy chains of a component hold fewer than two batches.</exception>
    public static DatasetResponse Estimate(IReadOnlyList<ComponentMoments> components, FullShift full)
    {
        ArgumentNullException.ThrowIfNull(components);
        if (components.Count == 0)
        {
            throw new ArgumentException("There is no component.", nameof(components));
        }

        ProbeLayout layout = components[0].Layout;
        PartMatrices<double> matrices = new(components.Count, layout.Probes);
        for (int row = 0; row < components.Count; row++)
        {
            matrices.SetRow(row, SusceptibilityEstimates.Compute(components[row].Probes, full));
        }

        return new DatasetResponse(layout.Names, [.. components.Select(component => component.Component)], matrices);
    }

    /// <summary>One part as a table of probes × components.</summary>
    public ResponseTable Table(ResponsePart part) => new(part, Probes, Components, Matrices);
}
