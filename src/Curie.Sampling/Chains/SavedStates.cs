using Curie.Networks.Components;

namespace Curie.Sampling.Chains;

/// <summary>Where sampling is saved on its way, so that a process that is stopped can be followed by another.</summary>
/// <param name="Folder">The folder, which exists.</param>
/// <param name="Fingerprint">Identifies configuration, model and data.</param>
/// <param name="Interval">
/// A component in progress is saved at a draw when so much time has passed; at most that much work and a draw is lost.
/// </param>
public sealed record SavedStates(string Folder, string Fingerprint, TimeSpan Interval)
{
    /// <summary>The file of a range of a component's chains.</summary>
    public StateFile FileOf(Component component, ChainRange range, SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(component);
        ArgumentNullException.ThrowIfNull(options);
        return new StateFile(StateFile.Name(Folder, component.Name, range, options.Chains), Fingerprint);
    }
}
