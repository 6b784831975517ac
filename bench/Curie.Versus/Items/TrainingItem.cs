using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Training;

namespace Curie.Versus.Items;

/// <summary>Training steps, one after another; the result is the loss before each.</summary>
internal sealed class TrainingItem : IWorkItem
{
    private readonly Bench _bench;
    private readonly TrainingState _state;
    private readonly Trainer _trainer;
    private readonly List<float> _losses = [];

    public TrainingItem(Bench bench)
    {
        _bench = bench;
        TrainingOptions options = new()
        {
            Steps = int.MaxValue,
            BatchSize = bench.Workload.TrainBatch,
            Order = RowOrder.Sequential,
            LearningRate = bench.Workload.LearningRate,
            WeightDecay = bench.Workload.WeightDecay,
        };
        _state = new TrainingState(bench.Model.Clone());
        _trainer = new Trainer(_state, bench.Rows, options, bench.Evaluator);
    }

    public double Operations => _bench.Cost(Component.FullName, slots: 1).GradientEach * _bench.Workload.TrainBatch * _bench.Positions;

    public void Run() => _losses.Add((float)_trainer.Step());

    public float[] Result() => [.. _losses];

    public void Dispose()
    {
        _trainer.Dispose();
        _state.Dispose();
    }
}
