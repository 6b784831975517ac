using System.Globalization;
using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;
using Curie.Numerics.Simd;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Restricted;

/// <summary>
/// A random model whose sizes fit no vector, some rows, and weight vectors of its components at a chain's distance from w*.
/// </summary>
internal sealed class RestrictedProblem : IDisposable
{
    public const int RowCount = 4;

    /// <summary>The distance from w* per weight: twice 1/√300, what a localization of 300 alone would allow.</summary>
    private static readonly double FromRandom = 2 / Math.Sqrt(300);

    private readonly double _distance;
    private readonly ParameterSet _origin;
    private readonly NetworkFixture _truth;
    private readonly Runner _run;
    private readonly DivergenceTarget? _target;

    /// <param name="model">One of <see cref="Models"/>, of <see cref="Kinds"/>, or "random" and the seed of an architecture.</param>
    /// <param name="width">The vector width.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="direction">The divergence from a random one-layer model that the loss is; null for the loss of the next token.</param>
    public RestrictedProblem(string model, SimdWidth width, int workers = 1, DivergenceDirection? direction = null)
        : this(Filled(Config(model)), width, FromRandom, workers, direction) { }

    /// <param name="origin">w*; it becomes this problem's.</param>
    /// <param name="width">The vector width.</param>
    /// <param name="distance">The distance of weight vectors from w* per weight.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="direction">As above.</param>
    public RestrictedProblem(ParameterSet origin, SimdWidth width, double distance, int workers = 1, DivergenceDirection? direction = null)
    {
        _distance = distance;
        _origin = origin;
        if (direction is { } chosen)
        {
            TransformerConfig config = _origin.Layout.Config;
            Frozen = Filled(config with { Layers = 1, ModelWidth = 19, Heads = 2, HeadWidth = 6, MlpWidth = 0 });
            using Machine machine = new(Kernels.For(width), 1);
            _target = new DivergenceTarget(Frozen, chosen, machine);
        }

        _truth = new NetworkFixture(_origin.Clone(), width, workers: 1, _target);
        _run = new Runner(_origin, width, workers, _target);
        Tokens = new TokenRows(
            [
                .. Enumerable
                    .Range(0, (RowCount + 3) * Layout.Config.ContextLength)
                    .Select(i => (int)(i * 2654435761L % Layout.Config.Logits)),
            ],
            Layout.Config.ContextLength
        );
    }

    public static IReadOnlyList<string> Models { get; } =
    ["1-attention-standard", "2-attention-shortformer", "3-attention-standard", "1-mlp-shortformer", "2-mlp-standard", "3-mlp-shortformer"];

    /// <summary>Models whose parts are of other kinds, by what they are; groups are narrow where their products are low-rank.</summary>
    public static IReadOnlyDictionary<string, TransformerConfig> Kinds { get; } = MakeKinds();

    /// <summary>The random one-layer model, where losses are divergences from it.</summary>
    public ParameterSet? Frozen { get; }

    public ParameterSet Origin => _origin;

    public ParameterLayout Layout => _origin.Layout;

    public TokenRows Tokens { get; }

    public int PerRow => Tokens.ContextLength - 1;

    public int TokenCount => RowCount * PerRow;

    public FrozenNetwork Network => _run.Network;

    /// <summary>Rows in no order, not from the first.</summary>
    public static int[] Indices => [3, 1, 6, 2];

    /// <summary>More rows than shards, some twice.</summary>
    public static int[] Batch => [0, 3, 5, 1, 2, 6, 4, 0, 2, 5];

