using Curie.Networks.Architecture;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Training;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Networks.Benchmarking;

/// <summary>
/// Tokens per second of a forward pass that gives per-token losses, of a training step, and of heads' losses and gradients, on the
/// two-layer attention-only model of
/// width 256 with 3.36 million parameters, at a small batch. The necessary operations of the forward pass are, per predicted token,
/// <code>
/// 2·(layers·4·d² + d·V) + layers·heads·2·e·(T + 1)
/// </code>
/// (weights, and the causal half of the two attention products); a training step needs three times as many.
/// </summary>
public sealed class ModelBenchmark : IDisposable
{
    private const int Rows = 2;
    private static readonly TransformerConfig Config = new()
    {
        Layers = 2,
        ModelWidth = 256,
        Heads = 8,
        HeadWidth = 32,
        ContextLength = 1024,
        Vocabulary = 5000,
        Positions = PositionalEmbedding.Shortformer,
    };

    private readonly Machine _machine;
    private readonly TokenRows _rows;
    private readonly TrainingState _state;
    private readonly TransformerEvaluator _evaluator;
    private readonly Trainer _trainer;

    /// <summary>Prepares the model and two rows of tokens.</summary>
    public ModelBenchmark(Machine machine)
    {
        _machine = machine;
        ParameterSet parameters = new(new ParameterLayout(Config));
        Initialization.Fill(parameters, machine.Kernels, seed: 1);
        int[] tokens = [.. Enumerable.Range(0, Rows * Config.ContextLength).Select(i => (int)(i * 2654435761L % Config.Vocabulary))];
        _rows = new TokenRows(tokens, Config.ContextLength);
        _state = new TrainingState(parameters);
        _evaluator = new TransformerEvaluator(Config, machine);
        _trainer = new Trainer(
            _state,
            _rows,
            new TrainingOptions
            {
                Steps = 1,
                BatchSize = Rows,
                Order = RowOrder.Sequential,
            },
            _evaluator
        );
    }

    /// <summary>The necessary operations of a forward pass, per predicted token.</summary>
    public static double ForwardOperations
    {
        get
        {
            double weights =
                (Config.Layers * 4.0 * Config.ModelWidth * Config.AttentionWidth) + ((double)Config.ModelWidth * Config.Vocabulary);
            double attention = (double)Config.Layers * Config.Heads * 2 * Config.HeadWidth * (Config.ContextLength + 1);
            return (2 * weights) + attention;
        }
    }

    /// <summary>Measures both, and the restricted passes of heads.</summary>
    /// <param name="milliseconds">How long to run each in each of three rounds; at least one run is made.</param>
    public IReadOnlyList<ModelRate> Run(int milliseconds = 300)
    {
        PassTimer timer = new(_machine, milliseconds);
        int[] rows = [.. Enumerable.Range(0, Rows)];
        int tokens = Rows * (Config.ContextLength - 1);
        float[] losses = new float[tokens];
        using RestrictedBenchmark restricted = new(_state.Parameters, _evaluator, _rows, timer);
        return
        [
            timer.Time("per-token losses", ForwardOperations, tokens, () =>
                _evaluator.TokenLosses(_trainer.Weights, _rows, rows, losses, [])
            ),
            .. restricted.Run(),
            timer.Time("training step", 3 * ForwardOperations, tokens, () => _trainer.Step()),
        ];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _trainer.Dispose();
        _evaluator.Dispose();
        _state.Dispose();
        _rows.Dispose();
    }
}
