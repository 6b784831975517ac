using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Curie.Development.Coefficients;
using Curie.Development.Scores;
using Curie.Page.Data;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Designs;
using Curie.Studies.Development.Records;
using Curie.Tests;

namespace Curie.Page.Tests;

/// <summary>Every key of every record that Curie writes stands in docs/formats.md, in a section that is about the record's file.</summary>
public sealed partial class FormatsTests
{
    private const string RunFolderSection = "Susceptibility run folder";
    private const string StagesSection = "curie stages";
    private static readonly string Document = File.ReadAllText(RepositoryFiles.Of("docs/formats.md"));

    public static TheoryData<Type, string[]> Records { get; } =
        new()
        {
            { typeof(RunManifest), [RunFolderSection] },
            { typeof(ReproducibilityRecord), [RunFolderSection] },
            { typeof(AnalysisRecord), [RunFolderSection] },
            { typeof(HeadScoresRecord), [RunFolderSection] },
            { typeof(ScoreTableRecord), [RunFolderSection] },
            { typeof(StagesRecord), [StagesSection] },
            { typeof(CoefficientReport), ["curie llc --out"] },
            { typeof(CoefficientTable), ["curie llc --out"] },
            { typeof(DesignRecord), ["curie design --out"] },
            { typeof(PageData), ["curie report --out", "curie design --out", StagesSection, RunFolderSection] },
        };

    [Theory]
    [MemberData(nameof(Records))]
    public void Every_key_that_is_written_is_documented(Type record, string[] sections)
    {
        HashSet<string> documented = [.. sections.SelectMany(Documented)];
        JsonNamingPolicy naming = record == typeof(PageData) ? JsonNamingPolicy.CamelCase : JsonNamingPolicy.SnakeCaseLower;

        string[] keys = [.. Keys(record, naming, [])];
        string[] missing = [.. keys.Where(key => !documented.Contains(key[(key.LastIndexOf('.') + 1)..]))];

        Assert.NotEmpty(keys);
        Assert.True(missing.Length == 0, $"docs/formats.md lacks {string.Join(", ", missing)}");
    }

    [Fact]
    public void A_key_that_is_missing_is_found()
    {
        Assert.Equal(["Missing.not_in_the_document"], Keys(typeof(Missing), JsonNamingPolicy.SnakeCaseLower, []));
        Assert.DoesNotContain("not_in_the_document", Documented(RunFolderSection));
        Assert.Contains("health", Documented(RunFolderSection));
    }

    /// <summary>The words in backticks of a section: <c>`curves[].fit`</c> holds both <c>curves</c> and <c>fit</c>.</summary>
    private static IEnumerable<string> Documented(string title)
    {
        string section = Assert.Single(Document.Split("\n## "), part => part.StartsWith(title + "\n", StringComparison.Ordinal));
        return InBackticks.Matches(section).SelectMany(quoted => Word.Matches(quoted.Value)).Select(word => word.Value);
    }

    /// <summary>The keys of a record and of the records in it, each after its record's name.</summary>
    private static IEnumerable<string> Keys(Type type, JsonNamingPolicy naming, HashSet<(Type, string)> seen)
    {
        foreach (Type inner in Inner(type))
        {
            if (
                inner.Namespace?.StartsWith("Curie", StringComparison.Ordinal) != true
                || inner.IsEnum
                || !seen.Add((inner, naming.ToString()!))
            )
            {
                continue;
            }

            JsonSerializerOptions options = new() { PropertyNamingPolicy = naming, TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
            foreach (JsonPropertyInfo property in options.GetTypeInfo(inner).Properties.Where(property => property.Get is not null))
            {
                yield return $"{inner.Name}.{property.Name}";

                // What the page takes from a file has the keys of that file.
                bool isStored = property.AttributeProvider?.IsDefined(typeof(JsonConverterAttribute), inherit: false) == true;
                foreach (string key in Keys(property.PropertyType, isStored ? JsonNamingPolicy.SnakeCaseLower : naming, seen))
                {
                    yield return key;
                }
            }
        }
    }

    /// <summary>The types that a list, a dictionary or a nullable value is made of; any other type is itself.</summary>
    private static IEnumerable<Type> Inner(Type type) =>
        type.IsArray ? Inner(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Inner)
        : [type];

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex InBackticks { get; }

    [GeneratedRegex(@"[A-Za-z0-9_]+")]
    private static partial Regex Word { get; }

    private sealed record Missing(int NotInTheDocument);
}
