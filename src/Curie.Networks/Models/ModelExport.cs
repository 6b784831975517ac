using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Networks.Models.Exports;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Networks.Models;

/// <summary>
/// A model as another program's folder: the same function, or a refusal that names the part which that program has not.
/// </summary>
public sealed class ModelExport : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly Dictionary<string, string> Metadata = new() { ["format"] = "pt" };
    private readonly IExportTarget? _target;
    private readonly ParameterSet _parameters;
    private readonly bool _ownsParameters;

    private ModelExport(IExportTarget? target, ParameterSet parameters, bool ownsParameters)
    {
        _target = target;
        _parameters = parameters;
        _ownsParameters = ownsParameters;
    }

    /// <summary>The family of networks that is written: Curie, GPT-2, GPT-NeoX, Llama or TransformerLens.</summary>
    public string Family => _target?.Name ?? "Curie";

    /// <summary>The network that is written: the same function, with what the family always has.</summary>
    public TransformerConfig Config => _parameters.Layout.Config;

    /// <summary>Prepares a model for writing.</summary>
    /// <param name="parameters">The weights; they must stay until the export is disposed.</param>
    /// <param name="format">What to write.</param>
    /// <param name="source">Where the model is from, for messages.</param>
    /// <exception cref="InputException">No family of that format has all parts of the network; the message names one.</exception>
    public static ModelExport Create(ParameterSet parameters, ModelFormat format, string source)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (format == ModelFormat.Curie)
        {
            return new ModelExport(null, parameters, ownsParameters: false);
        }

        TransformerConfig config = Rewriting.WithoutZeros(parameters);
        IExportTarget target = format == ModelFormat.TransformerLens ? new TransformerLensExport() : Nearest(config);
        TransformerConfig accepted = target.Accept(config, new ExportParts(source, target.Name));
        return new ModelExport(target, Rewriting.As(parameters, accepted), ownsParameters: true);
    }

    /// <summary>Writes the folder's configuration and weights, each whole or not at all, the weights last.</summary>
    /// <param name="folder">The folder, created if it is missing.</param>
    /// <param name="tokenizer">A tokenizer's file to copy into the folder, or null.</param>
    /// <exception cref="InputException">The folder or a file cannot be written.</exception>
    public void Write(string folder, string? tokenizer = null)
    {
        if (_target is null)
        {
            ModelFolder.Save(folder, _parameters, tokenizer);
            return;
        }

        ModelFolder.Create(folder, tokenizer);
        JsonObject json = _target.Configuration(Config);
        AtomicFile.WriteAllText(Path.Combine(folder, ModelFolder.ConfigName), json.ToJsonString(Indented) + "\n");
        SafetensorsFile.Write(
            Path.Combine(folder, ModelFolder.WeightsName),
            WeightWriter.Sources(_parameters, _target.Map(_parameters.Layout)),
            Metadata
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsParameters)
        {
            _parameters.Dispose();
        }
    }

    /// <summary>The family that has most of a network's parts, so that a refusal names what is odd about it.</summary>
    private static IExportTarget Nearest(TransformerConfig config) =>
        config.Positions != PositionalEmbedding.Rotary ? new Gpt2Export()
        : config.Norm == NormKind.Rms || config.GatedMlp ? new LlamaExport()
        : new GptNeoXExport();
}
