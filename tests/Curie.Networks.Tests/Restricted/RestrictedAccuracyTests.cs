using Curie.Networks.Components;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Restricted;
using Curie.Numerics.Kernels;
using Curie.Numerics.Simd;

namespace Curie.Networks.Tests.Restricted;

/// <summary>Every component by the implementation that it gets, against the whole network with all its parameters.</summary>
public sealed class RestrictedAccuracyTests
{
    /// <summary>
    /// Logits are float32 sums of up to a few hundred products in another order than the whole network takes them; with logits below 30
    /// that is a few units of 2·10⁻⁶.
    /// </summary>
    private const double LossTolerance = 2e-5;

    /// <summary>
    /// Relative to a tensor's largest entry: some hundred float32 roundings of 6·10⁻⁸ in sums whose terms cancel in part.
    /// </summary>
    private const double GradientTolerance = 1e-4;

    private const int RandomArchitectures = 30;

    /// <summary>Models whose heads share keys, by how their names begin.</summary>
    private static readonly string[] SharingKeys = ["llama-", "mistral", "qwen", "tl-grouped-queries", "tl4-gqa"];

    /// <summary>A few times the width of the weights of the families' models, 0.02.</summary>
    private const double FromTrained = 0.05;

    public static TheoryData<string, SimdWidth> Cases
    {
        get
        {
            TheoryData<string, SimdWidth> cases = [];
            foreach (SimdWidth width in Kernels.SupportedWidths)
            {
                foreach (string model in RestrictedProblem.Models)
                {
                    cases.Add(model, width);
                }
            }

            // Other kinds of parts change which products are made, not how wide vectors are.
            foreach (string kind in RestrictedProblem.Kinds.Keys)
            {
                cases.Add(kind, NetworkFixture.Widest);
            }

            // Seeds take the widths in turn.
            for (int seed = 0; seed < RandomArchitectures; seed++)
            {
                cases.Add($"random {seed}", Kernels.SupportedWidths[seed % Kernels.SupportedWidths.Count]);
            }

            return cases;
        }
    }

    public static TheoryData<string, SimdWidth> Families
    {
        get
        {
            TheoryData<string, SimdWidth> families = [];
            foreach (string name in ModelFixtures.Complete)
            {
                bool shares = Array.Exists(SharingKeys, prefix => name.StartsWith(prefix, StringComparison.Ordinal));
                foreach (SimdWidth width in shares ? Kernels.SupportedWidths : [NetworkFixture.Widest])
                {
                    families.Add(name, width);
                }
            }

            return families;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Losses_are_those_of_the_whole_network_at_the_checkpoint_and_far_from_it(string model, SimdWidth width)
    {
        using RestrictedProblem problem = new(model, width);
        RequireLosses(problem, problem.Components());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_those_of_the_whole_network_at_the_checkpoint_and_far_from_it(string model, SimdWidth width)
    {
        using RestrictedProblem problem = new(model, width);
        RequireGradients(problem, problem.Components());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Heads_of_every_family_have_the_losses_and_gradients_of_the_whole_network(string name, SimdWidth width)
    {
        using RestrictedProblem problem = new(ModelReader.Load(ModelFixtures.Folder(name)), width, FromTrained);
        IReadOnlyList<Component> heads = new ComponentParser(problem.Layout).ParseAll(["heads"]);
        RequireLosses(problem, heads);
        RequireGradients(problem, heads);
    }

    private static void RequireLosses(RestrictedProblem problem, IReadOnlyList<Component> all)
    {
        foreach (IReadOnlyList<Component> components in RestrictedGroups.Partition(problem.Layout, all))
        {
            using IRestrictedGroup group = RestrictedGroups.Create(problem.Network, components, slots: 2);
            using IFrozenRows rows = group.Freeze(problem.Tokens, RestrictedProblem.Indices, null, long.MaxValue);
            rows.UseSpareMemory(long.MaxValue);
            for (int component = 0; component < components.Count; component++)
            {
                for (int vector = 0; vector < 2; vector++)
                {
                    int slot = vector % group.Slots;
                    float[] w = problem.Vector(components[component], vector);
                    group.Load(component, slot, w);
                    float[] losses = new float[problem.TokenCount];
                    double[] means = new double[RestrictedProblem.RowCount];
                    rows.Losses([new LoadedWeights(component, slot)], losses, means);
                    (float[] truth, double[] trueMeans) = problem.Losses(components[component], w);
                    AssertClose(truth, losses, LossTolerance, components[component].Name);

                    // Far means far: otherwise nothing but w* would have been tested.
                    float[] origin = problem.Losses(components[component], problem.Vector(components[component], 0)).Losses;
                    Assert.Equal(vector > 0, origin.Zip(truth, (a, b) => Math.Abs(a - b)).Max() > 1000 * LossTolerance);
                    for (int row = 0; row < means.Length; row++)
                    {
                        Assert.Equal(trueMeans[row], means[row], LossTolerance);
                    }
                }
            }
        }
    }

    private static void RequireGradients(RestrictedProblem problem, IReadOnlyList<Component> all)
    {
        foreach (IReadOnlyList<Component> components in RestrictedGroups.Partition(problem.Layout, all))
        {
            using IRestrictedGroup group = RestrictedGroups.Create(problem.Network, components, slots: 1);
            for (int vector = 0; vector < 2; vector++)
            {
                for (int component = 0; component < components.Count; component++)
                {
                    group.Load(component, 0, problem.Vector(components[component], vector));
                }

                (double[] losses, float[][] gradients) = problem.Gradients(group, [.. Enumerable.Range(0, components.Count)]);
                for (int component = 0; component < components.Count; component++)
                {
                    (double loss, float[] truth) = problem.Gradient(components[component], problem.Vector(components[component], vector));
                    Assert.Equal(loss, losses[component], LossTolerance);
                    AssertGradient(problem.Layout, components[component], truth, gradients[component]);
                }
            }
        }
    }

    private static void AssertGradient(ParameterLayout layout, Component component, float[] truth, float[] gradient)
    {
        using ParameterSet expected = new(layout);
        using ParameterSet actual = new(layout);
        component.Restriction.Scatter(truth, expected);
        component.Restriction.Scatter(gradient, actual);
        foreach (ParameterTensor tensor in layout.Tensors.Where(component.Restriction.Touches))
        {
            // Adding one vector to all keys changes no attention, so b_K has no gradient but rounding errors: those of W_K's.
            bool isKeyBias = tensor.Name.EndsWith("b_K", StringComparison.Ordinal);
            ParameterTensor scaled = isKeyBias ? layout.Blocks.First(block => block.KeyBias == tensor).Key : tensor;
            float largest = expected[scaled].ToArray().Max(Math.Abs);
            Assert.True(largest > 0, $"{component.Name}: {scaled.Name} has no gradient");
            AssertClose(
                expected[tensor].ToArray(),
                actual[tensor].ToArray(),
                GradientTolerance * largest,
                $"{component.Name}: {tensor.Name}"
            );
        }
    }

    private static void AssertClose(float[] expected, float[] actual, double tolerance, string name)
    {
        Assert.Equal(expected.Length, actual.Length);
        double worst = expected.Zip(actual, (a, b) => (double)Math.Abs(a - b)).Max();
        Assert.True(worst <= tolerance, $"{name}: {worst} above {tolerance}");
    }
}
