using Curie.Numerics;
using Curie.Response.Estimators;

namespace Curie.Response.Runs;

/// <summary>A complete run, as read from its folder.</summary>
/// <param name="Manifest">What was run.</param>
/// <param name="Data">What came out.</param>
public sealed record SusceptibilityRun(RunManifest Manifest, SusceptibilityData Data)
{
    /// <summary>Requires that the run holds a part.</summary>
    /// <exception cref="InputException">It does not.</exception>
    public void Require(ResponsePart part)
    {
        if (!Manifest.Holds(part))
        {
            string held = string.Join(" and ", Manifest.HeldParts.Select(part => part.Name));
            throw new InputException(
                $"the run holds no {part.Name}, only {held}; choose one of these with `part`, or sample the components with "
                    + "`SusceptibilityExperiment`."
            );
        }
    }
}
