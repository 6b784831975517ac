using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Models.Families;
using Curie.Networks.Parameters;

namespace Curie.Networks.Models.Exports;

/// <summary>A family of another library that networks are written as.</summary>
internal interface IExportTarget
{
    /// <summary>The family's name for people.</summary>
    string Name { get; }

    /// <summary>The same function as a network of this family: with what the family always has, and in its order of rotary pairs.</summary>
    /// <param name="config">The network, without biases that are zero.</param>
    /// <param name="parts">Refuses what the family has not.</param>
    /// <exception cref="Numerics.InputException">The family cannot say it.</exception>
    TransformerConfig Accept(TransformerConfig config, ExportParts parts);

    /// <summary>The family's configuration.</summary>
    /// <param name="config">What <see cref="Accept"/> gave.</param>
    JsonObject Configuration(TransformerConfig config);

    /// <summary>Where the family's files have the tensors.</summary>
    TensorMap Map(ParameterLayout layout);
}
