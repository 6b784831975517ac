using Curie.Development.Regression;
using Curie.Development.Trajectories;
using Curie.Networks.Parameters;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Parallelism;

namespace Curie.Development.Tests.Trajectories;

public sealed class RegressionPredictionsTests : IDisposable
{
    private static readonly RegressionArchitecture Small = new()
    {
        ModelWidth = 32,
        Heads = 2,
        HeadWidth = 16,
        MlpWidth = 32,
    };
    private readonly Machine _machine = Machine.Create(2);

    public void Dispose() => _machine.Dispose();

    /// <summary>The same sequences through the same passes: the same bits.</summary>
    [Fact]
    public void Predictions_are_the_outputs_of_the_evaluation()
    {
        using ParameterSet model = Model(new RegressionTask(), 1);
        RegressionEvaluationOptions options = new()
        {
            Sequences = 32,
            AttentionSequences = 4,
            OutputSequences = 5,
            Scales = [3],
            Seed = 7,
        };
        using RegressionEvaluation evaluation = new(model, options, _machine);
        float[] expected = new float[5 * 8];
        evaluation.Evaluate(model, expected);

        using RegressionPredictions predictions = new(model, (5 * 8) + 3, 7, _machine);

        Assert.Equal(expected.Length, predictions.Count);
        Assert.Equal(Array.ConvertAll(expected, value => (double)value), predictions.Of(model));
    }

    [Fact]
    public void Too_few_outputs_and_another_task_are_refused()
    {
        using ParameterSet model = Model(new RegressionTask(), 1);
        Assert.Contains(
            "fewer than the 8",
            Assert.Throws<InputException>(() => new RegressionPredictions(model, 7, 1, _machine)).Message,
            StringComparison.Ordinal
        );

        using RegressionPredictions predictions = new(model, 8, 1, _machine);
        using ParameterSet other = Model(new RegressionTask { Tasks = 4 }, 1);
        Assert.Contains(
            "another task or shape",
            Assert.Throws<InputException>(() => predictions.Of(other)).Message,
            StringComparison.Ordinal
        );
    }

    private static ParameterSet Model(RegressionTask task, long seed)
    {
        ParameterSet model = Small.CreateModel(task);
        RegressionInitialization.Fill(model, seed);
        return model;
    }
}
