using System.Text.Json;
using Curie.Networks.Components;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Response.Experiments;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Sampling.Samplers;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Response.Tests.Experiments;

/// <summary>
/// The prediction against gradients of single tokens. The model is causal: the gradient of the token at position t is (t + 1) times that of
/// the row's first t + 2 tokens,
/// less t times that of its first t + 1.
/// </summary>
public sealed class GradientAlignmentTests : IDisposable
{
    private const int LossRows = 7;
    private const int ProbeRows = 2;
    private static readonly string[] AttentionOnly = ["l0h1", "l0h3", "l2h0", "l2h4", "l1", "l1h0+l2h1", "embed"];
    private static readonly string[] WithMlp = ["l0h1", "l1h4", "l1h0", "l0.mlp", "l1.mlp", "unembed"];
    private readonly List<IDisposable> _owned = [];

    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    public static TheoryData<string> Models() => ["3-attention-shortformer", "2-gelu-standard"];

    /// <summary>
    /// Gradients in float32 are exact to about 1e-6. A loss of some 4 nats that went through dozens of float32 operations is off by about
    /// 4e-7, so a difference over
    /// 2h by 3e-7/h: 3e-5 nats per unit at h = .01, beside a spread over tokens of .1 and more. The third derivative is off by as much
    /// where the length s of a loss is what
    /// h takes it for, and by four times as much at half of that length. Root mean square over tokens: 6e-4 of the spread; a single token:
    /// five times that.
    /// </summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void The_prediction_is_that_of_gradients_of_single_tokens(string name)
    {
        Problem problem = Open(name);
        double variance = problem.Inputs.Sampling.LocalizationVariance!.Value;
        foreach (IReadOnlyList<Component> together in RestrictedGroups.Partition(problem.Inputs.Model.Layout, problem.Inputs.Components))
        {
            using IRestrictedGroup group = RestrictedGroups.Create(problem.Network, together, slots: 2);
            IReadOnlyList<float[]> predicted = new GradientAlignment(problem.Inputs, problem.Selections, observed: null).Predict(
                group,
                1 << 20,
                default
            )!;
            for (int component = 0; component < together.Count; component++)
            {
                double[] mean = Gradient(group, component, problem.Inputs.Data, [.. Enumerable.Range(0, LossRows)]);
                double[] exact =
                [
                    .. TokenGradients(group, component, problem.Inputs.Probes[0].Rows)
                        .Select(token => -variance * (Dot(mean, token) - Dot(mean, mean))),
                ];
                double spread = Spread(exact);
                double squares = 0;
                for (int i = 0; i < exact.Length; i++)
                {
                    double error = (predicted[component][i] - exact[i]) / spread;
                    squares += error * error / exact.Length;
                    Assert.True(
                        Math.Abs(error) < 3e-3,
                        $"{together[component].Name}, token {i}: {predicted[component][i]} against {exact[i]}, spread {spread}"
                    );
                }

                Assert.InRange(Math.Sqrt(squares), 0, 6e-4);
            }
        }
    }

    /// <summary>
    /// Rounding falls as 1/h and the third derivative's share grows as h². With 6e-4 of the spread allowed at h, a quarter of h may be off
    /// by four times as much rounding,
    /// and four times h by 16 times as much of the third derivative: 10e-3. Within a factor of four on both sides nothing is to be gained:
    /// with a quarter of h what changes is below 1e-3.
    /// </summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void A_smaller_and_a_larger_step_give_the_same(string name)
    {
        Problem problem = Open(name);
        foreach (IReadOnlyList<Component> together in RestrictedGroups.Partition(problem.Inputs.Model.Layout, problem.Inputs.Components))
        {
            using IRestrictedGroup group = RestrictedGroups.Create(problem.Network, together, slots: 1);
            SteepestDirection[] directions = SteepestDirection.Of(
                group,
                problem.Inputs.ObservableRows(observed: null, 1),
                batchSize: 3,
                default
            );
            using ProbeLosses probes = new(group, problem.Selections, frozenMemory: 0);
            float[][] chosen = At(1);
            foreach (double factor in new[] { 0.25, 4 })
            {
                float[][] other = At(factor);
                for (int component = 0; component < together.Count; component++)
                {
                    double spread = Spread(Array.ConvertAll(chosen[component], value => (double)value));
                    double rms = Math.Sqrt(chosen[component].Zip(other[component], (x, y) => Math.Pow((x - y) / spread, 2)).Average());
                    Assert.InRange(rms, 0, factor > 1 ? 10e-3 : 1e-3);
                }
            }

            Array.ForEach(directions, direction => direction.Dispose());

            float[][] At(double factor) =>
                GradientAlignment.Derivatives(
                    probes,
                    directions,
                    [.. directions.Select(direction => factor * direction.StepLength)],
                    default
                );
        }
    }

