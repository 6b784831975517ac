using Curie.Networks.Archives;
using Curie.Networks.Files;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Text.Tokenization;

namespace Curie.Networks.Models;

/// <summary>
/// A model on disk: a folder with <c>config.json</c>, <c>model.safetensors</c> (float32, TransformerLens's names) and, optionally,
/// <c>tokenizer.json</c> or another tokenizer.
/// </summary>
public static unsafe class ModelFolder
{
    /// <summary>The configuration's file name.</summary>
    public const string ConfigName = "config.json";

    /// <summary>The weights' file name.</summary>
    public const string WeightsName = "model.safetensors";

    /// <summary>The tokenizer's file name.</summary>
    public const string TokenizerName = "tokenizer.json";

    // What GPT-2's tokenizer is made of; the last three need not be there.
    private static readonly string[] SeveralFiles =
    [
        "vocab.json",
        "merges.txt",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "added_tokens.json",
    ];

    /// <summary>Whether a file in a model's folder is a part of the model or of its tokenizer, by its name.</summary>
    public static bool IsPart(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name is ConfigName or TokenizerName
            || SeveralFiles.Contains(name)
            || ArchiveFolder.IsNamedLikeWeights(name)
            || name.EndsWith(".index.json", StringComparison.Ordinal)
            || TokenizerFile.IsUsual(name);
    }

    /// <summary>Reads all weights of a layout.</summary>
    /// <exception cref="InputException">The file is missing or damaged, a tensor is missing or has another shape, or a weight is not
    /// finite.</exception>
    internal static void LoadWeights(string weights, ParameterSet parameters)
    {
        using SafetensorsContents contents = SafetensorsFile.Read(weights);
        foreach (ParameterTensor tensor in parameters.Layout.Tensors.Where(tensor => tensor.Length > 0))
        {
            Span<float> values = parameters[tensor];
            contents.Require(tensor.Name, [.. tensor.Shape]).CopyTo(values);
            int bad = FirstNonFinite(values);
            if (bad >= 0)
            {
                throw new InputException(
                    FormattableString.Invariant(
                        $"{weights}: {tensor.Name} holds {values[bad]} at element {bad}; use a checkpoint whose training did not diverge."
                    )
                );
            }
        }
    }

    /// <summary>Writes a model; each file appears whole or not at all, the weights last.</summary>
    /// <param name="folder">The folder, created if it is missing.</param>
    /// <param name="parameters">The weights.</param>
    /// <param name="tokenizer">A tokenizer's file to copy into the folder, or null.</param>
    /// <exception cref="InputException">The folder or a file cannot be written.</exception>
    public static void Save(string folder, ParameterSet parameters, string? tokenizer = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Create(folder, tokenizer);
        ModelConfigFile.Write(Path.Combine(folder, ConfigName), parameters.Layout.Config);
        SafetensorsFile.Write(Path.Combine(folder, WeightsName), Sources(parameters, string.Empty));
    }

    /// <summary>The files of a tokenizer and the names that they have in a model folder.</summary>
    /// <param name="path">Its file; of GPT-2's two, with those that belong to them beside it, <c>vocab.json</c>.</param>
    public static IReadOnlyList<(string Source, string Name)> TokenizerFiles(string path)
    {
        string folder = Path.GetDirectoryName(path) ?? string.Empty;
        (string Source, string Name)[] several = [.. SeveralFiles.Select(name => (Path.Combine(folder, name), name))];
        return Path.GetFileName(path) == SeveralFiles[0] && File.Exists(several[1].Source)
            ? [.. several.Where(file => File.Exists(file.Source))]
            : [(path, TokenizerNameOf(path))];
    }

    /// <summary>The name that a tokenizer's file has in a model folder: its own, but <c>tokenizer.json</c> for any JSON.</summary>
    public static string TokenizerNameOf(string path) =>
        Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase) ? TokenizerName : Path.GetFileName(path);

    /// <summary>Makes a folder, with a tokenizer in it if there is one.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    internal static void Create(string folder, string? tokenizer = null)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach ((string source, string name) in tokenizer is null ? [] : TokenizerFiles(tokenizer))
            {
                byte[] bytes = InputFile.Read(source, ReadAll);
                AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(bytes));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"cannot write the model folder {folder}: {error.Message} Choose another place or free some space.",
                error
            );
        }
    }

    /// <summary>The tensors of a set, for writing, with a prefix to their names.</summary>
    internal static IReadOnlyList<SafetensorsSource> Sources(ParameterSet parameters, string prefix) =>
        [
            .. parameters
                .Layout.Tensors.Where(tensor => tensor.Length > 0)
                .Select(tensor => new SafetensorsSource(prefix + tensor.Name, tensor.Shape, parameters.Matrix(tensor).Data)),
        ];

    private static byte[] ReadAll(FileStream stream)
    {
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static int FirstNonFinite(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
