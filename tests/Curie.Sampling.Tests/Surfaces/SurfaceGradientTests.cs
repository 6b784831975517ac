using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Surfaces;

public sealed class SurfaceGradientTests
{
    public static TheoryData<string> Names { get; } = [.. Surfaces.Keys];

    private static Dictionary<string, ILossSurface> Surfaces =>
        new()
        {
            ["monomials"] = new MonomialSurface([2, 3, 4, 2.5, 8]),
            ["crossing"] = new CrossingSurface(3, 2, 1),
            ["anharmonic"] = new AnharmonicSurface(1, -0.7, 1.3),
            ["quadratic observable"] = new QuadraticObservable([0, 0], [1, -2, -2, 0.5]),
            ["linear network"] = new LinearNetworkSurface([3, 2, 4, 2], 1),
            ["copies"] = new IndependentCopies(new CrossingSurface(2, 1, 3), 3),
        };

    /// <summary>Central differences over 2⁻⁷, exact steps in float32: error about h²·L'''/6 ≈ 1e-3 at weights of order 1.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_are_those_of_the_loss(string name)
    {
        const float half = 1f / 128;
        ILossSurface surface = Surfaces[name];
        float[] w = [.. Enumerable.Range(0, surface.Dimension).Select(i => (i % 2 == 0 ? 0.75f : -0.875f) + (i / 16f))];
        float[] gradient = new float[w.Length];
        float[] unused = new float[w.Length];
        surface.Gradient(0, 0, w, gradient);
        for (int i = 0; i < w.Length; i++)
        {
            float middle = w[i];
            w[i] = middle + half;
            double above = surface.Gradient(0, 0, w, unused);
            w[i] = middle - half;
            double below = surface.Gradient(0, 0, w, unused);
            w[i] = middle;
            Assert.Equal((above - below) / (2 * half), gradient[i], 5e-3 * Math.Max(1, Math.Abs(gradient[i])));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_loss_is_zero_at_the_origin_and_so_is_its_gradient(string name)
    {
        ILossSurface surface = Surfaces[name];
        float[] w = new float[surface.Dimension];
        surface.CopyOrigin(w);
        float[] gradient = [.. w.Select(_ => 7f)];
        Assert.Equal(0, surface.Gradient(0, 0, w, gradient));
        Assert.All(gradient, element => Assert.Equal(0, element));
    }
}
