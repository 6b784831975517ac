using System.Text.Json.Nodes;
using Curie.Numerics;

namespace Curie.Networks.Archives;

/// <summary>
/// The named tensors of a file, or of several files that belong together. Opening reads names and shapes; values are read from disk one
/// tensor at a time, by one thread at a time.
/// </summary>
public interface ITensorArchive : IDisposable
{
    /// <summary>The file or folder as the user wrote it, for messages.</summary>
    string Path { get; }

    /// <summary>What the weights are written as, in words: safetensors, a checkpoint of torch.save, a .bin of llama2.c.</summary>
    string Format { get; }

    /// <summary>The tensors by name, in the order of the file; valid until the archive is disposed.</summary>
    IReadOnlyDictionary<string, ArchivedTensor> Tensors { get; }

    /// <summary>
    /// What is said of the network, null where nothing is. First comes what the file itself says: of a checkpoint <c>model_args</c>,
    /// <c>cfg</c>, <c>config</c>, <c>model_config</c>, <c>hyper_parameters</c>, <c>hparams</c> or <c>args</c>, whichever is there first;
    /// of a module that was saved whole its <c>cfg</c> or <c>config</c>; of a file of llama2.c its header, with its names for sizes
    /// (<c>dim</c>, <c>hidden_dim</c>, <c>n_layers</c>, <c>n_heads</c>, <c>n_kv_heads</c>, <c>vocab_size</c>, <c>max_seq_len</c>),
    /// <c>format</c> <c>"llama2.c"</c>, <c>version</c>, <c>shared_classifier</c>, what its program takes for granted (<c>norm_eps</c>,
    /// <c>rope_theta</c>), and <c>rotary</c> <c>"interleaved"</c>: pairs of the rotary embedding are neighbours. Then comes what lies
    /// beside the weights: <c>X.json</c>, <c>X_config.json</c>, <c>config.json</c>, <c>cfg.json</c> beside <c>X.pt</c>, or first the
    /// <c>config.json</c> of a folder. What JSON cannot say of a pickle stands there as a string: <c>torch.float32</c>, <c>cuda:0</c>,
    /// <c>NaN</c>, the name of a class.
    /// </summary>
    JsonObject? Configuration { get; }

    /// <summary>The file that holds the configuration: that of the weights, or the one beside them.</summary>
    string ConfigurationSource { get; }

    /// <summary>Every file that the archive is made of: the weights', an index, a configuration beside them.</summary>
    IReadOnlyList<string> Files { get; }
}
