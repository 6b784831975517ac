using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Sampling.Chains;
using Curie.Sampling.Shards;

namespace Curie.Sampling.Networks;

/// <summary>The amount of work of a run, from which it is planned.</summary>
public sealed record SamplingWork
{
    /// <summary>The model.</summary>
    public required ParameterLayout Layout { get; init; }

    /// <summary>The tokens of the longest row; the model's context, the default, where that is not known.</summary>
    public int RowLength
    {
        get => field == 0 ? Layout.Config.ContextLength : field;
        init;
    }

    /// <summary>The components of the whole run.</summary>
    public required IReadOnlyList<Component> Components { get; init; }

    /// <summary>What is sampled here of it: parts of a run that is cut into shards; by default all components and all chains.</summary>
    public IReadOnlyList<ShardPart> Parts
    {
        get => field ?? [new ShardPart(Components, ChainRange.All(Sampling))];
        init;
    }

    /// <summary>How it is sampled.</summary>
    public required SamplingOptions Sampling { get; init; }

    /// <summary>Rows per minibatch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>What is evaluated at every draw.</summary>
    public required IReadOnlyList<EvaluatedRows> Evaluated { get; init; }

    /// <summary>
    /// What goes beside the chains of a component: the weight vectors that are evaluated and the gradients that are made. Nothing by
    /// default.
    /// </summary>
    public Func<Component, ChainCompany> Company { get; init; } = _ => ChainCompany.None;

    /// <summary>The threads.</summary>
    public required int Workers { get; init; }

    /// <summary>The model from whose distribution losses are divergences; null for losses of the next token.</summary>
    public ParameterLayout? Target { get; init; }

    /// <summary>Bytes that the run holds throughout beside the model: token rows, results.</summary>
    public long BytesThroughout { get; init; }

    /// <summary>Bytes that the run holds for every component while it is sampled, all chains together.</summary>
    public long BytesPerComponent { get; init; }

    /// <summary>Bytes that the run holds for every weight vector that is evaluated together with others.</summary>
    public long BytesPerEvaluation { get; init; }
}
