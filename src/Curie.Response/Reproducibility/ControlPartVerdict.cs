using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;

namespace Curie.Response.Reproducibility;

/// <summary>One part of the response in a run and in its control, pooled over components, each centred over tokens.</summary>
/// <param name="Part">The name of the part.</param>
/// <param name="Correlation">r, the correlation of the run's values with the control's.</param>
/// <param name="RunReliability">ρ of the run's values, the share of their variance that is no sampling error; null where unknown, and where
/// run and control have the same noise, which may be all that correlates.</param>
/// <param name="ControlReliability">The same of the control's.</param>
/// <param name="SizeRatio">The root-mean-square of the control's values over that of the run's.</param>
/// <param name="Components">Every component with an estimate in both.</param>
public sealed record ControlPartVerdict(
    string Part,
    double Correlation,
    double? RunReliability,
    double? ControlReliability,
    double SizeRatio,
    IReadOnlyList<ControlShare> Components
)
{
    /// <summary>
    /// √(ρ·ρ_control), the correlation that would be left of 1 by sampling error alone; null where a reliability is unknown or not above 0.
    /// </summary>
    public double? Ceiling => ControlShare.CeilingOf(RunReliability, ControlReliability);

    /// <summary>
    /// The share of the run's variance over tokens, sampling error taken out, that the control explains: (r/ceiling)², at most 1, and 0 for
    /// a correlation below 0. It is curvature under the localisation alone; what the sampling of the loss adds is the rest.
    /// </summary>
    public double? ShareExplained => ControlShare.Explained(Correlation, Ceiling);

    /// <summary>What the sampling of the loss adds: 1 less <see cref="ShareExplained"/>.</summary>
    public double? ShareAdded => 1 - ShareExplained;

    /// <summary>
    /// The 95 % interval of <see cref="ShareExplained"/>, for these components with other draws and other text; null where it is unknown.
    /// </summary>
    public Interval? ShareInterval { get; init; }

    internal static ControlPartVerdict? Of(SusceptibilityRun run, SusceptibilityRun control, ResponsePart part)
    {
        int[] rows =
        [
            .. Enumerable
                .Range(0, run.Manifest.Components.Count)
                .Where(row => ControlComparison.Varies(run, part, row) && ControlComparison.Varies(control, part, row)),
        ];
        if (rows.Length == 0)
        {
            return null;
        }

        Sums all = default;
        Halves own = default;
        Halves other = default;
        List<ControlShare> components = [];
        bool areIndependent = !run.Manifest.SharesNoiseWith(control.Manifest);
        foreach (int row in rows)
        {
            Sums sums = Sums.Of(ControlComparison.Values(run, part, row).Span, ControlComparison.Values(control, part, row).Span);
            Halves ofRun = areIndependent ? Halves.Of(run, part, row) : Halves.Unknown;
            Halves ofControl = areIndependent ? Halves.Of(control, part, row) : Halves.Unknown;
            ControlShare one = new(
                run.Manifest.Components[row],
                sums.Correlation,
                ofRun.Reliability,
                ofControl.Reliability,
                sums.SizeRatio
            );
            components.Add(one with { ShareInterval = Shared([row])?.Interval(one.Correlation, one.Ceiling) });
            all += sums;
            own += ofRun;
            other += ofControl;
        }

        ControlPartVerdict verdict = new(part.Name, all.Correlation, own.Reliability, other.Reliability, all.SizeRatio, components);
        return verdict with { ShareInterval = Shared(rows)?.Interval(verdict.Correlation, verdict.Ceiling) };

        SharedVariance? Shared(int[] of) => areIndependent ? SharedVariance.Of(run, control, part, of) : null;
    }

    /// <summary>Inner products of centred values.</summary>
    private readonly record struct Sums(double Own, double Cross, double Other)
    {
        public double Correlation => Cross / Math.Sqrt(Own * Other);

        public double SizeRatio => Math.Sqrt(Other / Own);

        public static Sums operator +(Sums x, Sums y) => new(x.Own + y.Own, x.Cross + y.Cross, x.Other + y.Other);

        public static Sums Of(ReadOnlySpan<float> own, ReadOnlySpan<float> other)
        {
            (double ownMean, double otherMean) = (ModeAnalysis.Mean(own), ModeAnalysis.Mean(other));
            Sums sums = default;
            for (int i = 0; i < own.Length; i++)
            {
                (double x, double y) = (own[i] - ownMean, other[i] - otherMean);
                sums = new Sums(sums.Own + (x * x), sums.Cross + (x * y), sums.Other + (y * y));
            }

            return sums;
        }
    }

    /// <summary>
    /// Inner products of the values from halves of the draws, means over the ways of halving; of several components their sums. NaN where a
    /// component keeps no batch means.
    /// </summary>
    private readonly record struct Halves(double Cross, double Size)
    {
        public static Halves Unknown => new(double.NaN, double.NaN);

        public double? Reliability => double.IsFinite(Cross) && Size > 0 ? new Reliability(Cross / Size).Corrected : null;

        public static Halves operator +(Halves x, Halves y) => new(x.Cross + y.Cross, x.Size + y.Size);

        public static Halves Of(SusceptibilityRun run, ResponsePart part, int row)
        {
            if (BatchBasis.Of(run, part, [row]).Basis is not { } basis)
            {
                return Unknown;
            }

            IReadOnlyList<(double[] First, double[] Second)> halves = BatchChoice.Halves(basis.Draws, basis.Units.Count);
            Halves sum = halves.Count == 0 ? Unknown : default;
            foreach ((double[] first, double[] second) in halves)
            {
                double size = Math.Sqrt(basis.Gram(first)[0, 0] * basis.Gram(second)[0, 0]);
                sum += new Halves(basis.Gram(first, second)[0, 0] / halves.Count, size / halves.Count);
            }

            return sum;
        }
    }
}
