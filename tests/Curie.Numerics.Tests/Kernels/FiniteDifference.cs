namespace Curie.Numerics.Tests.Kernels;

/// <summary>A derivative by central differences at two steps, extrapolated (Richardson).</summary>
internal static class FiniteDifference
{
    private const double Step = 1.0 / 32;

    /// <summary>
    /// Fails unless <paramref name="derivative"/> is f′(0), within the difference of the two steps' answers and the rounding of f. Ends
    /// with f(0), which leaves whatever f moves where it was.
    /// </summary>
    /// <param name="f">The function along a direction.</param>
    /// <param name="derivative">The claimed derivative.</param>
    /// <param name="rounding">A bound of the error of one value of f.</param>
    public static void AssertDerivative(Func<float, double> f, double derivative, double rounding)
    {
        double coarse = (f((float)Step) - f(-(float)Step)) / (2 * Step);
        double fine = (f((float)Step / 2) - f(-(float)Step / 2)) / Step;
        f(0);
        double extrapolated = ((4 * fine) - coarse) / 3;
        double allowed = Math.Abs(fine - coarse) + (4 * rounding / Step);
        Assert.True(Math.Abs(extrapolated) > 10 * allowed, $"the differences {coarse}, {fine} decide nothing with rounding {rounding}");
        Assert.Equal(extrapolated, derivative, allowed);
    }
}
