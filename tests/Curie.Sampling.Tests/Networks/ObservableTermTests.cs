using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Files;
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

/// <summary>Observables that are weighted sums over sets of rows.</summary>
public sealed class ObservableTermTests
{
    private const int Points = 2;

    /// <summary>
    /// The weights are powers of two, so that the sum is that of the terms' own gradients to the bit, at every point of every component.
    /// </summary>
    [Fact]
    public void The_gradient_of_a_sum_is_the_weighted_sum_of_the_gradients_of_its_terms()
    {
        string folder = ReferenceFiles.Susceptibility("3-attention-shortformer");
        using ParameterSet parameters = ModelReader.Load(Path.Combine(folder, "model"));
        using TokenRows data = TokenRows.Load(Path.Combine(folder, "pile.npy"));
        using TokenRows other = TokenRows.Load(Path.Combine(folder, "near.npy"));
        using Machine machine = Machine.Create(2);
        using TransformerEvaluator evaluator = new(parameters.Layout.Config, machine);
        using FrozenNetwork network = new(parameters, evaluator);
        using IRestrictedGroup group = RestrictedGroups.Create(
            network,
            new ComponentParser(parameters.Layout).ParseAll(["l2h0", "l2h4"]),
            slots: 4,
            gradientSlots: Points
        );
        ObservableRows first = new(other, [0, 2], count: 2, chains: 2, seed: 7);
        ObservableRows second = new(data, [0, 1, 2, 3, 4], count: 3, chains: 2, seed: 7);
        float[][] sum = Gradients([new ObservableTerm(first, 0.5), new ObservableTerm(second, -1)]);
        float[][] probe = Gradients([new ObservableTerm(first, 1)]);
        float[][] loss = Gradients([new ObservableTerm(second, 1)]);
        for (int point = 0; point < sum.Length; point++)
        {
            Assert.Equal(probe[point].Zip(loss[point], (x, y) => (0.5f * x) - y), sum[point]);
            Assert.Contains(sum[point], value => value != 0);
        }

        float[][] Gradients(IReadOnlyList<ObservableTerm> observable)
        {
            using NetworkSurfaces surfaces = new(group, data, RowOrder.Shuffled, batchSize: 3, chains: 2, seed: 1, observable);
            SurfacePoint[] points =
            [
                .. Enumerable
                    .Range(0, group.Components.Count)
                    .SelectMany(place => Enumerable.Range(0, Points).Select(shift => At(place, shift))),
            ];
            surfaces.ObservableGradients(chain: 0, step: 3, points);
            float[][] gradients = [.. points.Select(point => point.Gradient.Span.ToArray())];
            foreach (SurfacePoint point in points)
            {
                point.Weights.Dispose();
                point.Gradient.Dispose();
            }

            return gradients;
        }

        SurfacePoint At(int place, int shift)
        {
            int dimension = group.Components[place].Restriction.Dimension;
            AlignedBuffer<float> weights = new(dimension);
            group.CopyOrigin(place, weights.Span);
            weights.Span[shift] += 0.1f;
            return new SurfacePoint(place, weights, new AlignedBuffer<float>(dimension));
        }
    }
}
