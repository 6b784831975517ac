using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Networks.Training;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Networks.Benchmarking;

/// <summary>
/// Tokens per second of a forward pass that gives per-token losses, of losses and gradients of each kind of component, and of a training
/// step, on two rows of tokens. The necessary operations of the forward pass are those of <see cref="GroupCost"/> for the whole network,
/// without MLP and grouped queries, per predicted token,
/// <code>
/// 2·(layers·4·d² + d·V) + layers·heads·2·e·(T + 1)
/// </code>
/// (weights, and the causal half of the two attention products); a training step needs three times as many.
/// </summary>
public sealed class ModelBenchmark : IDisposable
{
    private const int Rows = 2;

    /// <summary>The longest row: more tokens tell nothing more of the speed but for attention, and take longer.</summary>
    private const int LongestRow = 1024;

    private readonly ParameterSet _model;
    private readonly Machine _machine;
    private readonly TokenRows _rows;
    private readonly TransformerEvaluator _evaluator;

    /// <summary>Prepares two rows of tokens.</summary>
    /// <param name="model">The model, which stays the caller's.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    public ModelBenchmark(ParameterSet model, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(machine);
        TransformerConfig config = model.Layout.Config;
        (_model, _machine) = (model, machine);
        int length = Math.Min(config.ContextLength, LongestRow);
        int[] tokens = [.. Enumerable.Range(0, Rows * length).Select(i => (int)(i * 2654435761L % config.Vocabulary))];
        _rows = new TokenRows(tokens, length);
        _evaluator = new TransformerEvaluator(config, machine);
    }

    /// <summary>The tokens of a row.</summary>
    public int RowLength => _rows.ContextLength;

    /// <summary>The necessary operations of a forward pass, per predicted token.</summary>
    public double ForwardOperations =>
        GroupCost
            .Of(
                _model.Layout,
                new ComponentParser(_model.Layout).Parse(Component.FullName),
                slots: 1,
                _machine.Pool.Workers,
                rowLength: RowLength
            )
            .LossEach;

    /// <summary>The two-layer attention-only model of width 256 with 3.36 million parameters that speeds are quoted for.</summary>
    public static ParameterSet ReferenceModel(Kernels kernels)
    {
        TransformerConfig config = new()
        {
            Layers = 2,
            ModelWidth = 256,
            Heads = 8,
            HeadWidth = 32,
            ContextLength = 1024,
            Vocabulary = 5000,
            Positions = PositionalEmbedding.Shortformer,
        };
        ParameterSet parameters = new(new ParameterLayout(config));
        Initialization.Fill(parameters, kernels, seed: 1);
        return parameters;
    }

    /// <summary>Measures the forward pass and the components.</summary>
    /// <param name="milliseconds">How long to run each in each of three rounds; at least one run is made.</param>
    public IReadOnlyList<ModelRate> Run(int milliseconds = 300)
    {
        PassTimer timer = new(_machine, milliseconds);
        int[] rows = [.. Enumerable.Range(0, Rows)];
        float[] losses = new float[Rows * (RowLength - 1)];
        using TransformerWeights weights = new(_model, _machine);
        using RestrictedBenchmark restricted = new(_model, _evaluator, _rows, timer);
        return
        [
            timer.Time("per-token losses", ForwardOperations, losses.Length, () =>
                _evaluator.TokenLosses(weights, _rows, rows, losses, [])
            ),
            .. restricted.Run(),
        ];
    }

    /// <summary>Measures a training step, for which the model is copied.</summary>
    /// <param name="milliseconds">How long to run it in each of three rounds; at least one run is made.</param>
    public ModelRate RunTraining(int milliseconds = 300)
    {
        TrainingOptions options = new()
        {
            Steps = 1,
            BatchSize = Rows,
            Order = RowOrder.Sequential,
        };
        using TrainingState state = new(_model.Clone());
        using Trainer trainer = new(state, _rows, options, _evaluator);
        PassTimer timer = new(_machine, milliseconds);
        return timer.Time("training step", 3 * ForwardOperations, Rows * (RowLength - 1), () => trainer.Step());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _evaluator.Dispose();
        _rows.Dispose();
    }
}
