using Curie.Numerics;
using Curie.Response.Attribution;
using Curie.Response.Runs;

namespace Curie.Response.Estimators;

/// <summary>
/// The agreement of two ways to the response to a probe, over components. χ is linear in the probe, so the mean over the probe's tokens, y,
/// and the response
/// to base text with a share δh of the probe mixed in, x, are related by
/// <code>
/// x = δh·y + (1 − δh)·χ(base rows),
/// </code>
/// and χ(base rows) is 0 but for the difference between these rows and those that give P. The slope of y on x is therefore near 1/δh (Baker
/// et al. 2025: 9.794
/// where δh = 0.1).
/// </summary>
/// <param name="Probe">The probe.</param>
/// <param name="Rate">δh.</param>
/// <param name="Components">How many components.</param>
/// <param name="Slope">Of least squares with an intercept, y on x.</param>
/// <param name="StandardError">Its standard error from the residuals, Components − 2 degrees of freedom; NaN for two components.</param>
/// <param name="Correlation">Pearson's r over components.</param>
public sealed record MixtureRoute(string Probe, double Rate, int Components, double Slope, double StandardError, double Correlation)
{
    /// <summary>Compares every probe that both runs name.</summary>
    /// <param name="run">The run on the probes.</param>
    /// <param name="mixed">A run that samples the same, on mixtures with the probes' names.</param>
    /// <param name="part">The part.</param>
    /// <param name="rate">δh.</param>
    /// <exception cref="InputException">The rate is not between 0 and 1, the runs sample differently, or they share fewer than two
    /// components or no probe.</exception>
    public static IReadOnlyList<MixtureRoute> Of(SusceptibilityRun run, SusceptibilityRun mixed, ResponsePart part, double rate)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(mixed);
        if (!(rate > 0 && rate < 1))
        {
            throw new InputException(
                $"the rate of a mixture must lie between 0 and 1, but {rate} was given; give the share that `Mixture.Rows` was given."
            );
        }

        // Equal traces mean equal chains: then the two ways differ in the probe alone.
        if (!run.Data.TraceLoss.AsSpan().SequenceEqual(mixed.Data.TraceLoss))
        {
            throw new InputException(
                "the run of mixtures has other chains than this run; run it with the same configuration and seed, but for the data of "
                    + "its probes."
            );
        }

        MixtureRoute[] routes =
        [
            .. from name in run.Manifest.ProbeNames
            where mixed.Manifest.ProbeNames.Contains(name)
            select Compare(run, mixed, part, rate, name),
        ];
        return routes.Length > 0
            ? routes
            : throw new InputException(
                $"the run of mixtures names none of this run's probes ({string.Join(", ", run.Manifest.ProbeNames)}); give its probes "
                    + "the same names."
            );
    }

    private static MixtureRoute Compare(SusceptibilityRun run, SusceptibilityRun mixed, ResponsePart part, double rate, string probe)
    {
        ResponseTable tokens = Table(run, part);
        ResponseTable mixture = Table(mixed, part);
        (int own, int other) = (IndexOf(run.Manifest.ProbeNames, probe), IndexOf(mixed.Manifest.ProbeNames, probe));
        (double X, double Y)[] pairs =
        [
            .. Enumerable
                .Range(0, run.Manifest.Components.Count)
                .Select(c => (X: mixture.Value(other, c), Y: tokens.Value(own, c)))
                .Where(pair => double.IsFinite(pair.X) && double.IsFinite(pair.Y)),
        ];
        if (pairs.Length < 2)
        {
            throw new InputException("a slope over components needs at least two that have estimates; sample more heads.");
        }

        double[] x = [.. pairs.Select(pair => pair.X)];
        double[] y = [.. pairs.Select(pair => pair.Y)];
        double slope = Moments.Covariance(x, y) / Moments.Covariance(x, x);
        double residual = Moments.Covariance(y, y) - (slope * Moments.Covariance(x, y));
        double error = x.Length > 2 ? Math.Sqrt(Math.Max(0, residual) / (x.Length - 2) / Moments.Covariance(x, x)) : double.NaN;
        return new MixtureRoute(probe, rate, x.Length, slope, error, Moments.Correlation(x, y));
    }

    private static ResponseTable Table(SusceptibilityRun run, ResponsePart part) =>
        new(part, run.Manifest.ProbeNames, run.Manifest.Components, run.Data.Dataset);

    private static int IndexOf(IReadOnlyList<string> names, string name) => names.ToList().IndexOf(name);
}
