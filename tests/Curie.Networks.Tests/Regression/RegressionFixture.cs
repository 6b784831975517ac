using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Regression;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;

namespace Curie.Networks.Tests.Regression;

/// <summary>A regression transformer with random weights and a batch of sequences.</summary>
internal sealed class RegressionFixture : IDisposable
{
    public static readonly RegressionTask SmallTask = new() { Dimension = 2, Examples = 3 };

    public static readonly RegressionArchitecture SmallShape = new()
    {
        ModelWidth = 12,
        Heads = 3,
        HeadWidth = 5,
        MlpWidth = 7,
    };

    private readonly RegressionGenerator _generator;

    public RegressionFixture(RegressionTask task, RegressionArchitecture shape, int sequences, int workers = 2)
    {
        Machine = new Machine(Kernels.For(NetworkFixture.Widest), workers);
        Model = shape.CreateModel(task);
        RegressionInitialization.Fill(Model, seed: 3);
        ShakeLayerNorms();
        Weights = new TransformerWeights(Model, Machine);
        Evaluator = new TransformerEvaluator(Layout.Config, Machine);
        _generator = new RegressionGenerator(task, Machine.Kernels);
        Batch = new RegressionBatch(task, sequences);
        _generator.Fill(Batch, RegressionSequences.Training(5), 7, RegressionScale.Training, Machine.Pool);
    }

    public Machine Machine { get; }

    public ParameterSet Model { get; }

    public TransformerWeights Weights { get; }

    public TransformerEvaluator Evaluator { get; }

    public RegressionBatch Batch { get; }

    public ParameterLayout Layout => Model.Layout;

    public (double Loss, float[] Gradient) Gradient(string component)
    {
        Restriction restriction = new ComponentParser(Layout).Parse(component).Restriction;
        float[] gradient = new float[restriction.Dimension];
        double loss = Evaluator.LossAndGradient(Weights, Batch, new GradientPlan(Layout, restriction), gradient);
        return (loss, gradient);
    }

    public float[] Predictions()
    {
        float[] predictions = new float[Batch.Count * Batch.Examples];
        RegressionOutputs.Predict(Evaluator, Weights, Batch, predictions);
        return predictions;
    }

    public void Dispose()
    {
        Batch.Dispose();
        _generator.Dispose();
        Evaluator.Dispose();
        Weights.Dispose();
        Model.Dispose();
        Machine.Dispose();
    }

    /// <summary>Layer norms start as the identity, where a missing weight would not show.</summary>
    private void ShakeLayerNorms()
    {
        PhiloxStream random = new(PhiloxKey.Derive(9, RandomPurpose.Initialization));
        foreach (ParameterTensor tensor in Layout.Tensors.Where(tensor => tensor.Name.Contains("ln", StringComparison.Ordinal)))
        {
            foreach (ref float value in Model[tensor])
            {
                value += 0.3f * (float)random.NextGaussian();
            }
        }
    }
}