    /// <summary>
    /// Without the loss a response is σ²/κ·E[∇P·∇(P − ℓ_i)], to first order in the step. In small moves, σ0 = .01 a weight, gradients
    /// hardly differ from those at w*, and the response is the
    /// prediction without its factor 1/(1 − εκ/4) = 1.11, but for what the curvature adds: of second order in ‖w − w*‖ = .3 beside a norm
    /// of some 3, a hundredth.
    /// </summary>
    [Fact]
    public void Without_the_loss_and_in_small_moves_the_response_is_the_prediction()
    {
        Problem problem = Open("3-attention-shortformer");
        SusceptibilityInputs inputs = problem.Inputs with
        {
            Components = [problem.Inputs.Components[0], problem.Inputs.Components[2]],
            Covariance = CovarianceEstimator.Response,
            Sampling = new SamplingOptions
            {
                NBeta = 0,
                StepSize = 0.004,
                Localization = 100,
                NoiseLevel = 0.1,
                Chains = 4,
                Draws = 40,
                BurnIn = 20,
                StepsBetweenDraws = 5,
            },
        };
        using TemporaryFolder folder = new();
        new SusceptibilityExperiment(inputs, Own(new Machine(Kernels.For(Kernels.SupportedWidths.Max()), 2))).Run(
            folder.Path,
            false,
            null,
            default
        );
        SusceptibilityRun run = RunFolder.Read(folder.Path);
        IReadOnlyList<ComponentAlignment> found = ComponentAlignment.Of(run)!;
        Assert.Equal(["l0h1", "l2h0"], found.Select(one => one.Component));
        Assert.All(found, one =>
        {
            Assert.InRange(one.Correlation, 0.999, 1);
            Assert.InRange(one.SizeRatio * 0.9, 0.98, 1.02);
            Assert.InRange(one.Ceiling!.Value, 0.999, 1);
        });
        Assert.All(run.Data.Slopes!.Values, slope => Assert.Equal(0, slope));
    }

    [Fact]
    public void A_component_has_the_same_bits_alone_and_beside_others_whatever_memory_there_is()
    {
        Problem problem = Open("3-attention-shortformer");
        Component[] heads = [.. problem.Inputs.Components.Take(2)];
        using IRestrictedGroup together = RestrictedGroups.Create(problem.Network, heads, slots: 4);
        using IRestrictedGroup alone = RestrictedGroups.Create(problem.Network, [heads[1]], slots: 1);
        GradientAlignment alignment = new(problem.Inputs, problem.Selections, observed: null);
        Assert.Equal(alignment.Predict(together, 1 << 20, default)![1], alignment.Predict(alone, 0, default)![0]);
    }

    [Fact]
    public void There_is_none_where_nothing_moves_or_holds_the_weights_and_of_full()
    {
        Problem problem = Open("3-attention-shortformer");
        using IRestrictedGroup head = RestrictedGroups.Create(problem.Network, [problem.Inputs.Components[0]], slots: 1);
        using IRestrictedGroup full = RestrictedGroups.Create(
            problem.Network,
            [new ComponentParser(problem.Inputs.Model.Layout).Parse("full")],
            slots: 1
        );
        SamplingOptions sampling = problem.Inputs.Sampling;
        Assert.Null(Predict(head, sampling with { NoiseLevel = 0 }));
        Assert.Null(Predict(head, sampling with { Localization = 0 }));
        Assert.NotNull(Predict(head, sampling with { Localization = 0, WeightDecay = 1 }));
        Assert.Null(Predict(full, sampling));

        IReadOnlyList<float[]>? Predict(IRestrictedGroup group, SamplingOptions options) =>
            new GradientAlignment(problem.Inputs with { Sampling = options }, problem.Selections, observed: null).Predict(
                group,
                0,
                default
            );
    }

