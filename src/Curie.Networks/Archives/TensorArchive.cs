using Curie.Numerics;

namespace Curie.Networks.Archives;

/// <summary>Opens files with tensors, whatever their names: what a file is, its content says.</summary>
public static class TensorArchive
{
    /// <summary>Opens an archive without reading its values.</summary>
    /// <param name="path">
    /// A safetensors file; the index (<c>*.index.json</c>) of a model in several files; a checkpoint of <c>torch.save</c>, as zip or as the
    /// pickles of before 1.6, holding a state dict, a dict with one in it, or a whole module; a <c>.bin</c> of llama2.c; or a folder that
    /// holds one of these under a usual name.
    /// </param>
    /// <returns>
    /// The archive. Where every name begins with <c>module.</c>, <c>_orig_mod.</c> or <c>model.</c>, the prefixes of PyTorch's parallel and
    /// compiled modules and of Lightning's, they are taken off, but for the <c>model.</c> that Hugging Face's transformers put there. A
    /// file of llama2.c has the names of its own <c>model.py</c>: <c>tok_embeddings.weight</c>, <c>layers.0.attention.wq.weight</c> (…
    /// <c>wk</c>, <c>wv</c>, <c>wo</c>), <c>layers.0.feed_forward.w1.weight</c> (… <c>w2</c>, <c>w3</c>),
    /// <c>layers.0.attention_norm.weight</c>, <c>layers.0.ffn_norm.weight</c>, <c>norm.weight</c>, and where it is not tied
    /// <c>output.weight</c>.
    /// </returns>
    /// <exception cref="InputException">
    /// There is no such file, it is of no kind that Curie reads, it is damaged or cut, or it asks to run code.
    /// </exception>
    public static ITensorArchive Open(string path) => OpenAll(path);

    /// <summary>The same, with all that may be the configuration.</summary>
    /// <exception cref="InputException">As above.</exception>
    internal static OpenedArchive OpenAll(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        bool folder = Directory.Exists(path);
        string weights = folder ? ArchiveFolder.Find(path) : path;
        ITensorArchive archive = ArchiveFormat.Open(weights);
        try
        {
            return new OpenedArchive(path, archive, ConfigurationFile.All(weights, folder));
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }
}