    /// <summary>Every kind of component that the model has: each head, layers, their parts, embeddings, everything, unions.</summary>
    public IReadOnlyList<Component> Components()
    {
        int last = Layout.Config.Layers - 1;
        List<string> names = ["heads", "full", "embed", "l0", $"l{last}", "l0.attn", $"l{last}.attn"];
        // Heads that share keys and values are measured together.
        bool shared = Layout.Config.Groups != Layout.Config.Heads;
        string head = shared ? "l0g0" : "l0h1";
        names.AddRange(shared ? [$"l0g0+l{last}g0"] : ["l0h0+l0h1", $"l0h1+l{last}h0"]);
        if (!Layout.Config.TiedEmbeddings)
        {
            names.AddRange(["unembed", head + "+unembed"]);
        }

        if (!Layout.Config.AttentionOnly)
        {
            names.AddRange(["l0.mlp", $"l{last}.mlp", $"{head}+l{last}.mlp"]);
        }

        return new ComponentParser(Layout).ParseAll(names);
    }

    public Component Component(string name) => new ComponentParser(Layout).Parse(name);

    /// <summary>Weight vector 0 is w*, all others are far from it.</summary>
    public float[] Vector(Component component, int index)
    {
        float[] w = new float[component.Restriction.Dimension];
        component.Restriction.Gather(_origin, w);
        PhiloxStream stream = new(PhiloxKey.Derive(index, RandomPurpose.Scores));
        for (int i = 0; i < w.Length && index > 0; i++)
        {
            w[i] += (float)(_distance * stream.NextGaussian());
        }

        return w;
    }

    /// <summary>Losses and row means of the whole network with all its parameters.</summary>
    public (float[] Losses, double[] RowMeans) Losses(Component component, float[] w)
    {
        Put(component, w);
        float[] losses = new float[TokenCount];
        double[] means = new double[RowCount];
        _truth.Evaluator.TokenLosses(_truth.Weights, Tokens, Indices, losses, means);
        return (losses, means);
    }

    /// <summary>Mean loss and gradient, from the gradient of all parameters of the whole network.</summary>
    public (double Loss, float[] Gradient) Gradient(Component component, float[] w)
    {
        Put(component, w);
        float[] full = new float[Layout.Length];
        double loss = _truth.Evaluator.LossAndGradient(
            _truth.Weights,
            Tokens,
            Batch,
            new GradientPlan(Layout, Component("full").Restriction),
            full
        );
        return (loss, [.. component.Restriction.Segments.SelectMany(segment => full[segment.Start..segment.End])]);
    }

    /// <summary>Mean loss and gradient of each component of a group, at slot 0.</summary>
    public (double[] Losses, float[][] Gradients) Gradients(IRestrictedGroup group, params int[] components) =>
        Gradients(group, [.. components.Select(component => new LoadedWeights(component, 0))]);

    /// <summary>Mean loss and gradient at several weight vectors of a group.</summary>
    public (double[] Losses, float[][] Gradients) Gradients(IRestrictedGroup group, LoadedWeights[] points)
    {
        double[] losses = new double[points.Length];
        AlignedBuffer<float>[] buffers =
        [
            .. points.Select(point => new AlignedBuffer<float>(group.Components[point.Component].Restriction.Dimension)),
        ];
        group.LossesAndGradients(Tokens, Batch, points, losses, buffers);
        float[][] gradients = [.. buffers.Select(buffer => buffer.Span.ToArray())];
        Array.ForEach(buffers, buffer => buffer.Dispose());
        return (losses, gradients);
    }

    public void Dispose()
    {
        Tokens.Dispose();
        _run.Dispose();
        _truth.Dispose();
        _target?.Dispose();
        Frozen?.Dispose();
        _origin.Dispose();
    }

