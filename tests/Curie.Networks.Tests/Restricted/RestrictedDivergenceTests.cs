using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Tests.Restricted;

/// <summary>
/// Divergences from a frozen model's distribution: against float64 sums over the vocabulary, and every shortcut against the whole network.
/// Float32 passes through three
/// small layers leave logits good to some 10⁻⁶; 2·10⁻⁵ on a loss and 10⁻³ on a gradient, relative to its largest element, are what the
/// other restricted tests ask for.
/// </summary>
public sealed class RestrictedDivergenceTests
{
    private const double LossTolerance = 2e-5;
    private const double GradientTolerance = 1e-3;

    public static TheoryData<string, DivergenceDirection> Cases
    {
        get
        {
            TheoryData<string, DivergenceDirection> cases = [];
            foreach (string model in RestrictedProblem.Models)
            {
                cases.Add(model, DivergenceDirection.Forward);
                cases.Add(model, DivergenceDirection.Reverse);
            }

            return cases;
        }
    }

    /// <summary>Also models whose heads share keys.</summary>
    public static TheoryData<string, DivergenceDirection> AllCases
    {
        get
        {
            TheoryData<string, DivergenceDirection> cases = Cases;
            cases.Add("narrow groups, norms of queries and keys", DivergenceDirection.Forward);
            cases.Add("narrow groups, parallel", DivergenceDirection.Reverse);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Losses_are_the_divergences_of_the_two_models_distributions(string model, DivergenceDirection direction)
    {
        using RestrictedProblem problem = new(model, NetworkFixture.Widest, direction: direction);
        float[] losses = problem.Losses(problem.Component("full"), problem.Vector(problem.Component("full"), 0)).Losses;
        int row = RestrictedProblem.Indices[0];
        double[][] p = LogProbabilities(problem.Origin, problem, row);
        double[][] q = LogProbabilities(problem.Frozen!, problem, row);
        for (int t = 0; t < problem.PerRow; t++)
        {
            (double[] of, double[] from) = direction == DivergenceDirection.Forward ? (q[t], p[t]) : (p[t], q[t]);
            Assert.Equal(of.Zip(from, (a, b) => Math.Exp(a) * (a - b)).Sum(), losses[t], LossTolerance);
        }

        Assert.All(losses, loss => Assert.True(loss > 0.01));
    }

    [Theory]
    [MemberData(nameof(AllCases))]
    public void Every_group_has_the_losses_and_gradients_of_the_whole_network(string model, DivergenceDirection direction)
    {
        using RestrictedProblem problem = new(model, NetworkFixture.Widest, direction: direction);
        foreach (IReadOnlyList<Component> components in RestrictedGroups.Partition(problem.Layout, problem.Components()))
        {
            using IRestrictedGroup group = RestrictedGroups.Create(problem.Network, components, slots: 1);
            using IFrozenRows rows = group.Freeze(problem.Tokens, RestrictedProblem.Indices, null, long.MaxValue);
            for (int component = 0; component < components.Count; component++)
            {
                float[] w = problem.Vector(components[component], 1);
                group.Load(component, 0, w);
                float[] losses = new float[problem.TokenCount];
                rows.Losses([new LoadedWeights(component, 0)], losses, []);
                float[] truth = problem.Losses(components[component], w).Losses;
                Assert.All(truth.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, LossTolerance));
            }

            (double[] means, float[][] gradients) = problem.Gradients(group, [.. Enumerable.Range(0, components.Count)]);
            for (int component = 0; component < components.Count; component++)
            {
                (double mean, float[] truth) = problem.Gradient(components[component], problem.Vector(components[component], 1));
                Assert.Equal(mean, means[component], LossTolerance);
                double largest = truth.Max(value => Math.Abs(value));
                Assert.All(truth.Zip(gradients[component]), pair => Assert.Equal(pair.First, pair.Second, GradientTolerance * largest));
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllCases))]
    public void Wanted_positions_alone_have_the_losses_that_they_have_among_all(string model, DivergenceDirection direction)
    {
        using RestrictedProblem problem = new(model, NetworkFixture.Widest, direction: direction);
        int[] wanted = [1, 4, 5, problem.PerRow + 9, (3 * problem.PerRow) - 2];
        string head = problem.Layout.Config.HeadsPerGroup > 1 ? "g" : "h";
        foreach (string name in new[] { "full", $"l0{head}1", $"l{problem.Layout.Config.Layers - 1}{head}0" })
        {
            using IRestrictedGroup group = RestrictedGroups.Create(problem.Network, [problem.Component(name)], slots: 1);
            using IFrozenRows rows = group.Freeze(problem.Tokens, RestrictedProblem.Indices, wanted, 0);
            float[] w = problem.Vector(problem.Component(name), 1);
            group.Load(0, 0, w);
            float[] losses = new float[wanted.Length];
            rows.Losses([new LoadedWeights(0, 0)], losses, []);
            float[] all = problem.Losses(problem.Component(name), w).Losses;
            Assert.All(wanted.Zip(losses), pair => Assert.Equal(all[pair.First], pair.Second, LossTolerance));
        }
    }

    /// <summary>A central difference along the gradient; the cubic term of the expansion is below 1 % at this step.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void The_loss_along_a_gradient_changes_by_its_length(string model, DivergenceDirection direction)
    {
        using RestrictedProblem problem = new(model, NetworkFixture.Widest, direction: direction);
        Component component = problem.Component("l0h1");
        using IRestrictedGroup group = RestrictedGroups.Create(problem.Network, [component], slots: 1);
        float[] origin = problem.Vector(component, 0);
        group.Load(0, 0, origin);
        float[] gradient = problem.Gradients(group, 0).Gradients[0];
        double length = Math.Sqrt(gradient.Sum(g => (double)g * g));
        double step = 4e-3 / length;

        double Loss(double distance)
        {
            group.Load(0, 0, [.. origin.Zip(gradient, (w, g) => (float)(w + (distance * g / length)))]);
            return problem.Gradients(group, 0).Losses[0];
        }

        Assert.Equal(length, (Loss(step) - Loss(-step)) / (2 * step), 0.01 * length);
    }

    /// <summary>At w = 0 every logit is the same bias, so that the model is the uniform predictor.</summary>
    [Theory]
    [InlineData(DivergenceDirection.Forward)]
    [InlineData(DivergenceDirection.Reverse)]
    public void The_uniform_predictor_has_its_own_divergence(DivergenceDirection direction)
    {
        using RestrictedProblem problem = new("2-attention-shortformer", NetworkFixture.Widest, direction: direction);
        Component full = problem.Component("full");
        double mean = problem.Losses(full, new float[full.Restriction.Dimension]).RowMeans.Average();
        Assert.Equal(mean, problem.Network.Evaluator.UniformLoss(problem.Tokens, RestrictedProblem.Indices), LossTolerance);
    }

    /// <summary>log softmax of every position in float64, from the residual stream on.</summary>
    private static double[][] LogProbabilities(ParameterSet parameters, RestrictedProblem problem, int row)
    {
        TransformerConfig config = parameters.Layout.Config;
        using Machine machine = new(Kernels.For(NetworkFixture.Widest), 1);
        using TransformerWeights weights = new(parameters, machine);
        using RowPass pass = new(config, machine.Kernels);
        problem.Tokens.CopyRow(row, pass.BeginRow(problem.Tokens.ContextLength));
        pass.Forward(weights);
        return [.. Enumerable.Range(0, problem.PerRow).Select(t => LogSoftmax(parameters, pass.Residual(config.Layers).Row(t).ToArray()))];
    }

    private static double[] LogSoftmax(ParameterSet parameters, float[] residual)
    {
        ParameterLayout layout = parameters.Layout;
        double mean = residual.Average(value => (double)value);
        double scale = Math.Sqrt(residual.Average(value => (value - mean) * (value - mean)) + layout.Config.Epsilon);
        double[] logits = [.. parameters[layout.UnembeddingBias].ToArray().Select(value => (double)value)];
        MatrixView unembedding = parameters.Matrix(layout.Unembedding);
        for (int d = 0; d < residual.Length; d++)
        {
            double x = ((residual[d] - mean) / scale * parameters[layout.FinalNormWeight][d]) + parameters[layout.FinalNormBias][d];
            for (int v = 0; v < logits.Length; v++)
            {
                logits[v] += x * unembedding.Row(d)[v];
            }
        }

        double largest = logits.Max();
        double normalizer = largest + Math.Log(logits.Sum(logit => Math.Exp(logit - largest)));
        return [.. logits.Select(logit => logit - normalizer)];
    }
}
