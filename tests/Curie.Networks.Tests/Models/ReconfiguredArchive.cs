using System.Text.Json.Nodes;
using Curie.Networks.Archives;

namespace Curie.Networks.Tests.Models;

/// <summary>The tensors of an archive, which somebody else disposes, under another configuration.</summary>
internal sealed class ReconfiguredArchive(ITensorArchive inner, JsonObject configuration) : ITensorArchive
{
    public string Path => inner.Path;

    public string Format => inner.Format;

    public IReadOnlyDictionary<string, ArchivedTensor> Tensors => inner.Tensors;

    public JsonObject? Configuration => configuration;

    public string ConfigurationSource => "config.json";

    public IReadOnlyList<string> Files => inner.Files;

    public void Dispose() { }
}
