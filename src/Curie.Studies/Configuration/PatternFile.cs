using System.Text.RegularExpressions;
using Curie.Numerics;
using Curie.Response.Patterns;
using Curie.Studies.Configuration.Yaml;

namespace Curie.Studies.Configuration;

/// <summary>Reads token patterns; the defaults are a file of the same kind inside the program.</summary>
public static class PatternFile
{
    private const string Resource = "patterns.yaml";

    /// <summary>The text of the defaults, which a user can change a copy of.</summary>
    public static string DefaultText
    {
        get
        {
            using StreamReader reader = new(OpenDefault());
            return reader.ReadToEnd();
        }
    }

    /// <summary>Reads a file of patterns, or the defaults where none is given.</summary>
    /// <exception cref="InputException">The file cannot be read, or a pattern is not one; the message names the line.</exception>
    public static IReadOnlyList<TokenPattern> Read(string? path)
    {
        if (path is not null)
        {
            return Read(YamlDocument.Read(path));
        }

        using Stream stream = OpenDefault();
        return Read(YamlDocument.Read(stream, "the default patterns"));
    }

    private static Stream OpenDefault() => typeof(PatternFile).Assembly.GetManifestResourceStream(Resource)!;

    private static List<TokenPattern> Read(YamlSection file)
    {
        List<TokenPattern> patterns = [];
        foreach (YamlSection section in file.Sections("patterns"))
        {
            TokenPattern pattern = Pattern(section);
            if (patterns.Any(other => other.Name == pattern.Name))
            {
                throw section.Error("name", $"there is a pattern \"{pattern.Name}\" above already; give this one another name");
            }

            if (pattern.Except.FirstOrDefault(name => patterns.All(other => other.Name != name)) is { } unknown)
            {
                throw section.Error("except", $"no pattern above is named \"{unknown}\"; write it above this one, or take it out");
            }

            patterns.Add(pattern);
        }

        file.Finish();
        return patterns.Count > 0
            ? patterns
            : throw file.Error("patterns", "there is no pattern here; `curie patterns` prints the defaults to begin with");
    }

    private static TokenPattern Pattern(YamlSection section)
    {
        TokenPattern pattern = new(section.Text("name"))
        {
            Description = section.OptionalText("description") ?? "",
            Text = Expression(section, "matches"),
            Previous = Expression(section, "previous_matches"),
            Next = Expression(section, "next_matches"),
            NextNot = Expression(section, "next_not_matches"),
            Except = section.Texts("except", []),
            Repeated = section.Flag("repeated", false),
            LargestBigramShare = section.Has("bigram_at_most")
                ? section.Number("bigram_at_most", 1, value => value is >= 0 and <= 1, "from 0 to 1")
                : null,
        };
        section.Finish();
        return pattern.Text is not null || pattern.NeedsContext
            ? pattern
            : throw section.Error(
                "name",
                $"the pattern \"{pattern.Name}\" has no condition; give it matches, or another that `curie patterns` explains"
            );
    }

    private static Regex? Expression(YamlSection section, string key) =>
        section.OptionalText(key) is { } text ? TokenPattern.Compile(text, section.PlaceOf(key)) : null;
}
