using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Response.Experiments;
using Curie.Sampling;

namespace Curie.Studies.Configuration;

/// <summary>The words that configuration files use for choices, one list for reading and for writing.</summary>
public static class ConfigurationWords
{
    /// <summary>The samplers by name.</summary>
    public static readonly IReadOnlyDictionary<string, Sampler> Samplers = Sampler.All.ToDictionary(sampler => sampler.Name);

    /// <summary>The estimators of the covariance by name.</summary>
    public static readonly IReadOnlyDictionary<string, CovarianceEstimator> Covariances = new Dictionary<string, CovarianceEstimator>
    {
        ["response"] = CovarianceEstimator.Response,
        ["product"] = CovarianceEstimator.Product,
    };

    /// <summary>The orders of rows by name.</summary>
    public static readonly IReadOnlyDictionary<string, RowOrder> Orders = new Dictionary<string, RowOrder>
    {
        ["shuffled"] = RowOrder.Shuffled,
        ["sequential"] = RowOrder.Sequential,
    };

    /// <summary>Whether a run's control is drawn beside it, by name.</summary>
    public static readonly IReadOnlyDictionary<string, ControlDraws> Controls = new Dictionary<string, ControlDraws>
    {
        ["auto"] = ControlDraws.Auto,
        ["true"] = ControlDraws.Full,
        ["false"] = ControlDraws.None,
    };

    /// <summary>Which rows of a file are taken, by name.</summary>
    public static readonly IReadOnlyDictionary<string, RowChoice> RowChoices = new Dictionary<string, RowChoice>
    {
        ["first"] = RowChoice.First,
        ["random"] = RowChoice.Random,
    };

    /// <summary>The directions of divergences by name.</summary>
    public static readonly IReadOnlyDictionary<string, DivergenceDirection> Divergences = new Dictionary<string, DivergenceDirection>
    {
        ["forward"] = DivergenceDirection.Forward,
        ["reverse"] = DivergenceDirection.Reverse,
    };

    /// <summary>The activation functions by name.</summary>
    public static readonly IReadOnlyDictionary<string, Activation> Activations = new Dictionary<string, Activation>
    {
        ["relu"] = Activation.Relu,
        ["gelu"] = Activation.Gelu,
        ["gelu_new"] = Activation.GeluNew,
    };

    /// <summary>The positional embeddings by name.</summary>
    public static readonly IReadOnlyDictionary<string, PositionalEmbedding> Positions = new Dictionary<string, PositionalEmbedding>
    {
        ["standard"] = PositionalEmbedding.Standard,
        ["shortformer"] = PositionalEmbedding.Shortformer,
    };

    /// <summary>The ways in which positional embeddings start, by name.</summary>
    public static readonly IReadOnlyDictionary<string, PositionInitialization> PositionInitializations = new Dictionary<
        string,
        PositionInitialization
    >
    {
        ["normal"] = PositionInitialization.Normal,
        ["sinusoidal"] = PositionInitialization.Sinusoidal,
    };

    /// <summary>The name of a value.</summary>
    public static string NameOf<T>(T value, IReadOnlyDictionary<string, T> words)
        where T : struct, Enum => words.First(pair => pair.Value.Equals(value)).Key;

    /// <summary>A count as JSON has it: the number, or <c>all</c> for null.</summary>
    public static JsonNode CountOrAll(int? count) => count is { } number ? number : "all";
}
