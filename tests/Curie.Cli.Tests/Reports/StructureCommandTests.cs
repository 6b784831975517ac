using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Cli.Tests.Reports;

public sealed partial class StructureCommandTests : IDisposable
{
    // The matrices are float32; explained variances and loadings of order one carry seven digits.
    private const double Tolerance = 1e-6;
    private readonly KnownRun _known = new();

    public void Dispose() => _known.Dispose();

    [Fact]
    public void The_response_matrix_shows_values_errors_scale_and_what_is_not_distinct_from_zero()
    {
        string text = Structure().Output;
        Assert.Contains("-1.2346", text, StringComparison.Ordinal);
        Assert.Contains("(+1.2346)", text, StringComparison.Ordinal);
        Assert.Contains("+6.1728", text, StringComparison.Ordinal);
        Assert.DoesNotContain("(+6.1728)", text, StringComparison.Ordinal);
        Assert.Contains("±0.1000", text, StringComparison.Ordinal);
        Assert.Contains("±4.0000", text, StringComparison.Ordinal);
        Assert.Contains("in 10⁻³ nats²", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_parts_shares_of_the_variance_are_those_of_the_construction()
    {
        // χ = C + N with C = χ/10: 81 %, 1 % and 2·0.09 = 18 %. Var over layer 0 = (21.25 + 21.25/4)/2, so noise is 0.25/13.28125.
        string text = Structure().Output;
        Assert.Matches(@"l0 +81\.00 % +1\.00 % +18\.00 % +3\.644 +0\.5000\b", text);
        Assert.Contains("sampling error makes up 1.88 % of the variance", Unwrapped(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Modes_show_the_known_shares_loadings_and_sign()
    {
        string text = Structure().Output;
        Assert.Matches(@"mode 1 +80\.00 % █{8}░{2} +\+0\.6000 +\+0\.8000", text);
        Assert.Matches(@"mode 2 +20\.00 % █{2}░{8} +\+0\.8000 +-0\.6000", text);
        Assert.Contains("Left out, having no estimate (no healthy chain that moved): l0h2.", text, StringComparison.Ordinal);
        Assert.Contains("the loading of largest magnitude is positive", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_stand_in_order_of_score_in_their_context_each_id_once()
    {
        // Score u of layer 0's first mode: tokens 15, 14, 13, 12 from the top, and 0, 1, 2, 3 from the bottom; token 10 repeats 14's space.
        string[] lines = Structure("--modes", "1", "--tokens", "6", "--before", "3", "--after", "1").Output.Split('\n');
        int top = Array.FindIndex(lines, line => line.Contains("mode 1, highest scores", StringComparison.Ordinal));
        string[] expectedTop =
        [
            "+7.5000 ⏎3␣⟦4⟧;",
            "+6.5000 2⏎3⟦␣⟧4",
            "+5.5000 ␣2⏎⟦3⟧␣",
            "+4.5000 1␣2⟦⏎⟧3",
            "+3.5000 ⇥1␣⟦2⟧⏎",
            "+1.5000 0⇥⟦1⟧␣",
        ];
        for (int i = 0; i < expectedTop.Length; i++)
        {
            AssertTokenLine(lines[top + 1 + i], i + 1, "signs, \"etc\"", expectedTop[i]);
        }

        int bottom = Array.FindIndex(lines, line => line.Contains("mode 1, lowest scores", StringComparison.Ordinal));
        string[] expectedBottom = ["-7.5000 a⟦b⟧c", "-6.5000 ab⟦c⟧d", "-5.5000 abc⟦d⟧e", "-4.5000 bcd⟦e⟧f"];
        for (int i = 0; i < expectedBottom.Length; i++)
        {
            AssertTokenLine(lines[bottom + 1 + i], i + 1, "letters", expectedBottom[i]);
        }
    }

    [Fact]
    public void Csv_files_give_back_the_numbers_of_the_run()
    {
        string folder = _known.File("tables");
        Structure("--tokens", "2", "--csv", folder);
        List<string[]> response = ReadCsv(Path.Combine(folder, "response.csv"));
        Assert.Equal(["probe", "component", "part", "value", "standard_error"], response[0]);
        Assert.Equal(1 + (2 * 5 * ResponsePart.All.Count), response.Count);
        string[] cell = Assert.Single(response, line =>
            line[0] == "signs, \"etc\"" && line[1] == "l1h1" && line[2] == ResponsePart.Covariance.Name
        );
        Assert.Equal(0.1 * KnownRun.DatasetChi(4, 1), Parse(cell[3]));
        Assert.Equal(KnownRun.DatasetError(4, 1), Parse(cell[4]));
        Assert.All(response.Where(line => line[1] == "l0h2"), line => Assert.Equal("NaN", line[3]));

        List<string[]> modes = ReadCsv(Path.Combine(folder, "modes.csv"));
        string[][] first = [.. modes.Where(line => line[0] == "l0" && line[1] == "1")];
        Assert.Equal(["l0h0", "l0h1"], first.Select(line => line[3]));
        Assert.Equal(0.8, Parse(first[0][2]), Tolerance);
        Assert.Equal(0.6, Parse(first[0][4]), Tolerance);
        Assert.Equal(0.8, Parse(first[1][4]), Tolerance);

        List<string[]> tokens = ReadCsv(Path.Combine(folder, "tokens.csv"));
        string[] best = Assert.Single(tokens, line => line[0] == "l0" && line[1] == "1" && line[2] == "top" && line[3] == "1");
        Assert.Equal(7.5, Parse(best[4]), 1e-5);
        Assert.Equal(["signs, \"etc\"", "0", "7", "52", "4", "0⇥1␣2⏎3␣⟦4⟧;", ""], best[5..]);
        Assert.Equal("tokens.csv", Assert.Single(Directory.GetFiles(folder, "t*.csv").Select(Path.GetFileName)));
        List<string[]> vocabulary = ReadCsv(Path.Combine(folder, "vocabulary.csv"));
        Assert.Equal(["probe", "component", "token_id", "token", "tokens", "mean", "contribution", "text_error"], vocabulary[0]);
        Assert.Contains(vocabulary, line => line[0] == "signs, \"etc\"" && line[2] == "52" && line[3] == "4");
        Run("--csv", folder).AssertRefused(1, "already; give --overwrite to replace them, or name another folder.");
        Structure("--csv", folder, "--overwrite");
        Assert.False(File.Exists(Path.Combine(folder, "values.csv")));
    }

    [Fact]
    public void Every_tokens_value_is_written_when_asked_for()
    {
        string folder = _known.File("values");
        Structure("--csv", folder, "--values", "--part", "covariance");
        List<string[]> values = ReadCsv(Path.Combine(folder, "values.csv"));
        SusceptibilityRun run = RunFolder.Read(_known.Run);
        Assert.Equal(["probe", "row", "position", "token_id", "init_loss", .. run.Manifest.Components, "token"], values[0]);
        Assert.Equal(1 + run.Data.Tokens.Count, values.Count);
        float[] covariance = run.Data.Response.Values(ResponsePart.Covariance);
        for (int i = 0; i < run.Data.Tokens.Count; i++)
        {
            string[] line = values[1 + i];
            Assert.Equal(run.Manifest.ProbeNames[run.Data.Tokens.Probe[i]], line[0]);
            for (int c = 0; c < run.Manifest.Components.Count; c++)
            {
                float value = covariance[(c * run.Data.Response.Columns) + i];
                Assert.Equal(float.IsFinite(value) ? value : null, line[5 + c].Length == 0 ? null : (float?)Parse(line[5 + c]));
            }
        }

        Run("--values").AssertRefused(2, "give --csv DIR as well");
    }

    [Fact]
    public void Json_holds_the_same_numbers_and_null_where_there_is_none()
    {
        using JsonDocument json = JsonDocument.Parse(Structure("--json", "--tokens", "1", "--part", "shift").Output);
        Assert.Equal("shift", json.RootElement.GetProperty("part").GetString());
        JsonElement missing = json
            .RootElement.GetProperty("response")
            .EnumerateArray()
            .First(cell => cell.GetProperty("component").GetString() == "l0h2");
        Assert.Equal(JsonValueKind.Null, missing.GetProperty("value").ValueKind);
        JsonElement group = json.RootElement.GetProperty("groups")[0];
        Assert.Equal("l0h2", group.GetProperty("excluded")[0].GetString());
        JsonElement mode = group.GetProperty("modes")[0];
        Assert.Equal(0.6, mode.GetProperty("loadings").GetProperty("l0h0").GetDouble(), Tolerance);
        Assert.Equal("4", mode.GetProperty("tokens")[0].GetProperty("token").GetString());
        Assert.Equal(0.81, json.RootElement.GetProperty("variance")[0].GetProperty("renormalization_share").GetDouble(), Tolerance);
    }

    [Fact]
    public void The_analysis_is_shown_printed_as_json_written_as_tables_and_kept_in_the_run()
    {
        string folder = _known.File("analysis-tables");
        string text = Unwrapped(Structure("--csv", folder).Output);
        Assert.Contains("Which part of χ its modes come from", text, StringComparison.Ordinal);
        Assert.Contains("The pattern induction needs bigram counts, and the corpus is missing", text, StringComparison.Ordinal);

        // χ = C + N with C = χ/10 along every direction: a tenth of each mode is covariance.
        string[] share = Assert.Single(ReadCsv(Path.Combine(folder, "attribution.csv")), line =>
            line[0] == "l0" && line[1] == "1" && line[2] == "covariance"
        );
        Assert.Equal(0.1, Parse(share[3]), Tolerance);
        Assert.Empty(share[4]);
        string[] numeric = Assert.Single(ReadCsv(Path.Combine(folder, "patterns.csv")), line =>
            line[0] == "l0" && line[1] == "1" && line[3] == "numeric"
        );
        Assert.Equal(0.25, Parse(numeric[4]), 1e-12);
        Assert.Contains(ReadCsv(Path.Combine(folder, "views.csv")), line => line[0] == "heads" && line[1] == "chi, z-score");
        Assert.Contains(ReadCsv(Path.Combine(folder, "expression.csv")), line =>
            line[0] == "l1h1" && line[1] == "spacing" && line[2] == "4"
        );
        string[][] factors = [.. ReadCsv(Path.Combine(folder, "factors.csv")).Where(line => line[0] == "l0" && line[1] == "varimax")];
        Assert.Equal(1, factors.Where(line => line[5] == "l0h0").Sum(line => Parse(line[3])), Tolerance);

        using JsonDocument json = JsonDocument.Parse(Structure("--json").Output);
        JsonElement analysis = json.RootElement.GetProperty("analysis");
        Assert.Equal(8, analysis.GetProperty("pattern_rates").GetProperty("word part").GetInt32());
        Assert.Equal(0, analysis.GetProperty("pattern_rates").GetProperty("word end").GetInt32());
        using JsonDocument kept = JsonDocument.Parse(File.ReadAllText(Path.Combine(_known.Run, "analysis.json")));
        Assert.Equal(analysis.GetProperty("attribution").GetArrayLength(), kept.RootElement.GetProperty("attribution").GetArrayLength());

        // The covariance is a tenth of χ, so the same tokens stand at the ends of its modes; two heads have two.
        JsonElement others = kept.RootElement.GetProperty("other_patterns");
        Assert.Equal(["covariance", "excess"], others.EnumerateObject().Select(part => part.Name));
        Assert.Equal(
            kept.RootElement.GetProperty("mode_patterns").EnumerateArray().Where(IsOfLayer).Select(Shares),
            others.GetProperty("covariance").EnumerateArray().Where(IsOfLayer).Select(Shares)
        );

        static bool IsOfLayer(JsonElement mode) => mode.GetProperty("group").GetString() == "l0";

        static string Shares(JsonElement mode) =>
            string.Join(
                ' ',
                mode.GetProperty("patterns").EnumerateArray().Select(one => $"{one.GetProperty("top")} {one.GetProperty("bottom")}")
            );
    }

    [Fact]
    public void A_run_of_an_earlier_version_says_what_it_does_not_hold()
    {
        string text = Unwrapped(Structure().Output);
        Assert.Contains(
            "The run holds no prediction of the covariance from gradients: it is one of an earlier version",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("The run holds no derivatives of the learning coefficients", text, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(Structure("--json").Output);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("analysis").GetProperty("alignment").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("analysis").GetProperty("llc_slope").ValueKind);
        Assert.DoesNotContain("that never feel the loss have too", text, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("analysis").GetProperty("levels").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("coupling").ValueKind);
    }

    [Fact]
    public void The_excess_and_the_covariance_come_first_with_every_component_standardised_where_chi_is_shown()
    {
        // Of both parts the two heads of layer 0 correlate by 7.65/√(11.05·15.5125) = .5843, so the first mode has (1 + r)/2 of the
        // variance of two z-scores.
        string text = Structure().Output;
        Assert.Equal(2, Regex.Count(text, @"mode 1  79\.22 %  ρ  n/a +\+0\.71 +\+0\.71"));
        Assert.Equal(2, Regex.Count(text, @"mode 2  20\.78 %  ρ  n/a +\+0\.71 +-0\.71"));
        int excess = text.IndexOf("Modes of the excess, standardised", StringComparison.Ordinal);
        int covariance = text.IndexOf("Modes of the covariance, standardised", StringComparison.Ordinal);
        Assert.InRange(excess, 1, covariance);
        Assert.InRange(covariance, 1, text.IndexOf("Modes of χ", StringComparison.Ordinal));
        Assert.DoesNotContain(
            "standardised",
            Structure("--part", "covariance").Output.Split("Modes of covariance")[0].Split("Standardised response")[0],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_probe_a_centring_and_own_patterns_can_be_chosen()
    {
        // Of letters alone u runs over eight values: tokens are those of the probe, counted in the whole run.
        string[] lines = Structure("--probe", "letters", "--modes", "1", "--tokens", "1", "--before", "3", "--after", "1")
            .Output.Split('\n');
        Assert.Contains(lines, line => line.Contains("2 components × 8 tokens", StringComparison.Ordinal));
        Assert.DoesNotContain(lines.SkipWhile(line => !line.Contains("mode 1, highest", StringComparison.Ordinal)).Take(4), line =>
            line.Contains("signs", StringComparison.Ordinal)
        );
        Run("--probe", "nothing").AssertRefused(1, "the run has no probe named nothing; it has letters");

        using JsonDocument json = JsonDocument.Parse(Structure("--json", "--centring", "head-token").Output);
        JsonElement mode = json.RootElement.GetProperty("groups")[0].GetProperty("modes")[0];
        Assert.Equal(1, mode.GetProperty("explained_variance").GetDouble(), Tolerance);
        Assert.Equal(-Math.Sqrt(0.5), mode.GetProperty("loadings").GetProperty("l0h1").GetDouble(), Tolerance);
        Assert.Contains(
            "further below",
            json.RootElement.GetProperty("reproducibility").GetProperty("groups")[0].GetProperty("reason").GetString(),
            StringComparison.Ordinal
        );

        string patterns = _known.File("own.yaml");
        File.WriteAllText(patterns, "patterns:\n  - name: vowel\n    matches: '^[aeiou]$'\n");
        using JsonDocument own = JsonDocument.Parse(Structure("--json", "--patterns", patterns).Output);
        Assert.Equal(2, own.RootElement.GetProperty("analysis").GetProperty("pattern_rates").GetProperty("vowel").GetInt32());
    }

    [Fact]
    public void Without_the_tokenizer_ids_are_shown_and_the_page_says_how_to_get_text()
    {
        File.Delete(Path.Combine(_known.Model, "tokenizer.json"));
        string text = Unwrapped(Structure().Output);
        Assert.Contains("#51#32⟦#52⟧#59", text, StringComparison.Ordinal);
        Assert.Contains("with --model", text, StringComparison.Ordinal);
        Run("--model", _known.Model).AssertRefused(1, "tokenizer.json does not exist");
    }

    [Fact]
    public void Without_the_rows_or_with_other_rows_tokens_stand_alone_and_the_page_says_why()
    {
        File.Delete(_known.File("letters.npy"));
        File.Copy(_known.File("signs.npy"), _known.File("letters.npy"));
        File.Delete(_known.File("signs.npy"));
        string text = Unwrapped(Structure().Output);
        Assert.Contains("signs.npy does not exist", text, StringComparison.Ordinal);
        Assert.Contains("letters.npy no longer holds the rows that the run was made with", text, StringComparison.Ordinal);
        Assert.Matches(@"\+7\.5000 +signs, ""etc"" +⟦4⟧\s", text);
    }

    [Fact]
    public void What_is_not_a_complete_run_is_refused()
    {
        using KnownRun incomplete = new(complete: false);
        CommandRun.Of("structure", incomplete.Run).AssertRefused(1, "is not complete");
        CommandRun.Of("structure", _known.Model).AssertRefused(1, "is not a run folder");
        CommandRun.Of("structure", _known.File("nowhere")).AssertRefused(1, "does not exist");
        Run("--part", "chii").AssertRefused(2, "chii");
        Run("--modes", "0").AssertRefused(2, "--modes must be 1 or more");
    }

    [Fact]
    public void Quiet_prints_nothing() => Assert.Empty(Structure("--quiet").Output);

    private static void AssertTokenLine(string line, int rank, string probe, string scoreAndContext)
    {
        string[] parts = scoreAndContext.Split(' ', 2);
        Assert.Matches($"^ +{rank} +{Regex.Escape(parts[0])} +{Regex.Escape(probe)} +{Regex.Escape(parts[1])}$", line);
    }

    private static string Unwrapped(string page) => Whitespace.Replace(page, " ");

    private CommandRun Run(params string[] arguments) => CommandRun.Of(["structure", _known.Run, "--verbose", .. arguments]);

    private CommandRun Structure(params string[] arguments) => Run(arguments).AssertDone();

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static List<string[]> ReadCsv(string path) =>
        [
            .. File.ReadAllText(path)
                .TrimEnd('\n')
                .Split('\n')
                .Select(line =>
                    CsvField
                        .Matches(line)
                        .Select(match =>
                            match.Groups["quoted"].Success
                                ? match.Groups["quoted"].Value.Replace("\"\"", "\"", StringComparison.Ordinal)
                                : match.Groups["plain"].Value
                        )
                        .ToArray()
                ),
        ];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace { get; }

    [GeneratedRegex("(?:^|(?<=,))(?:\"(?<quoted>(?:[^\"]|\"\")*)\"|(?<plain>[^,\"]*))(?=,|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex CsvField { get; }
}
