using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Reports.Conclusions;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Response.Agreement;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>What is shown of a run's structure, as a page, as CSV and as JSON.</summary>
internal sealed class StructureReport
{
    private const int ShortModes = 2;
    private const int ShortTokens = 4;
    private readonly SusceptibilityRun _run;
    private readonly AnalysisOptions _options;
    private readonly ProbeText _text;
    private readonly DatasetResponse _response;
    private readonly IReadOnlyList<VarianceSplit> _splits;
    private readonly IReadOnlyList<GroupModes> _groups;
    private readonly IReadOnlyList<ModeTokens> _modes;
    private readonly RunReproducibility _reproducibility;
    private readonly ControlComparison? _control;
    private readonly RunAnalysis _analysis;
    private readonly int _firstToken;
    private string? _notStored;

    /// <summary>Analyses a run; the text stays the caller's.</summary>
    /// <exception cref="InputException">A run does not hold the part; the control is none, or does not belong to the run; or something else
    /// that was asked for does not fit it.</exception>
    public StructureReport(
        SusceptibilityRun run,
        ProbeText text,
        AnalysisOptions options,
        SusceptibilityRun? control = null,
        SusceptibilityRun? against = null,
        SusceptibilityRun? mixture = null,
        CovarianceAgreement? agreement = null
    )
    {
        foreach (SusceptibilityRun one in new[] { run, control, against, mixture }.OfType<SusceptibilityRun>())
        {
            one.Require(options.Part);
        }

        if (options.WithoutFullShift && !System.Array.TrueForAll(run.Data.FullExcess, float.IsFinite))
        {
            throw new InputException("the run has no shift of the full run that could be taken out; leave --without-f out.");
        }

        _run = run;
        _text = text;
        _options = options;
        _response = new DatasetResponse(run.Manifest.ProbeNames, run.Manifest.Components, run.Data.Dataset);
        _splits = VarianceSplit.Of(run);
        _groups = GroupModes.Of(run, options.View);
        _firstToken = options.View.TokensOf(run.Data.Tokens).Start;
        _modes = [.. _groups.SelectMany(Tokens)];
        ReproducibilityOptions tried = Tried(run, options);
        _reproducibility = RunReproducibility.Of(run, options.Part, options.View.IsPlain ? _groups : [.. _groups.Select(Untried)], tried);
        _analysis = RunAnalysis.Of(run, text, _groups, options, tried, against, mixture) with { Agreement = agreement };
        _control = control is null ? null : ControlComparison.Of(run, control, options.Part, tried);
    }

    /// <summary>
    /// Keeps what was found out in the run folder. A folder that cannot be written is only noted: the report is there all the same.
    /// </summary>
    public void Store(string folder)
    {
        try
        {
            _analysis.Write(folder, _run.Data.Tokens.Count);
            if (_run.Data.Batches is not null && _options.View.IsPlain)
            {
                ReproducibilityFile.Write(folder, ReproducibilityRecord.Of(_reproducibility, _control));
                foreach (ResponsePart part in RunAnalysis.OtherParts(_run, _options))
                {
                    ReproducibilityFile.Write(folder, ReproducibilityRecord.Of(Reproducibility(part)));
                }
            }
        }
        catch (InputException error)
        {
            _notStored = $"What was found out is not kept in the run folder: {OptionWords.Of(error.Message)}";
        }
    }

    private RunReproducibility Reproducibility(ResponsePart part) =>
        RunReproducibility.Of(_run, part, GroupModes.Of(_run, part), Tried(_run, _options));

    private static ReproducibilityOptions Tried(SusceptibilityRun run, AnalysisOptions options) =>
        new() { Modes = options.Modes, Seed = run.Manifest.Seeds.GetValueOrDefault("sampling", 1) };

    /// <summary>The CSV files, by name.</summary>
    public IReadOnlyDictionary<string, string> Tables =>
        new Dictionary<string, string>(AnalysisTables.Of(_analysis))
        {
            ["response.csv"] = StructureTables.Response(_run, _response),
            ["modes.csv"] = StructureTables.Modes(_groups, _reproducibility),
            ["tokens.csv"] = StructureTables.Tokens(_modes, _run.Data.Tokens, _text, Window),
            ["vocabulary.csv"] = StructureTables.Vocabulary(_run, _options.Part, _text),
        };