    private static Dictionary<string, TransformerConfig> MakeKinds()
    {
        TransformerConfig attention = Config("2-attention-standard") with { ContextLength = 31 };
        TransformerConfig mlp = Config("2-mlp-standard") with { ContextLength = 31 };
        TransformerConfig three = Config("3-mlp-standard");
        TransformerConfig bare = attention with
        {
            AttentionBiases = false,
            OutputBiases = false,
            UnembeddingBiases = false,
            MlpInputBias = MlpInputBias.None,
            MlpOutputBias = false,
        };
        TransformerConfig rms = bare with { Norm = NormKind.Rms, FinalNorm = NormKind.Rms };
        RotaryOptions rotary = new() { Dimension = 12, Base = 100 };
        RotaryOptions adjacent = new()
        {
            Dimension = 16,
            AdjacentPairs = true,
            Scaling = new RotaryScaling { Factor = 4, Parts = new RotaryParts(1, 4, 16) },
        };
        TransformerConfig gated = Rotary(rms with { MlpWidth = 41, GatedMlp = true, Activation = Activation.Silu }, rotary);
        TransformerConfig narrow = Rotary(rms, rotary with { Dimension = 6 }) with { Heads = 4, KeyValueHeads = 2, HeadWidth = 8 };
        return new()
        {
            ["rotary attention"] = Rotary(attention, rotary),
            ["parallel"] = Rotary(mlp with { Parallel = true }, adjacent),
            ["parallel of three layers with one norm"] = three with { Parallel = true, SharedNorm = true },
            ["parallel of one layer"] = Config("1-mlp-standard") with { Parallel = true, TiedEmbeddings = true, UnembeddingBiases = false },
            ["no norm"] = attention with { Norm = NormKind.None, FinalNorm = NormKind.None },
            ["no final norm"] = mlp with { FinalNorm = NormKind.None },
            ["norms without weights"] = attention with { NormWeights = false },
            ["norms without biases"] = mlp with { NormBiases = false },
            ["rms attention"] = Rotary(rms, adjacent),
            ["rms without weights"] = attention with { Norm = NormKind.Rms, FinalNorm = NormKind.Rms, NormWeights = false },
            ["rms, final only"] = mlp with { FinalNorm = NormKind.Rms },
            ["nothing but weights"] = bare,
            ["tied"] = attention with { TiedEmbeddings = true },
            ["windows"] = three with { ContextLength = 36, Windows = new AttentionWindows([0, 5, 9]), ScoreScale = 1 },
            ["windows of the last layer"] = Rotary(rms, rotary) with { Windows = new AttentionWindows([7, 4]) },
            ["scaled by layer"] = attention with { ScaleByLayer = true },
            ["bidirectional"] = mlp with { Bidirectional = true },
            ["gated"] = gated,
            ["gated with biases behind"] = gated with { MlpInputBias = MlpInputBias.AfterProduct, MlpOutputBias = true },
            ["gated with biases in front"] = gated with { MlpInputBias = MlpInputBias.BeforeActivation },
            ["grouped queries"] = gated with { Heads = 4, KeyValueHeads = 2, AttentionBiases = true },
            ["one key head for all, parallel"] = gated with { Heads = 3, KeyValueHeads = 1, Parallel = true },
            ["norms of queries and keys"] = gated with { QueryKeyNorm = true, TiedEmbeddings = true },
            ["grouped queries and norms of both"] = gated with { Heads = 6, KeyValueHeads = 2, QueryKeyNorm = true },
            ["narrow groups"] = attention with { Heads = 6, KeyValueHeads = 3, HeadWidth = 8 },
            ["narrow groups, shortformer"] = narrow with { Positions = PositionalEmbedding.Shortformer, Rotary = null },
            ["narrow groups, norms of queries and keys"] = narrow with { QueryKeyNorm = true },
            ["narrow groups, parallel"] = narrow with { MlpWidth = 41, Parallel = true, TiedEmbeddings = true },
            ["narrow groups, parallel with one norm"] = narrow with
            {
                Layers = 3,
                MlpWidth = 41,
                Parallel = true,
                SharedNorm = true,
                Norm = NormKind.Layer,
                FinalNorm = NormKind.None,
                Windows = new AttentionWindows([0, 5, 9]),
            },
            ["narrow groups without norms"] = narrow with
            {
                KeyValueHeads = 1,
                HeadWidth = 4,
                Norm = NormKind.None,
                AttentionBiases = true,
                Positions = PositionalEmbedding.None,
                Rotary = null,
            },
            ["norms of queries and keys, attention alone"] = Rotary(attention, rotary) with { QueryKeyNorm = true },
            ["solu"] = mlp with { Activation = Activation.Solu, MlpNorm = true },
            ["solu without weights"] = mlp with { Activation = Activation.Solu, MlpNorm = true, NormWeights = false },
            ["fewer outputs than tokens"] = mlp with { OutputVocabulary = 190 },
            ["no positions"] = attention with { Positions = PositionalEmbedding.None },
        };

        static TransformerConfig Rotary(TransformerConfig config, RotaryOptions options) =>
            config with
            {
                Positions = PositionalEmbedding.Rotary,
                Rotary = options,
            };
    }

