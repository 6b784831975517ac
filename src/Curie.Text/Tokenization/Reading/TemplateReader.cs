using System.Text.Json;
using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Reading;

/// <summary>Reads <c>post_processor</c>: what is put around one text.</summary>
internal static class TemplateReader
{
    /// <summary>Reads a post-processor.</summary>
    /// <param name="part">The post-processor.</param>
    /// <param name="largest">The largest id that there is.</param>
    public static Template Read(JsonPart part, int largest) =>
        part.Type switch
        {
            "ByteLevel" => Template.None,
            "TemplateProcessing" => Processing(part, largest),
            "BertProcessing" or "RobertaProcessing" => new Template([Pair(part, "cls", largest)], [Pair(part, "sep", largest)]),
            "Sequence" => part.Parts("processors").Aggregate(Template.None, (inner, outer) => inner.Inside(Read(outer, largest))),
            var type => throw part.Unsupported($"the post-processor {type}"),
        };

    private static Template Processing(JsonPart part, int largest)
    {
        List<int> prefix = [];
        List<int> suffix = [];
        bool inside = false;
        JsonPart tokens = part.Part("special_tokens") ?? throw part.Wrong("has no \"special_tokens\"");
        foreach (JsonPart piece in part.Parts("single"))
        {
            if (piece.Part("Sequence") is { } sequence)
            {
                if (inside || sequence.Text("id") != "A")
                {
                    throw part.Unsupported("a template that is not one text with tokens around it");
                }

                inside = true;
            }
            else if (piece.Part("SpecialToken") is { } token)
            {
                string name = token.Text("id");
                JsonPart entry = tokens.Part(name)
                    ?? throw part.Wrong($"has a template with {PrintableText.Quote(name)}, which is not in \"special_tokens\"");
                (inside ? suffix : prefix).AddRange(entry.List("ids").Select(id => Id(part, id, largest)));
            }
            else
            {
                throw part.Wrong("has a template with what is neither a token nor the text");
            }
        }

        return inside ? new Template(prefix, suffix) : throw part.Unsupported("a template that is not one text with tokens around it");
    }

    private static int Pair(JsonPart part, string property, int largest) =>
        part.List(property) is [_, var id] ? Id(part, id, largest) : throw part.Wrong($"has no \"{property}\" of a name and an id");

    private static int Id(JsonPart part, JsonElement value, int largest) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int id) && id >= 0 && id <= largest
            ? id
            : throw part.Wrong($"names an id that is not from 0 to {largest}");
}