    /// <summary>Writes <c>values.csv</c>, the part at every token.</summary>
    public void WriteValues(Stream stream) => StructureTables.Values(stream, _run, _options.Part, _text);

    /// <summary>What the modes say, in sentences.</summary>
    public Conclusion Conclusion =>
        new([
            .. StructureConclusion
                .Of(_options.Part, _reproducibility, _analysis.Patterns, _analysis.Survey)
                .Sentences.Select(sentence => ChainWarnings.BesideNamed(sentence, _run.Manifest)),
        ]);

    /// <summary>Draws the conclusion, the response matrix, and the modes of the last group with the tokens at their ends.</summary>
    public void DrawShort(IAnsiConsole console)
    {
        ConclusionView.Draw(console, Conclusion);
        ResponseTableView.Draw(console, _response.Table(_options.Part), _run.Manifest);
        TokenContextView view = new(_text, _options.Before, _options.After);
        DrawCompanions(console, view);
        if (_groups.Count > 0)
        {
            (GroupModes group, GroupReproducibility known) = (_groups[^1], _reproducibility.Groups[^1]);
            ModeView.Draw(console, group, _options.Part, _options.Modes, known);
            foreach (ModeTokens tokens in _modes.Where(mode => mode.Group == group.Name && mode.Mode < ShortModes))
            {
                console.WriteLine();
                DrawEnds(console, view, tokens, ShortTokens);
            }

            console.WriteLine();
            console.Note(ModeView.SignRule);
            if (known.Reason is null)
            {
                console.Note(ModeView.ShareRule);
            }
        }

        foreach (string note in _text.Notes.Select(OptionWords.Of))
        {
            console.WriteLine(note);
        }

        if (_notStored is { } reason)
        {
            console.WriteLine(reason);
        }

        console.Note("More: --part excess, --part covariance, curie head RUN HEAD; every table and note: --verbose.");
    }

    /// <summary>What other runs, or one token, were asked about.</summary>
    private void DrawCompanions(IAnsiConsole console, TokenContextView view)
    {
        if (_analysis.Mixture is { } mixture)
        {
            MixtureView.Draw(console, mixture);
        }

        if (_analysis.Influence is { } influence)
        {
            InfluenceView.Draw(console, influence, view);
        }

        if (_analysis.Matching is { } matching)
        {
            MatchingView.Draw(console, matching, _analysis.SharesNoise);
        }

        if (_analysis.Agreement is { } agreement)
        {
            AgreementView.Draw(console, agreement);
        }

        if (_control is not null)
        {
            ControlView.Draw(console, _control);
        }
    }

    private void DrawEnds(IAnsiConsole console, TokenContextView view, ModeTokens tokens, int count = int.MaxValue)
    {
        string unit = _options.Part.Unit;
        view.Draw(console, $"mode {tokens.Mode + 1}, highest scores", positive: true, unit, [.. tokens.Shown(tokens.Ends.Top).Take(count)]);
        view.Draw(
            console,
            $"mode {tokens.Mode + 1}, lowest scores",
            positive: false,
            unit,
            [.. tokens.Shown(tokens.Ends.Bottom).Take(count)]
        );
    }

