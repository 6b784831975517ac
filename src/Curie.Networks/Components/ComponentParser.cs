using System.Globalization;
using System.Text.RegularExpressions;
using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Numerics;

namespace Curie.Networks.Components;

/// <summary>
/// Turns component names into components. A head is slice h of W_Q, W_K, W_V, W_O, b_Q, b_K, b_V: not b_O, not the layer norm.
/// <c>l0.attn</c> is every attention tensor of block 0 with b_O; <c>l0.mlp</c> every MLP tensor; <c>l0.ln1</c>, <c>l0.ln2</c> and
/// <c>ln_final</c> a
/// layer norm; <c>l0</c> attention, MLP and layer norms of the block; <c>embed</c> is W_E, <c>pos_embed</c> W_pos; <c>unembed</c> is W_U
/// and b_U.
/// </summary>
public sealed partial class ComponentParser
{
    private const string Vocabulary =
        "full, heads, embed, pos_embed, ln_final, unembed, or l0h1, l0, l0.attn, l0.mlp, l0.ln1, l0.ln2 (layers and heads from 0), "
        + "joined with + for a union";
    private readonly ParameterLayout _layout;

    /// <summary>A parser for one architecture.</summary>
    public ComponentParser(ParameterLayout layout) => _layout = layout;

    /// <summary>Parses a list of names; <c>heads</c> stands for every head, duplicates count once.</summary>
    /// <exception cref="InputException">A name is not a component of this model.</exception>
    public IReadOnlyList<Component> ParseAll(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return [.. names.SelectMany(Expand).DistinctBy(component => component.Name)];
    }

    /// <summary>Parses one name, which must stand for one component.</summary>
    /// <exception cref="InputException">The name is not a component of this model.</exception>
    public Component Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string[] parts = [.. name.Split('+', StringSplitOptions.TrimEntries).Select(part => part.ToLowerInvariant())];
        return new Component(string.Join('+', parts), new Restriction(parts.SelectMany(part => Segments(part, name))));
    }

    [GeneratedRegex(@"^l(?<layer>\d{1,4})(h(?<head>\d{1,4})|\.(?<part>attn|mlp|ln1|ln2))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex BlockPattern { get; }

    private static ParameterSegment Whole(ParameterTensor tensor) => new(tensor.Offset, tensor.Length);

    private static ParameterSegment Slice(ParameterTensor tensor, int index)
    {
        int length = tensor.Length / tensor.Shape[0];
        return new ParameterSegment(tensor.Offset + (index * length), length);
    }

    private IEnumerable<Component> Expand(string name)
    {
        if (name.Trim() != "heads")
        {
            return [Parse(name)];
        }

        TransformerConfig config = _layout.Config;
        return from layer in Enumerable.Range(0, config.Layers)
            from head in Enumerable.Range(0, config.Heads)
            select Parse($"l{layer}h{head}");
    }

    private IEnumerable<ParameterSegment> Segments(string part, string name)
    {
        switch (part)
        {
            case Component.FullName:
                return [new ParameterSegment(0, _layout.Length)];
            case "heads":
                return Expand(part).SelectMany(component => component.Restriction.Segments);
            case "embed":
                return [Whole(_layout.TokenEmbedding)];
            case "pos_embed":
                return [Whole(_layout.PositionEmbedding)];
            case "ln_final":
                return [Whole(_layout.FinalNormWeight), Whole(_layout.FinalNormBias)];
            case "unembed":
                return [Whole(_layout.Unembedding), Whole(_layout.UnembeddingBias)];
            default:
                return BlockSegments(part, name);
        }
    }

    private IEnumerable<ParameterSegment> BlockSegments(string part, string name)
    {
        TransformerConfig config = _layout.Config;
        Match match = BlockPattern.Match(part);
        if (!match.Success)
        {
            throw new InputException($"unknown component \"{name}\"; use {Vocabulary}.");
        }

        int layer = int.Parse(match.Groups["layer"].Value, CultureInfo.InvariantCulture);
        if (layer >= config.Layers)
        {
            throw new InputException($"component \"{name}\" names layer {layer}, but the model's layers are 0 to {config.Layers - 1}.");
        }

        BlockTensors block = _layout.Blocks[layer];
        if (match.Groups["head"].Success)
        {
            int head = int.Parse(match.Groups["head"].Value, CultureInfo.InvariantCulture);
            return head < config.Heads
                ? new[] { block.Query, block.Key, block.Value, block.Output, block.QueryBias, block.KeyBias, block.ValueBias }.Select(t =>
                    Slice(t, head)
                )
                : throw new InputException($"component \"{name}\" names head {head}, but the model's heads are 0 to {config.Heads - 1}.");
        }

        switch (match.Groups["part"].Value)
        {
            case "attn":
                return block.Attention.Select(Whole);
            case "mlp":
                return config.AttentionOnly
                    ? throw new InputException($"component \"{name}\" names an MLP, but the model has attention only.")
                    : block.Mlp.Select(Whole);
            case "ln1":
                return [Whole(block.Ln1Weight), Whole(block.Ln1Bias)];
            case "ln2":
                return config.AttentionOnly
                    ? throw new InputException($"component \"{name}\" names the layer norm of an MLP, but the model has attention only.")
                    : [Whole(block.Ln2Weight!), Whole(block.Ln2Bias!)];
            default:
                return block.Attention.Concat(block.Mlp).Concat(block.LayerNorms).Select(Whole);
        }
    }
}
