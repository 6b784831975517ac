using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Networks.Archives;
using Curie.Networks.Files;
using Curie.Numerics;

namespace Curie.Networks.Models;

/// <summary>
/// The keys of a JSON configuration, each with its type; every message names the file and the key. It remembers which keys were asked for,
/// so that <see cref="Close"/> can refuse what nobody understood.
/// </summary>
internal sealed class ConfigReader
{
    private const int LongestValue = 60;
    private readonly JsonObject _json;
    private readonly string _path;
    private readonly string _section;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private ConfigReader(JsonObject json, string path, string section)
    {
        _json = json;
        _path = path;
        _section = section;
    }

    /// <summary>The file, for messages.</summary>
    public string Source => _path;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">
    /// The file is missing or does not hold a JSON object whose every name and text can be read.
    /// </exception>
    public static ConfigReader Open(string path)
    {
        using ArchiveFile file = ArchiveFile.Open(path);
        return Of(ArchiveJson.Read(file) ?? throw new InputException($"{path}: the configuration must be a JSON object."), path);
    }

    /// <summary>
    /// The keys of an object that an archive brings: numbers answer to every type that holds them, and no key stands twice.
    /// </summary>
    /// <param name="json">The object.</param>
    /// <param name="path">Where it is from, for messages.</param>
    public static ConfigReader Of(JsonObject json, string path) => new(json, path, string.Empty);

    /// <summary>Whether a key is there with a value other than null.</summary>
    public bool Has(string key)
    {
        _known.Add(key);
        return _json.TryGetPropertyValue(key, out JsonNode? node) && node is not null;
    }

    /// <summary>Whether a key is there, be it with null.</summary>
    public bool HasKey(string key) => _json.ContainsKey(key);

    /// <summary>Whatever a key holds.</summary>
    public JsonNode? Node(string key)
    {
        _known.Add(key);
        return _json[key];
    }

    /// <summary>A value that must be there.</summary>
    /// <exception cref="InputException">It is not, or has another type.</exception>
    public T Required<T>(string key)
    {
        _known.Add(key);
        return _json.ContainsKey(key) ? Value<T>(key) : throw new InputException($"{_path}: the key {Full(key)} is missing; add it.");
    }

    /// <summary>A value, or <paramref name="otherwise"/> where there is none.</summary>
    /// <exception cref="InputException">It has another type.</exception>
    public T Optional<T>(string key, T otherwise) => Has(key) ? Value<T>(key) : otherwise;

    /// <summary>
    /// A value, or the library's <paramref name="otherwise"/> where the key is not there. A null that stands there is no default: the
    /// library would take it for its word.
    /// </summary>
    /// <exception cref="InputException">It is null, or has another type.</exception>
    public T Default<T>(string key, T otherwise)
    {
        _known.Add(key);
        return HasKey(key) ? Value<T>(key) : otherwise;
    }

    /// <summary>A list, or null where there is none.</summary>
    /// <exception cref="InputException">It is no list, or one of its values has another type.</exception>
    public T[]? OptionalList<T>(string key)
    {
        if (!Has(key))
        {
            return null;
        }

        if (_json[key] is not JsonArray list)
        {
            throw NotAList(key);
        }

        List<T> values = [];
        foreach (JsonNode? node in list)
        {
            values.Add(node is JsonValue value && value.TryGetValue(out T? item) ? item : throw NotAList(key));
        }

        return [.. values];
    }

    /// <summary>A nested object that must be there.</summary>
    /// <exception cref="InputException">It is not.</exception>
    public ConfigReader Section(string key) =>
        OptionalSection(key)
        ?? throw new InputException($"{_path}: the key {Full(key)} must hold an object; restore the file that came with the model.");

    /// <summary>A nested object, or null where there is none.</summary>
    /// <exception cref="InputException">There is another kind of value.</exception>
    public ConfigReader? OptionalSection(string key)
    {
        if (!Has(key))
        {
            return null;
        }

        return _json[key] is JsonObject section
            ? new ConfigReader(section, _path, Full(key) + ".")
            : throw new InputException($"{_path}: the key {Full(key)} must hold an object; restore the file that came with the model.");
    }

    /// <summary>Requires that a key, where it is there, has the only value that is computed; null is as good as false.</summary>
    /// <exception cref="InputException">It has another.</exception>
    public void Only<T>(string key, T value)
    {
        bool differs = Has(key) ? !EqualityComparer<T>.Default.Equals(Value<T>(key), value) : HasKey(key) && value is true;
        if (differs)
        {
            throw Unsupported(key, JsonSerializer.Serialize(value));
        }
    }

    /// <summary>Requires that a key has no value, or an empty list or object.</summary>
    /// <exception cref="InputException">It has one.</exception>
    public void Nothing(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (Has(key) && _json[key] is not (JsonArray { Count: 0 } or JsonObject { Count: 0 }))
            {
                throw Unsupported(key, "null");
            }
        }
    }

    /// <summary>Names keys that say nothing about the function that the network computes.</summary>
    public void Harmless(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            _known.Add(key);
        }
    }

    /// <summary>The refusal of a value that is understood but not computed.</summary>
    /// <param name="key">The key.</param>
    /// <param name="allowed">What it may be.</param>
    public InputException Unsupported(string key, string allowed) =>
        new($"{_path}: {Full(key)} is {Shown(key)}, which Curie does not compute; it computes {allowed} only.");

    /// <summary>The refusal of a value that contradicts what another key says.</summary>
    /// <param name="key">The key.</param>
    /// <param name="other">What the other says.</param>
    public InputException Contradiction(string key, string other) =>
        new($"{_path}: {Full(key)} is {Shown(key)}, and {other}; restore the file that came with the model.");

    /// <summary>Refuses keys with a value that were neither read nor named harmless.</summary>
    /// <param name="family">The kind of network, for the message.</param>
    /// <exception cref="InputException">There is such a key.</exception>
    public void Close(string family)
    {
        foreach ((string key, JsonNode? value) in _json)
        {
            if (value is not null && !_known.Contains(key))
            {
                throw new InputException(
                    $"{_path}: the key {Full(key)} is {Shown(key)}, and Curie does not know what that does in a network of {family}; "
                        + "remove the key if it does nothing."
                );
            }
        }
    }

    private T Value<T>(string key)
    {
        if (_json[key] is JsonValue value && value.TryGetValue(out T? result))
        {
            return result;
        }

        Type type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        string expected =
            type == typeof(string) ? "a string"
            : type == typeof(bool) ? "true or false"
            : "a number";
        string whole = type == typeof(int) || type == typeof(long) ? " without a fraction" : string.Empty;
        throw new InputException($"{_path}: {Full(key)} is {Shown(key)}; it must be {expected}{whole}.");
    }

    private InputException NotAList(string key) => new($"{_path}: {Full(key)} is {Shown(key)}; it must be a list of values of one kind.");

    private string Full(string key) => PrintableText.Of(_section + key);

    private string Shown(string key)
    {
        string text = _json[key]?.ToJsonString() ?? "null";
        return text.Length <= LongestValue ? text : text[..LongestValue] + "…";
    }
}
