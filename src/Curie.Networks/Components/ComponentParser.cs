using System.Globalization;
using System.Text.RegularExpressions;
using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Numerics;

namespace Curie.Networks.Components;

/// <summary>
/// Turns component names into components. A head is slice h of W_Q, W_K, W_V, W_O, b_Q, b_K, b_V: not b_O, not the norm. Where heads share
/// keys and values, <c>l0g1</c> is a key-value head with all heads that read it. <c>l0.attn</c> is every attention tensor of block 0 with
/// b_O; <c>l0.mlp</c> every MLP tensor; <c>l0.ln1</c>, <c>l0.ln2</c> and <c>ln_final</c> a norm; <c>l0</c> attention, MLP and norms of the
/// block; <c>embed</c> is W_E, <c>pos_embed</c> W_pos; <c>unembed</c> is W_U and b_U.
/// </summary>
public sealed partial class ComponentParser
{
    private const string Vocabulary =
        "full, heads, embed, pos_embed, ln_final, unembed, or l0h1 (l0g1 where heads share keys), l0, l0.attn, l0.mlp, l0.ln1, l0.ln2 "
        + "(layers and heads from 0), joined with + for a union";
    private readonly ParameterLayout _layout;

    /// <summary>A parser for one architecture.</summary>
    public ComponentParser(ParameterLayout layout) => _layout = layout;

    /// <summary>Every name of a single component of this model: the whole, embeddings, heads or groups, blocks and their parts.</summary>
    public IReadOnlyList<string> Names =>
        [
            Component.FullName,
            "embed",
            .. When(_layout.PositionEmbedding.Length > 0, "pos_embed"),
            .. Expand("heads").Select(head => head.Name),
            .. Enumerable.Range(0, _layout.Config.Layers).SelectMany(OfBlock),
            .. When(_layout.FinalNormWeight.Length + _layout.FinalNormBias.Length > 0, "ln_final"),
            .. When(!_layout.Config.TiedEmbeddings, "unembed"),
        ];

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

    [GeneratedRegex(
        @"^l(?<layer>\d{1,4})(h(?<head>\d{1,4})|g(?<group>\d{1,4})|\.(?<part>attn|mlp|ln1|ln2))?$",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex BlockPattern { get; }

    private static string[] When(bool present, string name) => present ? [name] : [];

    private static ParameterSegment Whole(ParameterTensor tensor) => new(tensor.Offset, tensor.Length);

    private static ParameterSegment Slice(ParameterTensor tensor, int index)
    {
        int length = tensor.Length / tensor.Shape[0];
        return new ParameterSegment(tensor.Offset + (index * length), length);
    }

    private IEnumerable<string> OfBlock(int layer)
    {
        BlockTensors block = _layout.Blocks[layer];
        string name = FormattableString.Invariant($"l{layer}");
        return
        [
            name,
            $"{name}.attn",
            .. When(!_layout.Config.AttentionOnly, $"{name}.mlp"),
            .. When(block.Ln1Weight.Length + block.Ln1Bias.Length > 0, $"{name}.ln1"),
            .. When(block.Ln2Weight.Length + block.Ln2Bias.Length > 0, $"{name}.ln2"),
        ];
    }

    private IEnumerable<Component> Expand(string name)
    {
        if (name.Trim() != "heads")
        {
            return [Parse(name)];
        }

        TransformerConfig config = _layout.Config;
        return from layer in Enumerable.Range(0, config.Layers)
            from head in Enumerable.Range(0, config.Groups)
            select Parse(config.HeadsPerGroup == 1 ? $"l{layer}h{head}" : $"l{layer}g{head}");
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
                return Present(name, _layout.PositionEmbedding);
            case "ln_final":
                return Present(name, _layout.FinalNormWeight, _layout.FinalNormBias);
            case "unembed":
                return _layout.Config.TiedEmbeddings
                    ? throw new InputException(
                        $"component \"{name}\" names the unembedding, but this model's is its token embedding; use embed, which is both."
                    )
                    : [Whole(_layout.Unembedding), Whole(_layout.UnembeddingBias)];
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
            return HeadSegments(block, int.Parse(match.Groups["head"].Value, CultureInfo.InvariantCulture), name);
        }

        if (match.Groups["group"].Success)
        {
            return GroupSegments(block, int.Parse(match.Groups["group"].Value, CultureInfo.InvariantCulture), name);
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
                return Present(name, block.Ln1Weight, block.Ln1Bias);
            case "ln2":
                return config.AttentionOnly
                    ? throw new InputException($"component \"{name}\" names the layer norm of an MLP, but the model has attention only.")
                    : Present(name, block.Ln2Weight, block.Ln2Bias);
            default:
                return block.Attention.Concat(block.Mlp).Concat(block.LayerNorms).Select(Whole);
        }
    }

    private IEnumerable<ParameterSegment> HeadSegments(BlockTensors block, int head, string name)
    {
        TransformerConfig config = _layout.Config;
        if (head >= config.Heads)
        {
            throw new InputException($"component \"{name}\" names head {head}, but the model's heads are 0 to {config.Heads - 1}.");
        }

        if (config.HeadsPerGroup > 1)
        {
            throw new InputException(
                $"component \"{name}\" names head {head}, but {config.HeadsPerGroup} heads share keys and values in this model; name their "
                    + $"group, g{head / config.HeadsPerGroup} in place of h{head}."
            );
        }

        return block.OfHeads.Concat(block.OfGroups).Select(tensor => Slice(tensor, head));
    }

    private IEnumerable<ParameterSegment> GroupSegments(BlockTensors block, int group, string name)
    {
        TransformerConfig config = _layout.Config;
        if (config.HeadsPerGroup == 1 || group >= config.Groups)
        {
            throw new InputException(
                config.HeadsPerGroup == 1
                    ? $"component \"{name}\" names a group of heads, but every head of this model has its own keys and values; name a head."
                    : $"component \"{name}\" names group {group}, but the model's groups of heads are 0 to {config.Groups - 1}."
            );
        }

        IEnumerable<int> heads = Enumerable.Range(group * config.HeadsPerGroup, config.HeadsPerGroup);
        return block
            .OfGroups.Select(tensor => Slice(tensor, group))
            .Concat(heads.SelectMany(head => block.OfHeads.Select(tensor => Slice(tensor, head))));
    }

    private static ParameterSegment[] Present(string name, params ParameterTensor[] tensors)
    {
        ParameterSegment[] segments = [.. tensors.Where(tensor => tensor.Length > 0).Select(Whole)];
        return segments.Length > 0
            ? segments
            : throw new InputException($"component \"{name}\" has no parameters in this model; name another.");
    }
}
