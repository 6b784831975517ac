using System.Diagnostics;
using Curie.Networks.Architecture;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Training;
using Curie.Numerics.Benchmarking;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Networks.Benchmarking;

/// <summary>
/// Tokens per second of a forward pass that gives per-token losses, and of a training step, on the two-layer attention-only model of
/// width 256 with 3.36 million parameters, at a small batch. The necessary operations of the forward pass are, per predicted token,
/// <code>
/// 2·(layers·4·d² + d·V) + layers·heads·2·e·(T + 1)
/// </code>
/// (weights, and the causal half of the two attention products); a training step needs three times as many.
/// </summary>
public sealed class ModelBenchmark : IDisposable
{
    private const int Rounds = 3;
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

    private readonly Kernels _kernels;
    private readonly WorkerPool _pool;
    private readonly TokenRows _rows;
    private readonly TrainingState _state;
    private readonly TransformerEvaluator _evaluator;
    private readonly Trainer _trainer;

    /// <summary>Prepares the model and two rows of tokens.</summary>
    public ModelBenchmark(Kernels kernels, WorkerPool pool)
    {
        _kernels = kernels;
        _pool = pool;
        ParameterSet parameters = new(new ParameterLayout(Config));
        Initialization.Fill(parameters, kernels, seed: 1);
        int[] tokens = [.. Enumerable.Range(0, Rows * Config.ContextLength).Select(i => (int)(i * 2654435761L % Config.Vocabulary))];
        _rows = new TokenRows(tokens, Config.ContextLength);
        _state = new TrainingState(parameters);
        _evaluator = new TransformerEvaluator(Config, kernels, pool);
        _trainer = new Trainer(_state, _rows, new TrainingOptions { Steps = 1, BatchSize = Rows, Order = RowOrder.Sequential }, _evaluator, kernels, pool);
    }

    /// <summary>The necessary operations of a forward pass, per predicted token.</summary>
    public static double ForwardOperations
    {
        get
        {
            double weights = (Config.Layers * 4.0 * Config.ModelWidth * Config.AttentionWidth) + ((double)Config.ModelWidth * Config.Vocabulary);
            double attention = (double)Config.Layers * Config.Heads * 2 * Config.HeadWidth * (Config.ContextLength + 1);
            return (2 * weights) + attention;
        }
    }

    /// <summary>Measures both.</summary>
    /// <param name="milliseconds">How long to run each in each of three rounds; at least one run is made.</param>
    public IReadOnlyList<ModelRate> Run(int milliseconds = 400)
    {
        int[] rows = [.. Enumerable.Range(0, Rows)];
        float[] losses = new float[Rows * (Config.ContextLength - 1)];
        return
        [
            Time("per-token losses", ForwardOperations, () => _evaluator.TokenLosses(_trainer.Weights, _rows, rows, losses, []), milliseconds),
            Time("training step", 3 * ForwardOperations, () => _trainer.Step(), milliseconds),
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

    private ModelRate Time(string work, double operationsPerToken, Action run, int milliseconds)
    {
        run();
        double[] peaks = new double[Rounds];
        double[] rates = new double[Rounds];
        double[] fractions = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            peaks[round] = MachinePeak.Measure(_kernels.Width, _pool);
            long start = Stopwatch.GetTimestamp();
            int runs = 0;
            do
            {
                run();
                runs++;
            }
            while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds);
            rates[round] = (double)runs * Rows * (Config.ContextLength - 1) / Stopwatch.GetElapsedTime(start).TotalSeconds;
            fractions[round] = rates[round] * operationsPerToken / 1e9 / peaks[round];
        }

        return new ModelRate(work, _pool.Workers, Median(rates), operationsPerToken, Median(peaks), Median(fractions));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
