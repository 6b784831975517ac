using Curie.Numerics;
using Curie.Response.Estimators.Parts;

namespace Curie.Response.Estimators;

/// <summary>
/// A part of a susceptibility: what it is called, and how it follows from a component's moments. With φ = P − L0 unless another observable
/// is named,
/// R = E_C[ℓ_i − P] and F = E_full[ℓ_i − P]: <see cref="Susceptibility"/> = <see cref="Covariance"/> + <see cref="Renormalization"/>, and
/// <see cref="Excess"/> is <see cref="Shift"/> less its value at w*.
/// </summary>
/// <remarks>
/// Every part is linear in the mean contribution C to the covariance, in the shift's change D from w* and in the gap F − D to that of
/// `full`, with weights that are
/// affine in E_C[φ] (<see cref="Weights"/>). Its value, its error and its estimate from any choice of batches follow from them alone, so
/// that a new part is a class of
/// its own and an entry in <see cref="All"/>.
/// </remarks>
public abstract class ResponsePart
{
    private protected ResponsePart() { }

    /// <summary>The two-run susceptibility χ = E_C[φ·(P − ℓ_i − Δ_i)], Δ_i = −F_i, in nats².</summary>
    public static ResponsePart Susceptibility { get; } = new SusceptibilityPart();

    /// <summary>The restricted covariance −Cov_C(φ, ℓ_i − P), in nats².</summary>
    public static ResponsePart Covariance { get; } = new CovariancePart();

    /// <summary>The renormalisation term E_C[φ]·(F_i − R_i), in nats².</summary>
    public static ResponsePart Renormalization { get; } = new RenormalizationPart();

    /// <summary>The shift R_i = E_C[ℓ_i − P], in nats.</summary>
    public static ResponsePart Shift { get; } = new ShiftPart();

    /// <summary>
    /// The excess S_i = R_i − (ℓ_i(w*) − L0) = E_C[ℓ_i − ℓ_i(w*)] − E_C[P − L0], in nats: the shift less its value at w*, which all
    /// components share.
    /// </summary>
    public static ResponsePart Excess { get; } = new ExcessPart();

    /// <summary>Every part, in the order of the files.</summary>
    public static IReadOnlyList<ResponsePart> All { get; } = [Susceptibility, Covariance, Renormalization, Shift, Excess];

    /// <summary>The name of the part's array and of the option's value, such as <c>chi</c>.</summary>
    public abstract string Name { get; }

    /// <summary>How running text calls it.</summary>
    public virtual string Symbol => Name;

    /// <summary>What stands for it where there is no room, such as <c>ren</c>.</summary>
    public abstract string Abbreviation { get; }

    /// <summary>What headings call it.</summary>
    public abstract string Title { get; }

    /// <summary>Its unit.</summary>
    public abstract string Unit { get; }

    /// <summary>What the array holds, for the manifest.</summary>
    public abstract string Meaning { get; }

    /// <summary>What it says, for a reader of a report: a sentence or two.</summary>
    public abstract string Explanation { get; }

    /// <summary>Whether the run `full` enters the part.</summary>
    public bool UsesFull => Weights(1, 0).Gap != 0;

    /// <summary>Whether the contributions to the covariance enter the part.</summary>
    public bool UsesCovariance => Weights(1, 0).Contribution != 0;

    /// <summary>Whether the loss at w* is part of it: the value then is that of the weights plus ℓ_i(w*) − L0.</summary>
    public virtual bool IncludesBaseline => false;

    /// <summary>Its place in <see cref="All"/>.</summary>
    internal int Index => _index ??= All.ToList().IndexOf(this);

    private int? _index;

    /// <summary>What the part is made of.</summary>
    /// <param name="phi">φ̄ = E_C[φ], nats; the weights are affine in it.</param>
    /// <param name="kappa">0 where contributions are those of a response, 1 where they are products, whose means lack the term
    /// φ̄·D̄.</param>
    public abstract PartWeights Weights(double phi, double kappa);

    /// <summary>The derivative of the weights with φ̄.</summary>
    /// <param name="kappa">As of <see cref="Weights"/>.</param>
    public PartWeights Slope(double kappa)
    {
        (PartWeights at0, PartWeights at1) = (Weights(0, kappa), Weights(1, kappa));
        return new PartWeights(at1.Contribution - at0.Contribution, at1.Shift - at0.Shift, at1.Gap - at0.Gap);
    }

    /// <summary>The part of that name.</summary>
    /// <exception cref="InputException">There is no such part.</exception>
    public static ResponsePart Parse(string name) =>
        All.FirstOrDefault(part => part.Name == name)
        ?? throw new InputException($"there is no part named {name}; use one of {string.Join(", ", All.Select(part => part.Name))}.");

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
