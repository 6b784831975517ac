using Curie.Networks.Components;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Versus;

/// <summary>What all work shares: the folder's workload, model and token rows, and the machine.</summary>
internal sealed class Bench : IDisposable
{
    /// <summary>Reads <c>workload.json</c>, <c>model</c> and <c>rows.npy</c> of a folder.</summary>
    public Bench(string folder)
    {
        Folder = folder;
        Workload = Workload.Read(Path.Combine(folder, "workload.json"));
        Model = ModelReader.Load(Path.Combine(folder, "model"));
        Rows = TokenRows.Load(Path.Combine(folder, "rows.npy"), Model.Layout.Config.Vocabulary, Model.Layout.Config.ContextLength);
        Evaluator = new TransformerEvaluator(Model.Layout.Config, Machine);
        Network = new FrozenNetwork(Model, Evaluator);
    }

    /// <summary>Where inputs lie and results go.</summary>
    public string Folder { get; }

    /// <summary>The sizes.</summary>
    public Workload Workload { get; }

    /// <summary>w*.</summary>
    public ParameterSet Model { get; }

    /// <summary>The tokens.</summary>
    public TokenRows Rows { get; }

    /// <summary>The arithmetic, and all cores.</summary>
    public Machine Machine { get; } = Machine.Create();

    /// <summary>Losses and gradients.</summary>
    public TransformerEvaluator Evaluator { get; }

    /// <summary>The network at w*, from which components are restricted.</summary>
    public FrozenNetwork Network { get; }

    /// <summary>The predicted tokens of a row.</summary>
    public int Positions => Rows.ContextLength - 1;

    /// <summary>A component by name.</summary>
    public Component Component(string name) => new ComponentParser(Model.Layout).Parse(name);

    /// <summary>What a component costs by itself, a predicted token.</summary>
    public GroupCost Cost(string name, int slots) => GroupCost.Of(Model.Layout, Component(name), slots, Machine.Pool.Workers);

    /// <inheritdoc/>
    public void Dispose()
    {
        Network.Dispose();
        Evaluator.Dispose();
        Machine.Dispose();
        Rows.Dispose();
        Model.Dispose();
    }
}