    /// <summary>Draws everything for a reader.</summary>
    public void Draw(IAnsiConsole console)
    {
        ConclusionView.Draw(console, Conclusion);
        foreach (string sentence in RunWords.Coupling(_run.Manifest))
        {
            console.Note(sentence);
        }

        ResponseTableView.Draw(console, _response.Table(_options.Part), _run.Manifest);
        if (_options.Part == ResponsePart.Susceptibility)
        {
            StandardizedModesView.Draw(console, _analysis.Survey);
        }

        if (_splits.Count > 0)
        {
            VarianceView.Draw(console, _splits);
        }

        if (_analysis.Levels is { } levels)
        {
            LevelView.Draw(console, levels);
        }

        if (_analysis.Alignment is { } alignment)
        {
            AlignmentView.Draw(console, alignment);
        }

        if (_analysis.Slopes is { } slopes)
        {
            SlopeView.Draw(console, slopes, _run.Manifest);
        }

        PatternView.DrawStandardized(console, _analysis.Standardized);
        AttributionView.Draw(console, _analysis.Attribution);
        if (_reproducibility.Matrix is { } matrix)
        {
            console.WriteLine();
            ReproducibilityView.Sentence(console, ReproducibilityView.Describe(matrix));
        }

        TokenContextView view = new(_text, _options.Before, _options.After);
        foreach ((GroupModes group, GroupReproducibility known) in _groups.Zip(_reproducibility.Groups))
        {
            ModeView.Draw(console, group, _options.Part, _options.Modes, known);
            if (group.Modes is not null && (known.Reason is null || group == _groups[0]))
            {
                ReproducibilityView.Draw(console, known);
            }

            foreach (ModeTokens tokens in _modes.Where(mode => mode.Group == group.Name))
            {
                console.WriteLine();
                DrawEnds(console, view, tokens);
            }
        }

        PatternView.Draw(console, _analysis.Classes, _analysis.Patterns);
        PatternView.DrawExpression(console, _analysis.Expression);
        FactorView.Draw(console, _analysis.Factors);
        SurveyView.Draw(console, _analysis.Survey);
        PositionView.Draw(console, _analysis.Positions);
        if (_analysis.Map is { } map)
        {
            MapView.Draw(console, map, _analysis.Clusters);
        }

        DrawCompanions(console, view);
        console.WriteLine();
        if (_run.Data.Batches is not null)
        {
            console.Note(ReproducibilityView.Explanation);
        }

        console.Note(ModeView.SignRule);
        if (_run.Data.Batches is not null)
        {
            console.Note(ModeView.ShareRule);
        }

        console.Note(TokenContextView.Marks);
        foreach (string note in Notes())
        {
            console.WriteLine(note);
        }
    }

    /// <summary>The same as one object; numbers that are not finite are null.</summary>
    public JsonObject ToJson() =>
        new()
        {
            ["conclusion"] = new JsonArray([.. Conclusion.Sentences.Select(sentence => (JsonNode)sentence)]),
            ["part"] = _options.Part.Name,
            ["observable"] = _run.Manifest.Observable?.ToString(),
            ["covariance"] = _run.Manifest.Holds(ResponsePart.Covariance) ? RunWords.Of(_run.Manifest.Estimator) : null,
            ["coupling"] = _run.Manifest.Coupling is { } coupling ? RecordJson.ToNode(coupling) : null,
            ["response"] = Array(_run.Manifest.HeldParts.SelectMany(part => ResponseJson(_response.Table(part)))),
            ["variance"] = Array(_splits.Select(VarianceJson)),
            ["groups"] = Array(_groups.Select(GroupJson)),
            ["reproducibility"] = RecordJson.ToNode(_reproducibility),
            ["analysis"] = RecordJson.ToNode(_analysis.ToRecord()),
            ["control"] = _control is null ? null : RecordJson.ToNode(_control),
            ["notes"] = new JsonArray([.. Notes().Select(note => (JsonNode)note)]),
        };

    private IEnumerable<string> Notes()
    {
        string[] shown = [.. _groups.SelectMany(group => group.Excluded.Concat(group.Modes?.Components ?? []))];
        string[] others = [.. _run.Manifest.Components.Where(component => _groups.Count > 0 && !shown.Contains(component))];
        string[] left = others.Length == 0 ? [] : [$"Only heads enter the modes; not in them: {string.Join(", ", others)}."];
        bool holdsCovariance = _run.Manifest.HeldParts.Contains(ResponsePart.Covariance);
        string?[] missing =
        [
            RunWords.Scan(_run.Manifest),
            RunWords.LeftOut(_run.Manifest),
            holdsCovariance && _analysis.Alignment is null ? AlignmentView.Missing : null,
            holdsCovariance && _analysis.Slopes is null ? SlopeView.Missing(_run.Manifest) : null,
            _notStored,
        ];
        return [.. _text.Notes.Concat(_analysis.Classes.Notes).Select(OptionWords.Of), .. left, .. missing.OfType<string>()];
    }