    private static TransformerConfig Config(string model)
    {
        if (Kinds?.TryGetValue(model, out TransformerConfig? kind) == true)
        {
            return kind;
        }

        if (model.StartsWith("random ", StringComparison.Ordinal))
        {
            return RandomArchitecture.Make(int.Parse(model["random ".Length..], CultureInfo.InvariantCulture));
        }

        TransformerConfig config = model[0] switch
        {
            '1' => new()
            {
                Layers = 1,
                ModelWidth = 21,
                Heads = 3,
                HeadWidth = 5,
                ContextLength = 52,
                Vocabulary = 67,
            },
            '2' => new()
            {
                Layers = 2,
                ModelWidth = 34,
                Heads = 3,
                HeadWidth = 17,
                ContextLength = 103,
                Vocabulary = 213,
            },
            _ => new()
            {
                Layers = 3,
                ModelWidth = 26,
                Heads = 2,
                HeadWidth = 9,
                ContextLength = 37,
                Vocabulary = 131,
            },
        };
        return config with
        {
            MlpWidth = model.Contains("mlp", StringComparison.Ordinal) ? 43 : 0,
            Activation = model[0] == '3' ? Activation.Relu : Activation.Gelu,
            Positions = model.EndsWith("standard", StringComparison.Ordinal)
                ? PositionalEmbedding.Standard
                : PositionalEmbedding.Shortformer,
        };
    }

    /// <summary>Every parameter differs from its neutral value: biases and layer norms too.</summary>
    private static ParameterSet Filled(TransformerConfig config)
    {
        ParameterSet parameters = new(new ParameterLayout(config));
        PhiloxStream stream = new(PhiloxKey.Derive(11, RandomPurpose.Scores));
        foreach (ParameterTensor tensor in parameters.Layout.Tensors)
        {
            double centre =
                tensor.Name.Contains("ln", StringComparison.Ordinal) && tensor.Name.EndsWith(".w", StringComparison.Ordinal) ? 1 : 0;
            double scale = tensor.Shape.Count == 1 ? 0.2 : 1 / Math.Sqrt(parameters.Layout.Config.ModelWidth);
            foreach (ref float value in parameters[tensor])
            {
                value = (float)(centre + (scale * stream.NextGaussian()));
            }
        }

        return parameters;
    }

    private void Put(Component component, float[] w)
    {
        _truth.Parameters.CopyFrom(_origin);
        component.Restriction.Scatter(w, _truth.Parameters);
        _truth.Weights.Refresh(_truth.Machine.Pool, Component("full").Restriction);
    }

    /// <summary>What the groups under test run on, apart from what computes the truth.</summary>
    private sealed class Runner : IDisposable
    {
        private readonly Machine _machine;
        private readonly TransformerEvaluator _evaluator;

        public Runner(ParameterSet origin, SimdWidth width, int workers, DivergenceTarget? target)
        {
            _machine = new Machine(Kernels.For(width), workers);
            _evaluator = new TransformerEvaluator(origin.Layout.Config, _machine, target);
            Network = new FrozenNetwork(origin, _evaluator);
        }

        public FrozenNetwork Network { get; }

        public void Dispose()
        {
            Network.Dispose();
            _evaluator.Dispose();
            _machine.Dispose();
        }
    }
}