    /// <summary>σ0² of SGLD, of RMSProp where gradients are small, and of samplers without an effect of the step.</summary>
    [Fact]
    public void The_variance_of_a_weight_is_that_of_the_localisation_with_the_step()
    {
        SamplingOptions options = new()
        {
            StepSize = 0.01,
            Localization = 90,
            WeightDecay = 10,
            NoiseLevel = 2,
        };
        Assert.Equal(4 / (100 * 0.75), options.LocalizationVariance!.Value, 1e-15);
        Assert.Equal(4 / (100 * 0.5), (
                options with
                {
                    Sampler = Sampler.RmsPropSgld,
                    Preconditioner = new PreconditionerOptions { Offset = 0.5 },
                }
            ).LocalizationVariance!.Value, 1e-15);
        Assert.Equal(0.04, (options with { Sampler = Sampler.Sgnht }).LocalizationVariance!.Value, 1e-15);
        Assert.Null((options with { Localization = 0, WeightDecay = 0 }).LocalizationVariance);
    }

    private static double[] Gradient(IRestrictedGroup group, int component, TokenRows rows, int[] batch)
    {
        using AlignedBuffer<float> gradient = new(group.Components[component].Restriction.Dimension);
        group.CopyOrigin(component, gradient.Span);
        group.Load(component, 0, gradient.Span);
        group.LossesAndGradients(rows, batch, [new LoadedWeights(component, 0)], new double[1], [gradient]);
        return Array.ConvertAll(gradient.Span.ToArray(), value => (double)value);
    }

    private static IEnumerable<double[]> TokenGradients(IRestrictedGroup group, int component, TokenRows rows)
    {
        for (int row = 0; row < ProbeRows; row++)
        {
            int[] tokens = rows.Row(row);
            double[] before = new double[group.Components[component].Restriction.Dimension];
            for (int t = 0; t < tokens.Length - 1; t++)
            {
                using TokenRows start = new(tokens.AsSpan(0, t + 2), t + 2);
                double[] sum = [.. Gradient(group, component, start, [0]).Select(value => (t + 1) * value)];
                yield return [.. sum.Zip(before, (all, earlier) => all - earlier)];
                before = sum;
            }
        }
    }

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();

    private static double Spread(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private Problem Open(string name)
    {
        string source = ReferenceFiles.Susceptibility(name);
        ParameterSet model = Own(ModelReader.Load(Path.Combine(source, "model")));
        SusceptibilityInputs inputs = new()
        {
            Model = model,
            Data = Own(TokenRows.Load(Path.Combine(source, "pile.npy"))),
            Components = new ComponentParser(model.Layout).ParseAll(name.StartsWith('3') ? AttentionOnly : WithMlp),
            Probes =
            [
                new ProbeInput
                {
                    Name = "near",
                    Rows = Own(TokenRows.Load(Path.Combine(source, "near.npy"))),
                    RowLimit = ProbeRows,
                },
            ],
            Sampling = new SamplingOptions { Localization = 100 },
            BatchSize = 3,
            LossRows = LossRows,
            Configuration = JsonSerializer.SerializeToElement(name),
            Fingerprint = name,
        };
        Machine machine = Own(new Machine(Kernels.For(Kernels.SupportedWidths.Max()), 2));
        TransformerEvaluator evaluator = Own(new TransformerEvaluator(model.Layout.Config, machine));
        return new Problem(inputs, [ProbeSelection.Choose(inputs.Probes[0])], Own(new FrozenNetwork(model, evaluator)));
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Insert(0, owned);
        return owned;
    }

    private sealed record Problem(SusceptibilityInputs Inputs, IReadOnlyList<ProbeSelection> Selections, FrozenNetwork Network);
}