    /// <summary>Resampling speaks about a part as it is, not about another centring of it.</summary>
    private static GroupModes Untried(GroupModes group) =>
        group with
        {
            Modes = null,
            Reason =
                "intervals are made for modes of whole parts centred per component; how halves of the draws agree on other views stands "
                + "further below.",
        };

    private IEnumerable<ModeTokens> Tokens(GroupModes group) =>
        group.Modes is not { } modes
            ? []
            : Enumerable
                .Range(0, Math.Min(_options.Modes, modes.Count))
                .Select(mode => new ModeTokens(
                    group.Name,
                    mode,
                    Shifted(
                        ModeExtremes.OfDistinct(modes.Scores(mode), _run.Data.Tokens.Id.AsSpan(_firstToken, modes.Tokens), _options.Tokens)
                    ),
                    _options.View.IsPlain ? ModeScoreErrors.Of(_run, _options.Part, modes, mode) : null
                ));

    private ModeExtremes Shifted(ModeExtremes ends) => new([.. ends.Top.Select(Shifted)], [.. ends.Bottom.Select(Shifted)]);

    private TokenScore Shifted(TokenScore score) => score with { Token = score.Token + _firstToken };

    private ContextWindow Window(int token) => _text.Window(token, _options.Before, _options.After);

    private JsonObject GroupJson(GroupModes group) =>
        new()
        {
            ["group"] = group.Name,
            ["excluded"] = new JsonArray([.. group.Excluded.Select(name => (JsonNode)name)]),
            ["reason"] = group.Reason,
            ["modes"] = Array(_modes.Where(mode => mode.Group == group.Name).Select(mode => ModeJson(group.Modes!, mode))),
        };

    private JsonObject ModeJson(ModeAnalysis analysis, ModeTokens mode) =>
        new()
        {
            ["mode"] = mode.Mode + 1,
            ["explained_variance"] = RecordJson.Number(analysis.ExplainedVariance[mode.Mode]),
            ["loadings"] = new JsonObject(
                analysis.Components.Select((name, c) => KeyValuePair.Create(name, RecordJson.Number(analysis.Loadings(mode.Mode)[c])))
            ),
            ["tokens"] = Array(
                mode.Lines.Select(line => new JsonObject
                {
                    ["side"] = line.Side,
                    ["rank"] = line.Rank,
                    ["score"] = RecordJson.Number(line.Score.Score),
                    ["standard_error"] = RecordJson.Number(mode.Error(line.Score)),
                    ["probe"] = _text.ProbeName(line.Score.Token),
                    ["row"] = _run.Data.Tokens.Row[line.Score.Token],
                    ["position"] = _run.Data.Tokens.Position[line.Score.Token],
                    ["token_id"] = _run.Data.Tokens.Id[line.Score.Token],
                    ["token"] = Window(line.Score.Token).Token,
                    ["context"] = Window(line.Score.Token).Marked,
                })
            ),
        };

    private static IEnumerable<JsonObject> ResponseJson(ResponseTable table) =>
        Enumerable
            .Range(0, table.Probes.Count)
            .SelectMany(
                _ => Enumerable.Range(0, table.Components.Count),
                (probe, component) =>
                    new JsonObject
                    {
                        ["probe"] = table.Probes[probe],
                        ["component"] = table.Components[component],
                        ["part"] = table.Part.Name,
                        ["value"] = RecordJson.Number(table.Value(probe, component)),
                        ["standard_error"] = RecordJson.Number(table.StandardError(probe, component)),
                    }
            );

    private static JsonObject VarianceJson(VarianceSplit split) =>
        new()
        {
            ["group"] = split.Group,
            ["components"] = split.Components,
            ["renormalization_share"] = RecordJson.Number(split.RenormalizationShare),
            ["covariance_share"] = RecordJson.Number(split.CovarianceShare),
            ["cross_share"] = RecordJson.Number(split.CrossShare),
            ["parts"] = Array(
                split.Parts.Select(part => new JsonObject
                {
                    ["part"] = part.Part.Name,
                    ["standard_deviation"] = RecordJson.Number(part.StandardDeviation),
                    ["typical_standard_error"] = RecordJson.Number(part.StandardError),
                })
            ),
        };

    private static JsonArray Array(IEnumerable<JsonObject> items) => new([.. items]);
}
