using System.Text;
using Curie.Text.Tokenization.Decoders;
using Curie.Text.Tokenization.Models;
using Curie.Text.Tokenization.PreTokenizers;

namespace Curie.Text.Tokenization.Pipeline;

/// <summary>
/// A tokenizer made of parts, as Hugging Face's library makes them: added tokens are found, the text between is normalized, cut into words,
/// and these are encoded.
/// </summary>
internal sealed class PipelineTokenizer : Tokenizer
{
    private readonly TokenizerDesign _design;
    private readonly Dictionary<int, string> _contents = [];
    private readonly HashSet<int> _specialIds;
    private readonly bool _encodesBytes;
    private readonly bool _cutsBytes;
    private readonly IReadOnlyList<IDecoder>? _inside;

    public PipelineTokenizer(TokenizerDesign design)
        : base(design.Name)
    {
        _design = design;
        List<IPreTokenizer> steps = [.. design.PreTokenizers];
        _encodesBytes = steps is [.., BytesPreTokenizer] && design.Model is BpeModel { TakesBytes: true };
        if (_encodesBytes)
        {
            steps.RemoveAt(steps.Count - 1);
            _cutsBytes = steps is [.., GptWordsPreTokenizer];
            if (_cutsBytes)
            {
                steps.RemoveAt(steps.Count - 1);
            }
        }

        Steps = steps;
        _inside = design.Decoders ?? Inferred(design.PreTokenizers);
        Original = Finder(design.Added.Where(token => !token.Normalized), token => token.Content);
        Normalized = Finder(design.Added.Where(token => token.Normalized), token =>
            design.Normalizer?.Normalize(token.Content, new LengthLimit(design.Name, token.Content.Length)) ?? token.Content
        );
        VocabularySize =
            1
            + Math.Max(
                design.Model.Vocabulary.Values.DefaultIfEmpty(-1).Max(),
                design.Added.Select(token => token.Id).DefaultIfEmpty(-1).Max()
            );
        foreach ((string token, int id) in design.Model.Vocabulary)
        {
            _contents[id] = token;
        }

        foreach (AddedToken token in design.Added)
        {
            _contents[token.Id] = token.Content;
        }

        Specials =
        [
            .. design
                .Added.Where(token => token.IsSpecial)
                .Select(token => new SpecialToken(token.Id, token.Content))
                .OrderBy(token => token.Id),
        ];
        _specialIds = [.. Specials.Select(special => special.Id)];
        OrdinaryIds = [.. _contents.Keys.Where(id => !_specialIds.Contains(id)).Order()];
        (BosId, EosId) = Ends(design, Specials);
    }

    /// <summary>The tokens that are looked for in the text as it is.</summary>
    public AddedTokenFinder Original { get; }

    /// <summary>The tokens that are looked for in the normalized text.</summary>
    public AddedTokenFinder Normalized { get; }

    /// <summary>What cuts text into words.</summary>
    public IReadOnlyList<IPreTokenizer> Steps { get; }

    /// <summary>What changes a text first.</summary>
    public Normalizers.INormalizer? Normalizer => _design.Normalizer;

