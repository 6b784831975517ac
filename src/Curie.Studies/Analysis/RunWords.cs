using System.Text.Json;
using Curie.Numerics;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Sampling;

namespace Curie.Studies.Analysis;

/// <summary>How reports speak of what a run holds and how it was made.</summary>
public static class RunWords
{
    private const string OwnMean =
        " P is the mean loss of the only probe, so that the mean excess of the probe is 0 by construction, within rounding, and says "
        + "nothing of the components; to compare it with something, scan it with data or with another probe.";

    /// <summary>How the covariance was estimated.</summary>
    public static string Of(CovarianceEstimator estimator) =>
        estimator switch
        {
            CovarianceEstimator.Response => "response of coupled chains",
            CovarianceEstimator.Product => "product of fluctuations",
            _ => throw new ArgumentOutOfRangeException(nameof(estimator)),
        };

    /// <summary>So many chains, or the pairs that they form.</summary>
    public static string Chains(int chains, int chainsPerUnit) =>
        chainsPerUnit == 1 ? Counted.Of(chains, "chain") : Counted.Of(chains / chainsPerUnit, "pair of chains", "pairs of chains");

    /// <summary>
    /// What a run observes, if not the loss, and how its chains were coupled, in sentences; none of a run of a version that did not couple
    /// them.
    /// </summary>
    public static IEnumerable<string> Coupling(RunManifest run)
    {
        if (run.Observable is { } observable)
        {
            yield return $"What is observed is not the loss of the data: φ is the rise of the mean loss of {observable}.";
        }

        if (run.Coupling is not { } coupling)
        {
            yield break;
        }

        RunShape shape = run.Shape;
        string noise = coupling.Antithetic ? " of opposite noise" : "";
        string shadows =
            coupling.ObservableRows > 0
                ? $"; K = {coupling.ObservableRows} {(run.Observable is null ? "loss rows" : $"rows of {run.Observable.Probe}")} perturb "
                    + "the shadows at an update"
                : "";
        string gaussian =
            coupling.GaussianPairs > 0 ? $"; {Counted.Of(coupling.GaussianPairs, "pair")} of draws that never feel the loss" : "";
        string full = coupling.FullDraws > shape.Draws ? $" ({coupling.FullDraws} of full)" : "";
        yield return $"Every component has {Chains(shape.Chains, shape.ChainsPerUnit)}{noise}, each of "
            + $"{Counted.Of(shape.Draws, "draw")}{full} after {Counted.Of(coupling.BurnIn, "update")} of burn-in{shadows}{gaussian}.";
        foreach (string note in coupling.Notes)
        {
            yield return note;
        }
    }

    /// <summary>What a scan is, in a sentence; null for a run of chains.</summary>
    public static string? Scan(RunManifest run) =>
        run.Scan
            ? "This is a scan: components were moved by independent Gaussian draws around the checkpoint that never feel the loss, "
                + "and no chain was run. It shows second derivatives of the losses at the checkpoint; what is called a pair of chains "
                + $"is {Counted.Of(run.Shape.Draws, "pair")} of opposite draws."
                + (IsOwnMean(run) ? OwnMean : string.Empty)
            : null;

    /// <summary>Whether P is the mean over the one probe that is measured against it.</summary>
    private static bool IsOwnMean(RunManifest run) =>
        run.ProbeNames.Count == 1
        && !(
            run.Configuration.ValueKind == JsonValueKind.Object
            && run.Configuration.TryGetProperty("sampling", out JsonElement sampling)
            && sampling.TryGetProperty("data", out JsonElement data)
            && data.ValueKind == JsonValueKind.String
        );

    /// <summary>
    /// What cannot be said of a run that does not hold every part, in a sentence; null where it holds all that is needed.
    /// </summary>
    public static string? LeftOut(RunManifest run) =>
        VarianceSplit.IsPossible(run)
            ? null
            : $"The run holds {string.Join(" and ", run.HeldParts.Select(part => part.Name))} alone: where χ's variance and its modes "
                + "come from is left out, as are all views that need other parts or the full run.";

    /// <summary>What a group is called in running text.</summary>
    public static string Title(string group) =>
        group switch
        {
            "heads" => "all heads",
            "components" => "all components",
            _ => $"heads of layer {group[1..]}",
        };
}
