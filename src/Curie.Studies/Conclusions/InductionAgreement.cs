using Curie.Development.Effects;

namespace Curie.Studies.Conclusions;

/// <summary>How well a part of the response, which knows nothing of attention, goes with the induction of heads.</summary>
/// <param name="Sampled">The mode of the first <see cref="Modes"/> whose loadings go most with prefix matching.</param>
/// <param name="Before">The better of the same modes of draws that never feel the loss; null where the run holds none.</param>
public sealed record InductionAgreement(ModeRole Sampled, ModeRole? Before)
{
    /// <summary>Of how many modes the better is taken.</summary>
    public const int Modes = 2;

    private const double Level = 0.05;

    /// <summary>p of the better of the modes, by Bonferroni.</summary>
    public double P => PValue(Sampled);

    /// <summary>Whether it does beyond chance.</summary>
    public bool Shows => Significant(Sampled);

    /// <summary>Whether the better of the modes goes with induction beyond chance.</summary>
    internal static bool Significant(ModeRole better) => PValue(better) < Level;

    private static double PValue(ModeRole better) => Math.Min(1, Modes * better.PrefixMatchingP);
}
