using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics.Random;
using Curie.Numerics.Simd;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Restricted;

/// <summary>A random attention-only model, some rows, and weight vectors of a head of its last layer at a chain's distance from w*.</summary>
internal sealed class HeadProblem : IDisposable
{
    public const int Rows = 5;

    /// <summary>The distance of a chain from w*, per weight.</summary>
    private const double Distance = 0.06;

    private readonly NetworkFixture _fixture;
    private readonly Restriction _restriction;
    private readonly float[][] _weights;

    public HeadProblem(TransformerConfig config, int head, int vectors, SimdWidth width, int workers = 1)
    {
        ParameterSet parameters = new(new ParameterLayout(config));
        Fill(parameters);
        _fixture = new NetworkFixture(parameters, width, workers);
        _restriction = _fixture.Component($"l{config.Layers - 1}h{head}").Restriction;
        _weights = [.. Enumerable.Range(0, vectors).Select(Vector)];
        Heads = new HeadWeightSet(_fixture.Weights, head, vectors, _fixture.Kernels, _fixture.Pool);
        Tokens = new TokenRows([.. Enumerable.Range(0, (Rows + 2) * config.ContextLength).Select(i => (int)(i * 2654435761L % config.Vocabulary))], config.ContextLength);
        for (int slot = 0; slot < vectors; slot++)
        {
            Load(slot, slot);
        }
    }

    /// <summary>The first weight vector is w*, the others are far from it.</summary>
    public HeadWeightSet Heads { get; }

    public TokenRows Tokens { get; }

    public int PerRow => Tokens.ContextLength - 1;

    /// <summary>Not in order, not from the first.</summary>
    private static int[] Indices => [3, 1, 6, 2, 5];

    public void Load(int vector, int slot)
    {
        Put(vector);
        Heads.Load(slot);
    }

    public LastLayerHeadRows Freeze(IReadOnlyList<int>? slots, long memory) =>
        new(_fixture.Evaluator, _fixture.Weights, Heads, Tokens, Indices, slots, memory);

    public static float[] Losses(LastLayerHeadRows rows, int count, int tokens)
    {
        float[] losses = new float[count * tokens];
        rows.Losses(Points(count), losses, []);
        return losses;
    }

    public static LoadedWeights[] Points(int count) => [.. Enumerable.Range(0, count).Select(slot => new LoadedWeights(0, slot))];

    /// <summary>The losses and row means of the whole network.</summary>
    public (float[] Losses, double[] RowMeans) Plain(int vector)
    {
        Put(vector);
        float[] losses = new float[Rows * PerRow];
        double[] means = new double[Rows];
        _fixture.Evaluator.TokenLosses(_fixture.Weights, Tokens, Indices, losses, means);
        return (losses, means);
    }

    public void Dispose()
    {
        Heads.Dispose();
        Tokens.Dispose();
        _fixture.Dispose();
    }

    /// <summary>Every parameter differs from its neutral value: biases and layer norms too.</summary>
    private static void Fill(ParameterSet parameters)
    {
        PhiloxStream stream = new(PhiloxKey.Derive(11, RandomPurpose.Scores));
        foreach (ParameterTensor tensor in parameters.Layout.Tensors)
        {
            double centre = tensor.Name.Contains("ln", StringComparison.Ordinal) && tensor.Name.EndsWith(".w", StringComparison.Ordinal) ? 1 : 0;
            double scale = tensor.Shape.Count == 1 ? 0.2 : 2 / Math.Sqrt(parameters.Layout.Config.ModelWidth);
            foreach (ref float value in parameters[tensor])
            {
                value = (float)(centre + (scale * stream.NextGaussian()));
            }
        }
    }

    private float[] Vector(int index)
    {
        float[] w = new float[_restriction.Dimension];
        _restriction.Gather(_fixture.Parameters, w);
        PhiloxStream stream = new(PhiloxKey.Derive(index, RandomPurpose.Scores));
        for (int i = 0; i < w.Length && index > 0; i++)
        {
            w[i] += (float)(Distance * stream.NextGaussian());
        }

        return w;
    }

    private void Put(int vector)
    {
        _restriction.Scatter(_weights[vector], _fixture.Parameters);
        _fixture.Weights.Refresh(_fixture.Pool, _restriction);
    }
}
