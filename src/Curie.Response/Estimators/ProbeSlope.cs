using Curie.Response.Runs;

namespace Curie.Response.Estimators;

/// <summary>
/// The derivative of a component's learning coefficient with the share of a probe in the data (<see cref="CoefficientSlopes"/>).
/// </summary>
/// <param name="Probe">The probe.</param>
/// <param name="Component">The component.</param>
/// <param name="Value">dλ̂/dh at h = 0; NaN where the component has no estimate.</param>
/// <param name="StandardError">Its standard error.</param>
public sealed record ProbeSlope(string Probe, string Component, double Value, double StandardError)
{
    /// <summary>Those of a run, probe by probe and within a probe component by component; null where the run holds none.</summary>
    public static IReadOnlyList<ProbeSlope>? Of(SusceptibilityRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Data.Slopes is not { } slopes)
        {
            return null;
        }

        return
        [
            .. run.Manifest.ProbeNames.SelectMany(
                (name, probe) =>
                    run.Manifest.Components.Select(
                        (component, row) =>
                            new ProbeSlope(
                                name,
                                component,
                                slopes.Values[(row * slopes.Probes) + probe],
                                slopes.StandardErrors[(row * slopes.Probes) + probe]
                            )
                    )
            ),
        ];
    }
}
