using System.Text;
using Curie.Text.Tokenization.Patterns;
using Curie.Text.Tokenization.PreTokenizers;

namespace Curie.Text.Tokenization.Reading;

/// <summary>Reads <c>pre_tokenizer</c>, as the steps that it takes.</summary>
internal static class PreTokenizerReader
{
    public static IEnumerable<IPreTokenizer> Read(JsonPart part) =>
        part.Type switch
        {
            "Sequence" => part.Parts("pretokenizers").SelectMany(Read),
            "ByteLevel" => ByteLevel(part),
            "Metaspace" => [Metaspace(part)],
            "Split" => [Split(part)],
            "Whitespace" => [new SplitPreTokenizer("Whitespace", new WordsAndSignsPattern(), SplitBehavior.Removed, invert: true)],
            "WhitespaceSplit" => [AtSpaces("WhitespaceSplit")],
            "BertPreTokenizer" =>
            [
                AtSpaces("BertPreTokenizer"),
                new SplitPreTokenizer("punctuation", Punctuation, SplitBehavior.Isolated, invert: false),
            ],
            "Punctuation" => [new SplitPreTokenizer("Punctuation", Punctuation, Behavior(part, SplitBehavior.Isolated), invert: false)],
            "Digits" =>
            [
                new SplitPreTokenizer(
                    part.Flag("individual_digits") ? "Digits, each alone" : "Digits",
                    new CharacterPattern("a digit", CharacterClasses.IsNumeric),
                    part.Flag("individual_digits") ? SplitBehavior.Isolated : SplitBehavior.Contiguous,
                    invert: false
                ),
            ],
            "CharDelimiterSplit" =>
            [
                new SplitPreTokenizer(
                    "CharDelimiterSplit",
                    new LiteralPattern(part.Character("delimiter", "").ToString()),
                    SplitBehavior.Removed,
                    invert: false
                ),
            ],
            var type => throw part.Unsupported($"the pre-tokenizer {type}"),
        };

    private static CharacterPattern Punctuation => new("a punctuation mark", CharacterClasses.IsPunctuation);

    private static SplitPreTokenizer AtSpaces(string name) =>
        new(name, new CharacterPattern("white space", Rune.IsWhiteSpace), SplitBehavior.Removed, invert: false);

    private static IEnumerable<IPreTokenizer> ByteLevel(JsonPart part)
    {
        if (part.Flag("add_prefix_space", true))
        {
            yield return new PrefixSpacePreTokenizer();
        }

        if (part.Flag("use_regex", true))
        {
            yield return new GptWordsPreTokenizer();
        }

        yield return new BytesPreTokenizer();
    }

    private static MetaspacePreTokenizer Metaspace(JsonPart part)
    {
        PrependScheme scheme = part.OptionalText("prepend_scheme") switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            null => part.Flag("add_prefix_space", true) ? PrependScheme.Always : PrependScheme.Never,
            var other => throw part.Unsupported($"Metaspace's prepend_scheme {other}"),
        };
        return new MetaspacePreTokenizer(part.Character("replacement", "\u2581"), scheme, part.Flag("split", true));
    }

    private static SplitPreTokenizer Split(JsonPart part)
    {
        ITextPattern pattern = PatternReader.Read(part);
        bool invert = part.Flag("invert");
        SplitBehavior behavior = Behavior(part, null);
        return new SplitPreTokenizer($"Split {(invert ? "around" : "at")} {pattern.Description}, {behavior}", pattern, behavior, invert);
    }

    private static SplitBehavior Behavior(JsonPart part, SplitBehavior? otherwise) =>
        part.OptionalText("behavior") switch
        {
            "Removed" => SplitBehavior.Removed,
            "Isolated" => SplitBehavior.Isolated,
            "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
            "MergedWithNext" => SplitBehavior.MergedWithNext,
            "Contiguous" => SplitBehavior.Contiguous,
            null => otherwise ?? throw part.Wrong("has no \"behavior\""),
            var other => throw part.Unsupported($"the behavior {other} of a split"),
        };
}
