namespace Curie.Response.Estimators;

/// <summary>
/// What a part is made of: <paramref name="Contribution"/>·C + <paramref name="Shift"/>·D + <paramref name="Gap"/>·(F − D).
/// </summary>
/// <param name="Contribution">The weight of C, the contribution to the covariance.</param>
/// <param name="Shift">The weight of D, the shift less its value at w*.</param>
/// <param name="Gap">The weight of F − D, F that of `full` less its value at w*.</param>
public readonly record struct PartWeights(double Contribution, double Shift, double Gap)
{
    /// <summary>The weight of D by itself.</summary>
    public double OwnShift => Shift - Gap;

    /// <summary>The sum; what has no weight need not be a number.</summary>
    public double Apply(double contribution, double shift, double full)
    {
        double value = Contribution == 0 ? 0 : Contribution * contribution;
        value += Shift == 0 ? 0 : Shift * shift;
        return value + (Gap == 0 ? 0 : Gap * (full - shift));
    }
}
