using Curie.Numerics;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;

namespace Curie.Response.Reproducibility;

/// <summary>
/// How much of a run is the network's curvature under the localisation alone, and how much the sampling of the loss adds: the run's values
/// over tokens beside those of its control at nβ = 0, part by part.
/// </summary>
/// <param name="Parts">The excess, the covariance and χ, as far as run and control hold them.</param>
public sealed record ControlVerdict(IReadOnlyList<ControlPartVerdict> Parts)
{
    private static readonly IReadOnlyList<ResponsePart> Judged =
    [
        ResponsePart.Excess,
        ResponsePart.Covariance,
        ResponsePart.Susceptibility,
    ];

    /// <summary>Judges.</summary>
    /// <param name="run">The run.</param>
    /// <param name="control">Its control.</param>
    /// <exception cref="InputException">The control is none, or belongs to another model, other probes or other components.</exception>
    public static ControlVerdict Of(SusceptibilityRun run, SusceptibilityRun control)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(control);
        ControlComparison.Require(run, control);
        return new ControlVerdict([
            .. Judged
                .Where(part => run.Manifest.Holds(part) && control.Manifest.Holds(part))
                .Select(part => ControlPartVerdict.Of(run, control, part))
                .OfType<ControlPartVerdict>(),
        ]);
    }
}
