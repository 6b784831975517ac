using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Page;

/// <summary>What a reader should know before trusting a page, in sentences, what matters most first.</summary>
internal static class PageCaveats
{
    /// <summary>The caveats of the estimates; those of single components stand with their diagnostics.</summary>
    public static IEnumerable<string> Of(SusceptibilityRun run, IReadOnlyList<VarianceSplit> splits)
    {
        RunManifest manifest = run.Manifest;
        if (manifest.Control)
        {
            yield return "This is a control: it was sampled at nβ = 0, so it shows the geometry of the weights around the checkpoint, "
                + "not of the loss.";
        }

        if (manifest.Observable is { } observable)
        {
            yield return $"What is observed is not the loss of the data but the mean loss of {observable}: a negative covariance says "
                + "that with more weight on these the token becomes easier.";
        }

        if (RunWords.Scan(manifest) is { } scan)
        {
            yield return scan;
        }

        foreach (ComponentHealth component in manifest.Health)
        {
            foreach (ChainHealth chain in component.Chains.Where(chain => chain.Status == ChainStatus.Excluded))
            {
                yield return $"{component.Component}, chain {chain.Chain}: left out of every estimate at draw {chain.Draw}: {chain.Reason}";
            }
        }

        if (splits.Any(split => split.RenormalizationShare >= VarianceWords.DominatedFrom))
        {
            string shares = string.Join(", ", splits.Select(split => $"{split.Group} {NumberScale.Percent(split.RenormalizationShare)}"));
            yield return $"Renormalisation makes up nearly all of χ's variance over tokens ({shares}). {VarianceWords.CommonFactor}";
        }

        foreach (VarianceSplit split in splits)
        {
            yield return VarianceWords.Precision(split);
        }

        if (ComponentLevels.Of(run) is { } levels)
        {
            yield return LevelWords.Describe(levels);
        }

        foreach (string sentence in manifest.Coupling?.Notes ?? [])
        {
            yield return sentence;
        }

        if (manifest.Holds(ResponsePart.Susceptibility))
        {
            yield return "Sizes of χ cannot be compared between components, as each is known up to an unknown factor of its own; "
                + "patterns over tokens can.";
        }

        if (RunWords.LeftOut(manifest) is { } missing)
        {
            yield return missing;
        }

        if (manifest.Shape.Batches == 0)
        {
            yield return "The run keeps no batch means, so nothing is known of how well its modes repeat themselves.";
        }
    }
}
