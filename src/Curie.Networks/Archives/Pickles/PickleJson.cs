using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Numerics;

namespace Curie.Networks.Archives.Pickles;

/// <summary>A pickled configuration as JSON.</summary>
internal static class PickleJson
{
    // JsonNode parses 64.
    private const int MostLevels = 50;

    /// <summary>Writes a dict; keys that are no strings as text, what JSON cannot say as a string.</summary>
    /// <exception cref="InputException">It contains itself.</exception>
    public static JsonObject Write(PickleDictionary dictionary, PickleBudget budget, string path)
    {
        using MemoryStream memory = new();
        using (Utf8JsonWriter json = new(memory))
        {
            Write(json, dictionary, budget, 0);
        }

        return ArchiveJson.Parse(memory.ToArray(), path)!;
    }

    private static void Write(Utf8JsonWriter json, object? value, PickleBudget budget, int level)
    {
        budget.Spend(1);
        if (level > MostLevels)
        {
            // A budget far too large for a configuration: the message of one that contains itself.
            budget.Spend(long.MaxValue);
        }

        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case BigInteger number:
                budget.Spend(number.GetByteCount());
                json.WriteRawValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case PickleDictionary dictionary:
                Write(json, dictionary, budget, level);
                break;
            case PickleObject { Items: PickleDictionary items }:
                Write(json, items, budget, level);
                break;
            case PickleObject { State: PickleDictionary state }:
                Write(json, state, budget, level);
                break;
            case PickleObject { Arguments: [string text] }:
                json.WriteStringValue(Text(text, budget));
                break;
            case PickleObject { Arguments.Count: > 0 } made:
                Write(json, made.Arguments, budget, level);
                break;
            case PickleList list:
                Write(json, list.Items, budget, level);
                break;
            case object?[] tuple:
                Write(json, tuple, budget, level);
                break;
            default:
                json.WriteStringValue(Text(Describe(value), budget));
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<object?> items, PickleBudget budget, int level)
    {
        json.WriteStartArray();
        foreach (object? item in items)
        {
            Write(json, item, budget, level + 1);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, PickleDictionary dictionary, PickleBudget budget, int level)
    {
        json.WriteStartObject();
        HashSet<string> names = [];
        foreach ((object? key, object? value) in dictionary.Items)
        {
            string name = Text(
                key switch
                {
                    null => "null",
                    true => "true",
                    false => "false",
                    _ => Describe(key),
                },
                budget
            );
            if (names.Add(name))
            {
                json.WritePropertyName(name);
                Write(json, value, budget, level + 1);
            }
        }

        json.WriteEndObject();
    }

    private static string Describe(object value) =>
        value switch
        {
            string text => text,
            long number => number.ToString(CultureInfo.InvariantCulture),
            double number => number.ToString(CultureInfo.InvariantCulture),
            PickleGlobal name => name.FullName,
            PickleObject made => made.Type.FullName,
            PickleTensor => "tensor",
            PickleNumpyType type => $"numpy.{type.Code}",
            byte[] => "bytes",
            _ => "object",
        };

    // Half a surrogate pair is no text: U+FFFD takes its place.
    private static string Text(string text, PickleBudget budget)
    {
        budget.Spend(text.Length);
        if (!text.Any(char.IsSurrogate))
        {
            return text;
        }

        StringBuilder whole = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            whole.Append(rune.ToString());
        }

        return whole.ToString();
    }
}
