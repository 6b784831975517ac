namespace Curie.Networks.Regression;

/// <summary>
/// How far sequences are from the training distribution: inputs are g·x and tasks g·t, so that g is a factor on the standard deviation;
/// targets follow
/// from both, and the noise stays as it is.
/// </summary>
/// <param name="Inputs">The factor on inputs.</param>
/// <param name="Tasks">The factor on tasks.</param>
public readonly record struct RegressionScale(float Inputs, float Tasks)
{
    /// <summary>The training distribution.</summary>
    public static RegressionScale Training => new(1, 1);
}
