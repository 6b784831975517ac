using Curie.Networks.Components;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Networks;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Sampling.Tests.Networks;

/// <summary>The largest curvature against the whole matrix of second derivatives of a small component.</summary>
public sealed class LargestCurvatureTests
{
    /// <summary>
    /// The matrix comes from central differences of gradients along every weight, with the same length of step, so that the two differ by
    /// third derivatives and rounding, a hundredth; ten iterations from a random direction may fall short of the largest by a tenth.
    /// </summary>
    [Theory]
    [InlineData("ln_final")]
    [InlineData("l1.ln1")]
    public void It_is_the_largest_eigenvalue_of_the_second_derivatives(string name)
    {
        string folder = ReferenceFiles.Susceptibility("2-gelu-standard");
        using ParameterSet model = ModelReader.Load(Path.Combine(folder, "model"));
        using TokenRows rows = TokenRows.Load(Path.Combine(folder, "pile.npy"));
        using Machine machine = Machine.Create(1);
        using TransformerEvaluator evaluator = new(model.Layout.Config, machine);
        using FrozenNetwork network = new(model, evaluator);
        Component component = new ComponentParser(model.Layout).Parse(name);
        int[] batch = [0, 1, 2];
        double found = LargestCurvature.Measure(network, component, rows, batch, null, 1, machine.Kernels, default);

        int d = component.Restriction.Dimension;
        using IRestrictedGroup group = RestrictedGroups.Create(network, [component], 1);
        using AlignedBuffer<float> gradient = new(d);
        float[] origin = new float[d];
        group.CopyOrigin(0, origin);
        double length = 5e-3 * Math.Sqrt(origin.Sum(value => (double)value * value));
        double[,] hessian = new double[d, d];
        for (int j = 0; j < d; j++)
        {
            foreach (int sign in new[] { 1, -1 })
            {
                float[] point = [.. origin];
                point[j] += (float)(sign * length);
                group.Load(0, 0, point);
                group.LossesAndGradients(rows, batch, [new LoadedWeights(0, 0)], new double[1], [gradient]);
                for (int i = 0; i < d; i++)
                {
                    hessian[i, j] += sign * gradient.Span[i] / (2 * length);
                }
            }
        }

        double[] v = [.. Enumerable.Range(0, d).Select(i => 1.0 + (i % 3))];
        double largest = 0;
        for (int iteration = 0; iteration < 2000; iteration++)
        {
            double[] next = [.. Enumerable.Range(0, d).Select(i => Enumerable.Range(0, d).Sum(j => hessian[i, j] * v[j]))];
            double norm = Math.Sqrt(next.Sum(value => value * value));
            largest = next.Zip(v, (a, b) => a * b).Sum() / v.Sum(value => value * value);
            v = [.. next.Select(value => value / norm)];
        }

        Assert.True(largest > 0);
        Assert.InRange(found / largest, 0.9, 1.01);
    }
}
