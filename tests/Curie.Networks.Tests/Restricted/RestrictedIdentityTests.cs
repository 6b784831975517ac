using Curie.Networks.Components;
using Curie.Networks.Restricted;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Simd;

namespace Curie.Networks.Tests.Restricted;

/// <summary>Identities that hold bit for bit, so they have no tolerance, in every kind of group.</summary>
public sealed class RestrictedIdentityTests
{
    private const int Slots = 3;

    /// <summary>
    /// A model and components that share a group: heads of the last layer, of an earlier one, of a layer with an MLP, groups of heads in
    /// each of these; and what stays alone.
    /// </summary>
    public static TheoryData<string, string, SimdWidth> Groups
    {
        get
        {
            TheoryData<string, string, SimdWidth> groups = [];
            foreach (SimdWidth width in Kernels.SupportedWidths)
            {
                groups.Add("2-attention-shortformer", "l1h2,l1h0,l1h1", width);
                groups.Add("3-attention-standard", "l2h1,l2h0", width);
                groups.Add("2-attention-shortformer", "l0h0,l0h2,l0h1", width);
                groups.Add("3-mlp-shortformer", "l1h0,l1h1", width);
                groups.Add("2-mlp-standard", "l1h1,l1h2", width);
                groups.Add("grouped queries and norms of both", "l0g1,l0g0", width);
                groups.Add("grouped queries and norms of both", "l1g1,l1g0", width);
                groups.Add("narrow groups, norms of queries and keys", "l0g1,l0g0", width);
                groups.Add("narrow groups, norms of queries and keys", "l1g1,l1g0", width);
                groups.Add("narrow groups, parallel with one norm", "l1g0,l1g1", width);
                groups.Add("2-mlp-standard", "l1.mlp", width);
                groups.Add("3-attention-standard", "l1", width);
                groups.Add("2-attention-shortformer", "unembed", width);
                groups.Add("2-attention-shortformer", "full", width);
            }

            return groups;
        }
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void Any_number_of_workers_gives_the_same_bits(string model, string names, SimdWidth width)
    {
        using RestrictedProblem problem = new(model, width);
        using IRestrictedGroup group = Create(problem, names);
        (float[] losses, double[][] gradientLosses, float[][] gradients) = Everything(problem, group);
        foreach (int workers in new[] { 2, 3, 12, 20 })
        {
            using RestrictedProblem other = new(model, width, workers);
            using IRestrictedGroup sameGroup = Create(other, names);
            (float[] otherLosses, double[][] otherGradientLosses, float[][] otherGradients) = Everything(other, sameGroup);
            Assert.Equal(losses, otherLosses);
            Assert.Equal(gradientLosses, otherGradientLosses);
            Assert.Equal(gradients, otherGradients);
        }
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void A_component_alone_has_the_bits_that_it_has_in_company(string model, string names, SimdWidth width)
    {
        using RestrictedProblem problem = new(model, width);
        using IRestrictedGroup together = Create(problem, names);
        LoadedWeights[] points = Load(problem, together);
        using IFrozenRows rows = together.Freeze(problem.Tokens, RestrictedProblem.Indices, null, long.MaxValue);
        float[] losses = Losses(problem, rows, points);
        (double[] means, float[][] gradients) = problem.Gradients(together, [.. Enumerable.Range(0, together.Components.Count)]);
        for (int component = 0; component < together.Components.Count; component++)
        {
            using IRestrictedGroup alone = RestrictedGroups.Create(problem.Network, [together.Components[component]], 1);
            using IFrozenRows sameRows = alone.Freeze(problem.Tokens, RestrictedProblem.Indices, null, 0);
            for (int point = points.Length - 1; point >= 0; point--)
            {
                if (points[point].Component == component)
                {
                    alone.Load(0, 0, problem.Vector(alone.Components[0], points[point].Slot + 1));
                    Assert.Equal(
                        losses[(point * problem.TokenCount)..((point + 1) * problem.TokenCount)],
                        Losses(problem, sameRows, [default])
                    );
                }
            }

            (double[] mean, float[][] gradient) = problem.Gradients(alone, 0);
            Assert.Equal(means[component], mean[0]);
            Assert.Equal(gradients[component], gradient[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void Gradients_at_several_weight_vectors_of_a_component_have_the_bits_of_each_alone(string model, string names, SimdWidth width)
    {
        using RestrictedProblem problem = new(model, width);
        using IRestrictedGroup together = RestrictedGroups.Create(
            problem.Network,
            [.. names.Split(',').Select(problem.Component)],
            Slots,
            Slots
        );
        LoadedWeights[] points =
        [
            .. Load(problem, together).Where(point => point.Slot < together.GradientSlots).OrderBy(point => point.Component),
        ];
        (double[] means, float[][] gradients) = problem.Gradients(together, points);
        for (int i = 0; i < points.Length; i++)
        {
            using IRestrictedGroup alone = RestrictedGroups.Create(problem.Network, [together.Components[points[i].Component]], 1);
            alone.Load(0, 0, problem.Vector(alone.Components[0], points[i].Slot + 1));
            (double[] mean, float[][] gradient) = problem.Gradients(alone, 0);
            Assert.Equal(mean[0], means[i]);
            Assert.Equal(gradient[0], gradients[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void The_order_of_points_and_of_components_changes_no_bit(string model, string names, SimdWidth width)
    {
        using RestrictedProblem problem = new(model, width);
        using IRestrictedGroup group = Create(problem, names);
        LoadedWeights[] points = Load(problem, group);
        using IFrozenRows rows = group.Freeze(problem.Tokens, RestrictedProblem.Indices, null, long.MaxValue);
        float[] losses = Losses(problem, rows, points);
        float[] reversed = Losses(problem, rows, [.. points.Reverse()]);
        Assert.Equal(losses.Chunk(problem.TokenCount).Reverse().SelectMany(chunk => chunk), reversed);

        int[] components = [.. Enumerable.Range(0, group.Components.Count)];
        (double[] means, float[][] gradients) = problem.Gradients(group, components);
        (double[] reversedMeans, float[][] reversedGradients) = problem.Gradients(group, [.. components.Reverse()]);
        Assert.Equal(means.Reverse(), reversedMeans);
        Assert.Equal(gradients.Reverse(), reversedGradients);
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void Memory_changes_no_bit_and_is_kept_to(string model, string names, SimdWidth width)
    {
        using RestrictedProblem problem = new(model, width);
        using IRestrictedGroup group = Create(problem, names);
        using IFrozenRows nothing = group.Freeze(problem.Tokens, RestrictedProblem.Indices, null, 0);
        using IFrozenRows everything = group.Freeze(problem.Tokens, RestrictedProblem.Indices, null, long.MaxValue);
        Assert.Equal(0, nothing.FrozenBytes);
        long state = everything.FrozenBytes;
        LoadedWeights[] points = Load(problem, group);
        float[] truth = Losses(problem, nothing, points);
        Assert.Equal(truth, Losses(problem, everything, points));
        everything.UseSpareMemory(long.MaxValue);
        long spare = everything.FrozenBytes - state;
        Assert.Equal(truth, Losses(problem, everything, points));

        using IFrozenRows part = group.Freeze(problem.Tokens, RestrictedProblem.Indices, null, state * 3 / 5);
        Assert.InRange(part.FrozenBytes, 0, state * 3 / 5);
        long kept = part.FrozenBytes;
        part.UseSpareMemory(spare * 2 / 5);
        Assert.InRange(part.FrozenBytes - kept, 0, spare * 2 / 5);
        Assert.Equal(truth, Losses(problem, part, points));
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void Wanted_positions_have_the_bits_that_they_have_among_all(string model, string names, SimdWidth width)
    {
        using RestrictedProblem problem = new(model, width);
        using IRestrictedGroup group = Create(problem, names);
        LoadedWeights[] points = Load(problem, group);
        using IFrozenRows all = group.Freeze(problem.Tokens, RestrictedProblem.Indices, null, 0);
        float[] every = Losses(problem, all, points);

        // The third row is left out, the last positions of the others too.
        int[] wanted =
        [
            .. Enumerable
                .Range(0, problem.TokenCount)
                .Where(i => i % 7 < 3 && i / problem.PerRow != 2 && i % problem.PerRow < problem.PerRow - 3),
        ];
        foreach (long memory in new[] { 0, long.MaxValue })
        {
            using IFrozenRows some = group.Freeze(problem.Tokens, RestrictedProblem.Indices, wanted, memory);
            some.UseSpareMemory(memory);
            float[] losses = Evaluate(some, points, wanted.Length);
            Assert.Equal(
                [.. Enumerable.Range(0, points.Length).SelectMany(p => wanted.Select(token => every[(p * problem.TokenCount) + token]))],
                losses
            );
            double[] means = new double[RestrictedProblem.RowCount];
            some.Losses(points.AsSpan(0, 1), [], means);
            for (int row = 0; row < means.Length; row++)
            {
                // Losses below 30, each rounded to float32.
                double[] ofRow = [.. wanted.Where(token => token / problem.PerRow == row).Select(token => (double)every[token])];
                Assert.Equal(ofRow.DefaultIfEmpty().Average(), means[row], 2e-6);
            }
        }

        Assert.Throws<ArgumentException>(() => group.Freeze(problem.Tokens, RestrictedProblem.Indices, [5, 4], 0));
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void Loads_losses_and_gradients_allocate_nothing_once_warm(string model, string names, SimdWidth width)
    {
        using RestrictedProblem problem = new(model, width);
        using IRestrictedGroup group = Create(problem, names);
        LoadedWeights[] points = Load(problem, group);
        using IFrozenRows rows = group.Freeze(problem.Tokens, RestrictedProblem.Indices, null, 0);
        using IFrozenRows some = group.Freeze(problem.Tokens, RestrictedProblem.Indices, [3, problem.PerRow + 1], long.MaxValue);
        float[] w = problem.Vector(group.Components[0], 1);
        float[] losses = new float[problem.TokenCount * points.Length];
        double[] means = new double[RestrictedProblem.RowCount * points.Length];
        LoadedWeights[] origins = [.. Enumerable.Range(0, group.Components.Count).Select(component => new LoadedWeights(component, 0))];
        double[] gradientLosses = new double[origins.Length];
        AlignedBuffer<float>[] gradients =
        [
            .. group.Components.Select(component => new AlignedBuffer<float>(component.Restriction.Dimension)),
        ];
        int[] batch = RestrictedProblem.Batch;
        for (int run = 0; run < 2; run++)
        {
            Run();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Array.ForEach(gradients, gradient => gradient.Dispose());

        void Run()
        {
            group.Load(0, 0, w);
            rows.Losses(points, losses, means);
            some.Losses(points, losses.AsSpan(0, 2 * points.Length), []);
            group.LossesAndGradients(problem.Tokens, batch, origins, gradientLosses, gradients);
        }
    }

    private static IRestrictedGroup Create(RestrictedProblem problem, string names) =>
        RestrictedGroups.Create(problem.Network, [.. names.Split(',').Select(problem.Component)], Slots);

    /// <summary>Loads vector slot + 1 into every slot of every component.</summary>
    private static LoadedWeights[] Load(RestrictedProblem problem, IRestrictedGroup group)
    {
        LoadedWeights[] points =
        [
            .. Enumerable
                .Range(0, group.Slots)
                .SelectMany(slot => Enumerable.Range(0, group.Components.Count).Select(component => new LoadedWeights(component, slot))),
        ];
        foreach (LoadedWeights point in points)
        {
            group.Load(point.Component, point.Slot, problem.Vector(group.Components[point.Component], point.Slot + 1));
        }

        return points;
    }

    private static (float[] Losses, double[][] GradientLosses, float[][] Gradients) Everything(
        RestrictedProblem problem,
        IRestrictedGroup group
    )
    {
        LoadedWeights[] points = Load(problem, group);
        using IFrozenRows rows = group.Freeze(problem.Tokens, RestrictedProblem.Indices, null, 1 << 16);
        (double[] losses, float[][] gradients) = problem.Gradients(group, [.. Enumerable.Range(0, group.Components.Count)]);
        return (Losses(problem, rows, points), [losses], gradients);
    }

    private static float[] Losses(RestrictedProblem problem, IFrozenRows rows, LoadedWeights[] points) =>
        Evaluate(rows, points, problem.TokenCount);

    private static float[] Evaluate(IFrozenRows rows, LoadedWeights[] points, int tokens)
    {
        float[] losses = new float[points.Length * tokens];
        rows.Losses(points, losses, []);
        return losses;
    }
}