    /// <inheritdoc/>
    public override int VocabularySize { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<SpecialToken> Specials { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> OrdinaryIds { get; }

    /// <inheritdoc/>
    public override int? BosId { get; }

    /// <inheritdoc/>
    public override int? EosId { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<TokenizerPart> Parts
    {
        get
        {
            List<TokenizerPart> parts = [new("file", _design.Kind), new("model", _design.Model.Description)];
            Add("normalizer", _design.Normalizer is { } normalizer ? [normalizer.Description] : []);
            Add("pre-tokenizer", _design.PreTokenizers.Select(step => step.Description));
            Add("template", Written(_design.Template.Prefix, "the text", _design.Template.Suffix));
            Add("decoder", _design.Decoders?.Select(decoder => decoder.Description) ?? ["joined by spaces"]);
            Add("added tokens that are not special", Count(_design.Added.Count(token => !token.IsSpecial)));
            return parts;

            void Add(string name, IEnumerable<string> words)
            {
                string value = string.Join(", ", words);
                if (value.Length > 0)
                {
                    parts.Add(new TokenizerPart(name, value));
                }
            }
        }
    }

    /// <inheritdoc/>
    public override TextEncoder CreateEncoder(SpecialText special = SpecialText.Text, bool template = false) =>
        new PipelineEncoder(this, CreateWordEncoder(), special, template ? _design.Template : Template.None);

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<int> ids)
    {
        List<string> tokens = new(ids.Length);
        foreach (int id in ids)
        {
            tokens.Add(Content(id));
        }

        if (_design.Decoders is null)
        {
            return string.Join(' ', tokens);
        }

        LengthLimit limit = new(Name, tokens.Sum(token => (long)token.Length));
        foreach (IDecoder decoder in _design.Decoders)
        {
            tokens = decoder.Decode(tokens, limit);
        }

        return string.Concat(tokens);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> TokenBytes(int id)
    {
        string content = Content(id);
        if (IsSpecial(id))
        {
            return Encoding.UTF8.GetBytes(content);
        }

        if (_inside is null)
        {
            return Encoding.UTF8.GetBytes($" {content}");
        }

        bool isByte = false;
        byte value = 0;
        LengthLimit limit = new(Name, content.Length);
        foreach (IDecoder decoder in _inside)
        {
            if (decoder is ByteLevelDecoder)
            {
                return ByteLevelDecoder.Bytes(content);
            }

            isByte |= decoder is ByteFallbackDecoder && ByteFallbackDecoder.TryByte(content, out value);
            content = decoder.Inside(content, limit);
        }

        return isByte ? (byte[])[value] : Encoding.UTF8.GetBytes(content);
    }

    /// <inheritdoc/>
    public override bool IsSpecial(int id) => _specialIds.Contains(id);

    /// <inheritdoc/>
    private protected override int? FindContent(string content)
    {
        foreach (AddedToken token in _design.Added)
        {
            if (token.Content == content)
            {
                return token.Id;
            }
        }

        return _design.Model.Vocabulary.TryGetValue(content, out int id) ? id : null;
    }

    private string Content(int id) => _contents.TryGetValue(id, out string? content) ? content : throw NoToken(id);

    private IWordEncoder CreateWordEncoder() =>
        _encodesBytes ? new BpeByteEncoder((BpeModel)_design.Model, _cutsBytes) : _design.Model.CreateEncoder();

    /// <summary>What the pre-tokenizers did to the text, undone; null where they left spaces out, so that tokens are words.</summary>
    private static IReadOnlyList<IDecoder>? Inferred(IReadOnlyList<IPreTokenizer> steps) =>
        steps is [.., BytesPreTokenizer] ? [new ByteLevelDecoder()]
        : steps.OfType<MetaspacePreTokenizer>().FirstOrDefault() is { } metaspace ? [new MetaspaceDecoder(metaspace.Sign, prepends: true)]
        : null;

    private static AddedTokenFinder Finder(IEnumerable<AddedToken> tokens, Func<AddedToken, string> content)
    {
        AddedToken[] ordered = [.. tokens.OrderBy(token => !token.IsSpecial)];
        return new AddedTokenFinder(ordered, [.. ordered.Select(content)]);
    }

    /// <summary>What the files say; else special tokens with usual names; else what the template has first and last.</summary>
    private static (int? Bos, int? Eos) Ends(TokenizerDesign design, IReadOnlyList<SpecialToken> specials)
    {
        (int? bos, int? eos) = FindEnds(
            specials,
            design.Template.Prefix is [int first, ..] ? first : null,
            design.Template.Suffix is [.., int last] ? last : null
        );
        return (design.Bos ?? bos, design.Eos ?? eos);
    }

    private IEnumerable<string> Written(IReadOnlyList<int> prefix, string text, IReadOnlyList<int> suffix) =>
        prefix.Count + suffix.Count == 0 ? [] : [string.Join(' ', [.. prefix.Select(Printable), text, .. suffix.Select(Printable)])];

    private string Printable(int id) => PrintableText.Plain(Content(id));

    private static IEnumerable<string> Count(int count) =>
        count == 0 ? [] : [count.ToString(System.Globalization.CultureInfo.InvariantCulture)];
}
