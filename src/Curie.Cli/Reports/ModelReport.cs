using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics;

namespace Curie.Cli.Reports;

/// <summary>What a model is, as text and as JSON.</summary>
internal static class ModelReport
{
    private const int MostNames = 4;

    /// <summary>The model in lines of a name and a value.</summary>
    public static string Text(ModelInspection model, FoundTokenizer tokenizer)
    {
        List<(string Name, string Value)> lines =
        [
            ("family", model.Family ?? "not known"),
            ("format", model.Format),
            ("files", string.Join(", ", model.Files.Select(file => $"{Path.GetFileName(file)} ({Size(file)})"))),
            ("configuration", model.ConfigurationSource ?? "none"),
            ("stored", Stored(model)),
        ];
        if (model.Config is { } config)
        {
            lines.AddRange(ArchitectureWords.Of(config));
            lines.Add(
                ("parameters", FormattableString.Invariant($"{model.Parameters}, {ByteSize.Format(Bytes(model))} in memory as float32"))
            );
            lines.Add(("components", Components(config)));
        }

        lines.Add(("tokenizer", Tokenizer(model, tokenizer)));
        Add("missing", model.Missing);
        Add("left over", model.LeftOver);
        if (model.Refusal is not null)
        {
            lines.Add(("measurable", "no"));
        }

        int width = lines.Max(line => line.Name.Length);
        return $"{model.Path}\n" + string.Join('\n', lines.Select(line => $"  {line.Name.PadRight(width)}  {line.Value}"));

        void Add(string name, IReadOnlyList<string> tensors)
        {
            if (tensors.Count > 0)
            {
                lines.Add((name, Some(tensors)));
            }
        }
    }

    /// <summary>The model as one object.</summary>
    public static JsonObject ToJson(ModelInspection model, FoundTokenizer tokenizer) =>
        new()
        {
            ["path"] = model.Path,
            ["family"] = model.Family,
            ["format"] = model.Format,
            ["files"] = List(model.Files),
            ["configuration_file"] = model.ConfigurationSource,
            ["stored"] = new JsonObject
            {
                ["elements"] = model.StoredElements,
                ["tensors"] = new JsonArray([
                    .. model.Tensors.Select(tensor => new JsonObject
                    {
                        ["name"] = tensor.Name,
                        ["shape"] = new JsonArray([.. tensor.Shape.Select(size => (JsonNode)size)]),
                        ["type"] = tensor.Type,
                    }),
                ]),
            },
            ["config"] = model.Config is null ? null : ModelConfigFile.ToJson(model.Config),
            ["parameters"] = model.Parameters,
            ["bytes"] = model.Config is null ? null : Bytes(model),
            ["components"] = model.Config is null ? null : List(new ComponentParser(new ParameterLayout(model.Config)).Names),
            ["tokenizer"] = new JsonObject
            {
                ["path"] = tokenizer.Path,
                ["vocabulary"] = tokenizer.Vocabulary,
                ["refusal"] = tokenizer.Refusal,
            },
            ["missing"] = List(model.Missing),
            ["left_over"] = List(model.LeftOver),
            ["refusal"] = model.Refusal,
        };

    private static long Bytes(ModelInspection model) => sizeof(float) * model.Parameters!.Value;

    private static string Size(string file) => ByteSize.Format(new FileInfo(file).Length);

    private static string Stored(ModelInspection model)
    {
        string types = string.Join(", ", model.Tensors.Select(tensor => tensor.Type).Distinct().Order(StringComparer.Ordinal));
        string counts = FormattableString.Invariant(
            $"{Counted.Of(model.Tensors.Count, "tensor")}, {model.StoredElements} numbers ({types})"
        );
        return model.Config is null ? $"{counts}: {Some([.. model.Tensors.Select(tensor => tensor.ToString())])}" : counts;
    }

    private static string Components(TransformerConfig config)
    {
        string group = config.HeadsPerGroup > 1 ? "g" : "h";
        string last = FormattableString.Invariant($"l{config.Layers - 1}{group}{config.Groups - 1}");
        string[] names = [.. new ComponentParser(new ParameterLayout(config)).Names];
        IEnumerable<string> ofBlock = names.Where(name => name == "l0" || name.StartsWith("l0.", StringComparison.Ordinal));
        IEnumerable<string> others = names.Where(name => !(name[0] == 'l' && char.IsAsciiDigit(name[1])));
        return $"{string.Join(", ", others)}; l0{group}0 … {last}; of {Counted.Of(config.Layers, "layer")} {string.Join(", ", ofBlock)}";
    }

    private static string Tokenizer(ModelInspection model, FoundTokenizer tokenizer) =>
        tokenizer switch
        {
            { Refusal: { } refusal } => $"cannot be read: {refusal}",
            { Path: null } => "none beside the model",
            { Vocabulary: { } tokens } when model.Config is { } config && tokens > config.Vocabulary =>
                $"{tokenizer.Path}, {Counted.Of(tokens, "token")}, more than the model's {config.Vocabulary}",
            _ => $"{tokenizer.Path}, {Counted.Of(tokenizer.Vocabulary!.Value, "token")}",
        };

    private static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? $", and {names.Count - MostNames} more" : string.Empty);

    private static JsonArray List(IEnumerable<string> values) => [.. values.Select(value => (JsonNode)value)];
}
