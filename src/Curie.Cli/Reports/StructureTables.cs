using System.Globalization;
using System.Text;
using Curie.Numerics.Files;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Patterns;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Cli.Reports;

/// <summary>The CSV files of <c>curie structure --csv</c>, by name (docs/formats.md).</summary>
internal static class StructureTables
{
    private const int MostOfVocabulary = 20;
    private const string ModesHeader =
        "group,mode,explained_variance,component,loading,explained_variance_low,explained_variance_high,loading_low,loading_high,"
        + "explained_variance_without_bias\n";
    private const string TokensHeader = "group,mode,side,rank,score,probe,row,position,token_id,token,context,standard_error\n";
    private const string VocabularyHeader = "probe,component,token_id,token,tokens,mean,contribution,text_error\n";

    /// <summary>The dataset-level response, every part that the run holds.</summary>
    public static string Response(SusceptibilityRun run, DatasetResponse response) =>
        ResponseTable.ToCsv(run.Manifest.HeldParts.Select(response.Table));

    /// <summary>All modes of all groups; a line per component.</summary>
    public static string Modes(IReadOnlyList<GroupModes> groups, RunReproducibility reproducibility)
    {
        StringBuilder csv = new(ModesHeader);
        foreach ((GroupModes factored, GroupReproducibility known) in groups.Zip(reproducibility.Groups))
        {
            (string group, ModeAnalysis? modes) = (factored.Name, factored.Modes);
            for (int mode = 0; mode < (modes?.Count ?? 0); mode++)
            {
                for (int c = 0; c < modes!.Count; c++)
                {
                    csv.Append(CultureInfo.InvariantCulture, $"{group},{mode + 1},{modes.ExplainedVariance[mode]:R},")
                        .Append(CultureInfo.InvariantCulture, $"{CsvText.Field(modes.Components[c])},{modes.Loadings(mode)[c]:R}")
                        .Append(Ends(mode < known.Modes.Count ? known.Modes[mode].ExplainedVariance : null))
                        .Append(Ends(mode < known.Modes.Count ? known.Modes[mode].Loadings[modes.Components[c]] : null))
                        .Append(
                            CultureInfo.InvariantCulture,
                            $",{(mode < known.Modes.Count ? known.Modes[mode].ExplainedVariance.Value : (double?)null):R}\n"
                        );
                }
            }
        }

        return csv.ToString();
    }

    /// <summary>The tokens at both ends of the shown modes.</summary>
    public static string Tokens(IEnumerable<ModeTokens> modes, TokenTable tokens, ProbeText text, Func<int, ContextWindow> window)
    {
        StringBuilder csv = new(TokensHeader);
        foreach (
            (ModeTokens mode, (string side, int rank, TokenScore score)) in modes.SelectMany(
                mode => mode.Lines,
                (mode, line) => (mode, line)
            )
        )
        {
            ContextWindow shown = window(score.Token);
            csv.Append(
                    CultureInfo.InvariantCulture,
                    $"{mode.Group},{mode.Mode + 1},{side},{rank},{score.Score:R},{CsvText.Field(text.ProbeName(score.Token))},"
                )
                .Append(CultureInfo.InvariantCulture, $"{tokens.Row[score.Token]},{tokens.Position[score.Token]},{tokens.Id[score.Token]},")
                .Append(
                    CultureInfo.InvariantCulture,
                    $"{CsvText.Field(shown.Token)},{CsvText.Field(shown.Marked)},{mode.Error(score):R}\n"
                );
        }

        return csv.ToString();
    }

    /// <summary>Of every probe and component, the tokens of the vocabulary that have most in its mean response.</summary>
    public static string Vocabulary(SusceptibilityRun run, ResponsePart part, ProbeText text)
    {
        StringBuilder csv = new(VocabularyHeader);
        foreach (VocabularyResponse one in VocabularyResponse.Of(run, part, MostOfVocabulary))
        {
            csv.Append(CultureInfo.InvariantCulture, $"{CsvText.Field(one.Probe)},{CsvText.Field(one.Component)},{one.TokenId},")
                .Append(CultureInfo.InvariantCulture, $"{CsvText.Field(text.TokenText(one.TokenId))},{one.Tokens},{one.Mean:R},")
                .Append(
                    CultureInfo.InvariantCulture,
                    $"{one.Contribution:R},{(double.IsFinite(one.StandardError) ? one.StandardError : (double?)null):R}\n"
                );
        }

        return csv.ToString();
    }

    /// <summary>Writes the value of a part of every component at every token, a line for each token.</summary>
    public static void Values(Stream stream, SusceptibilityRun run, ResponsePart part, ProbeText text)
    {
        using StreamWriter csv = new(stream, leaveOpen: true);
        csv.Write($"probe,row,position,token_id,init_loss,{string.Join(',', run.Manifest.Components.Select(CsvText.Field))},token\n");
        (TokenTable tokens, int columns) = (run.Data.Tokens, run.Data.Response.Columns);
        float[] values = run.Data.Response.Values(part);
        for (int i = 0; i < tokens.Count; i++)
        {
            csv.Write(CsvText.Field(text.ProbeName(i)));
            csv.Write(
                string.Create(CultureInfo.InvariantCulture, $",{tokens.Row[i]},{tokens.Position[i]},{tokens.Id[i]},{tokens.InitLoss[i]:R}")
            );
            for (int c = 0; c < run.Manifest.Components.Count; c++)
            {
                float value = values[(c * columns) + i];
                csv.Write(string.Create(CultureInfo.InvariantCulture, $",{(float.IsFinite(value) ? value : (float?)null):R}"));
            }

            csv.Write($",{CsvText.Field(text.TokenText(tokens.Id[i]))}\n");
        }
    }

    /// <summary>An interval's ends as fields, empty where there is none.</summary>
    private static string Ends(Interval? interval) =>
        interval is null ? ",," : string.Create(CultureInfo.InvariantCulture, $",{interval.Low:R},{interval.High:R}");
}
