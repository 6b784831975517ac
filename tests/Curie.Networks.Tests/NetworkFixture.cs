using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Simd;

namespace Curie.Networks.Tests;

/// <summary>A model ready to be evaluated.</summary>
internal sealed class NetworkFixture : IDisposable
{
    public NetworkFixture(ParameterSet parameters, SimdWidth width, int workers, DivergenceTarget? target = null)
    {
        Machine = new Machine(Kernels.For(width), workers);
        Parameters = parameters;
        Weights = new TransformerWeights(Parameters, Machine);
        Evaluator = new TransformerEvaluator(Config, Machine, target);
    }

    public NetworkFixture(string modelFolder, SimdWidth width, int workers)
        : this(ModelReader.Load(modelFolder), width, workers) { }

    public Machine Machine { get; }

    public ParameterSet Parameters { get; }

    public TransformerWeights Weights { get; }

    public TransformerEvaluator Evaluator { get; }

    public ParameterLayout Layout => Parameters.Layout;

    public TransformerConfig Config => Layout.Config;

    public static SimdWidth Widest => Kernels.SupportedWidths.Max();

    public Component Component(string name) => new ComponentParser(Layout).Parse(name);

    public void Dispose()
    {
        Evaluator.Dispose();
        Weights.Dispose();
        Parameters.Dispose();
        Machine.Dispose();
    }
}
