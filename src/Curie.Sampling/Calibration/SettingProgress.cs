using Curie.Networks.Components;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Calibration;

/// <summary>Turns the progress of components into the share of a setting that is done, every component counting alike.</summary>
public sealed class SettingProgress : IProgress<SamplingProgress>
{
    private readonly IProgress<double> _inner;
    private readonly Dictionary<string, double> _shares;

    private SettingProgress(IProgress<double> inner, IReadOnlyList<Component> components)
    {
        _inner = inner;
        _shares = components.ToDictionary(component => component.Name, _ => 0.0);
    }

    /// <summary>For components that are sampled; null where nobody is told.</summary>
    /// <param name="inner">Told the share.</param>
    /// <param name="components">What is sampled.</param>
    public static SettingProgress? Of(IProgress<double>? inner, IReadOnlyList<Component> components) =>
        inner is null ? null : new SettingProgress(inner, components);

    /// <inheritdoc/>
    public void Report(SamplingProgress value)
    {
        _shares[value.Component] = (double)value.Updates / value.TotalUpdates;
        _inner.Report(_shares.Values.Sum() / _shares.Count);
    }
}
