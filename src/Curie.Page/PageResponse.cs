using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Numerics;
using Curie.Numerics.Statistics;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Page;

/// <summary>What a page shows of a susceptibility run: an object, and arrays (docs/formats.md, `response`).</summary>
internal sealed class PageResponse
{
    private readonly SusceptibilityRun _run;
    private readonly PageArrays _arrays;
    private readonly List<string> _notes;
    private readonly double _nBeta;
    private readonly ComponentFigure? _coefficients;

    /// <summary>Collects a run.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="run">What it holds.</param>
    /// <param name="text">The text of its probes.</param>
    /// <param name="arrays">Where its arrays go.</param>
    /// <param name="mostTokens">The most followed tokens that the page may hold.</param>
    public PageResponse(string folder, SusceptibilityRun run, ProbeText text, PageArrays arrays, int mostTokens)
    {
        _run = run;
        _arrays = arrays;
        _nBeta = NBeta();
        _coefficients = ComponentFigure.LearningCoefficients(run, _nBeta);
        IReadOnlyList<VarianceSplit> splits = VarianceSplit.Of(run);
        _notes = [.. PageCaveats.Of(run, splits), .. text.Notes];
        IReadOnlyList<Passage> all = Passage.Of(run.Data.Tokens);
        IReadOnlyList<Passage> passages = Passage.Choose(all, mostTokens, run.Manifest.Seeds.GetValueOrDefault("sampling", 1));
        Kept = [.. passages.SelectMany(passage => Enumerable.Range(passage.FirstToken, passage.TokenCount))];
        PageText words = new(run.Data.Tokens, passages, text);
        AddTokens(Kept);
        AddPassages(passages, words);
        int every = PageTraces.Every(run.Manifest.Shape);
        _arrays.Add("trace", PageTraces.Of(run.Data));
        if (passages.Count < all.Count)
        {
            _notes.Add(
                $"The page holds {Kept.Length} of the run's {run.Manifest.Shape.Tokens} tokens ({passages.Count} of {all.Count} "
                    + "passages, chosen by the run's seed) so that it stays small: text, map and extreme tokens show these. Response "
                    + "matrices and modes are those of all tokens."
            );
        }

        if (every > 1)
        {
            _notes.Add($"Traces show every {every}th draw; figures come from all.");
        }

        JsonObject modes = PageModes.Of(run);
        JsonObject reproducibility = PageModes.Reproducibility(folder, modes, _notes);
        JsonObject? analysis = PageAnalysis.Read(folder, (JsonArray)modes[run.Manifest.MainPart.Name]!, Kept, _notes);
        if (analysis is not null)
        {
            analysis["map"] = PageAnalysis.AddMap(folder, run.Manifest.Shape.Tokens, Kept, _arrays, _notes);
        }

        PageScores scores = PageScores.Read(folder, run.Manifest, _notes);
        Json = new JsonObject
        {
            ["run"] = PageJson.FolderName(folder),
            ["control"] = run.Manifest.Control,
            ["scan"] = run.Manifest.Scan,
            ["parts"] = PageJson.Texts(run.Manifest.HeldParts.Select(part => part.Name)),
            ["mainPart"] = run.Manifest.MainPart.Name,
            ["observable"] = run.Manifest.Observable?.ToString(),
            ["covariance"] = run.Manifest.Holds(ResponsePart.Covariance) ? RunWords.Of(run.Manifest.Estimator) : null,
            ["coupling"] = Coupling(),
            ["coefficients"] = Coefficients(),
            ["slopes"] = Slopes(),
            ["versions"] = JsonSerializer.SerializeToNode(run.Manifest.Versions),
            ["seed"] = run.Manifest.Seeds.GetValueOrDefault("sampling", 1),
            ["configuration"] = JsonNode.Parse(run.Manifest.Configuration.GetRawText()),
            ["model"] = Model(),
            ["components"] = PageJson.Texts(run.Manifest.Components),
            ["probes"] = new JsonArray([.. run.Manifest.ProbeNames.Select((name, probe) => Probe(name, probe, passages))]),
            ["shape"] = new JsonObject
            {
                ["tokens"] = run.Manifest.Shape.Tokens,
                ["kept"] = Kept.Length,
                ["chains"] = run.Manifest.Shape.Chains,
                ["chainsPerUnit"] = run.Manifest.Shape.ChainsPerUnit,
                ["draws"] = run.Manifest.Shape.Draws,
                ["traceEvery"] = every,
            },
            ["initLoss"] = Estimate(run.Data.InitLossMean, run.Data.InitLossMeanStandardError),
            ["dataset"] = Dataset(),
            ["health"] = new JsonArray([.. run.Manifest.Health.Select(Health)]),
            ["variance"] = new JsonArray([.. splits.Select(Split)]),
            ["modes"] = modes,
            ["reproducibility"] = reproducibility,
            ["analysis"] = analysis,
            ["effects"] = scores.Effects,
            ["figures"] = new JsonArray([.. Figures(scores.Figures).Select(figure => figure.ToJson(run.Manifest.Components))]),
            ["vocabulary"] = words.Vocabulary,
            ["caveats"] = PageJson.Texts(_notes),
        };
    }

    /// <summary>Everything but the arrays.</summary>
    public JsonObject Json { get; }

    /// <summary>The run's tokens that the page holds, rising.</summary>
    public int[] Kept { get; }

    private void AddTokens(int[] kept)
    {
        TokenTable tokens = _run.Data.Tokens;
        _arrays.Add("token_position", PageRows.Pick(tokens.Position, kept));
        _arrays.Add("token_id", PageRows.Pick(tokens.Id, kept));
        _arrays.Add("init_loss", PageRows.Pick(tokens.InitLoss, kept));
        _arrays.AddCompanded("full_shift", [PageRows.Pick(_run.Data.FullShift, kept)]);
        _arrays.AddCompanded("full_shift_se", [PageRows.Pick(_run.Data.FullShiftStandardErrors, kept)]);
        foreach (ResponsePart part in _run.Manifest.HeldParts)
        {
            _arrays.AddCompanded(part.Name, PageRows.Of(_run.Data.Response.Values(part), _run.Manifest.Shape.Components, kept));
            _arrays.AddCompanded(
                part.Name + "_se",
                PageRows.Of(_run.Data.Response.StandardErrors(part), _run.Manifest.Shape.Components, kept)
            );
        }

        if (
            _coefficients is not null
            && PageBudget.HoldsCoefficientErrors(_run.Manifest)
            && TokenCoefficients.StandardErrors(_run, _nBeta) is { } errors
        )
        {
            _arrays.AddCompanded("llc_se", PageRows.Of(errors, _run.Manifest.Shape.Components, kept));
        }
    }

    private void AddPassages(IReadOnlyList<Passage> passages, PageText words)
    {
        _arrays.Add("passage_probe", passages.Select(passage => passage.Probe).ToArray());
        _arrays.Add("passage_row", passages.Select(passage => passage.Row).ToArray());
        _arrays.Add("passage_tokens", passages.Select(passage => passage.TokenCount).ToArray());
        _arrays.Add("passage_text", words.Starts);
        _arrays.Add("text_id", words.Ids);
        _arrays.Add("token_place", words.Places);
    }

    private ComponentFigure[] Figures(IReadOnlyList<ComponentFigure> figures)
    {
        ComponentFigure?[] own = [_coefficients, .. ComponentFigure.Levels(_run), ComponentFigure.Alignment(_run)];
        return [.. own.OfType<ComponentFigure>(), .. figures];
    }

    /// <summary>
    /// λ̂ and nβ, with which the page gives the learning coefficient of a token; null where the run has none or does not hold the excess.
    /// </summary>
    private JsonObject? Coefficients() =>
        _coefficients is null || !_run.Manifest.Holds(ResponsePart.Excess)
            ? null
            : new JsonObject { ["nbeta"] = _nBeta, ["lambda"] = _coefficients.ToJson(_run.Manifest.Components) };

    private JsonObject? Coupling() =>
        _run.Manifest.Coupling is not { } coupling
            ? null
            : new JsonObject
            {
                ["observableRows"] = coupling.ObservableRows,
                ["gaussianPairs"] = coupling.GaussianPairs,
                ["burnIn"] = coupling.BurnIn,
                ["burnInAsked"] = coupling.BurnInAsked,
                ["fullDraws"] = coupling.FullDraws,
            };

    /// <summary>dλ̂/dh; null where the run holds none, and of a control, whose are 0.</summary>
    private JsonObject? Slopes() =>
        _run.Data.Slopes is not { } slopes || _run.Manifest.Control
            ? null
            : new JsonObject
            {
                ["values"] = Matrix(slopes.Values),
                ["errors"] = Matrix(slopes.StandardErrors),
                ["halfWidths"] = HalfWidths(ResponsePart.Covariance),
            };

    private double NBeta() =>
        _run.Manifest.Configuration is { ValueKind: JsonValueKind.Object } configuration
        && configuration.TryGetProperty("sampling", out JsonElement sampling)
        && sampling.ValueKind == JsonValueKind.Object
        && sampling.TryGetProperty("nbeta", out JsonElement nbeta)
        && nbeta.ValueKind == JsonValueKind.Number
            ? nbeta.GetDouble()
            : 0;

    private JsonObject? Model()
    {
        if (ProbeText.Text(_run.Manifest.Configuration, "model") is not { } folder)
        {
            return null;
        }

        string path = Path.Combine(folder, ModelFolder.ConfigName);
        if (!File.Exists(path))
        {
            _notes.Add($"The model's sizes are not shown, because {path} does not exist.");
            return null;
        }

        try
        {
            TransformerConfig config = ModelConfigFile.Read(path);
            return ModelConfigFile.ToJson(config);
        }
        catch (InputException error)
        {
            _notes.Add($"The model's sizes are not shown: {error.Message}");
            return null;
        }
    }

    private JsonObject Probe(string name, int probe, IReadOnlyList<Passage> passages) =>
        new()
        {
            ["name"] = name,
            ["tokens"] = _run.Data.Tokens.Probe.Count(other => other == probe),
            ["kept"] = passages.Where(passage => passage.Probe == probe).Sum(passage => passage.TokenCount),
            ["fullShift"] = Estimate(_run.Data.FullShiftDataset[probe], _run.Data.FullShiftDatasetStandardErrors[probe]),
        };

    private JsonObject Dataset()
    {
        JsonObject parts = [];
        foreach (ResponsePart part in _run.Manifest.HeldParts)
        {
            parts[part.Name] = new JsonObject
            {
                ["values"] = Matrix(_run.Data.Dataset.Values(part)),
                ["errors"] = Matrix(_run.Data.Dataset.StandardErrors(part)),
                ["halfWidths"] = HalfWidths(part),
            };
        }

        return parts;
    }

    /// <summary>
    /// Half the 95 % interval in standard errors, by component; null where the run does not tell the errors' degrees of freedom.
    /// </summary>
    private JsonArray HalfWidths(ResponsePart part) =>
        new([
            .. Enumerable
                .Range(0, _run.Manifest.Components.Count)
                .Select(component =>
                    _run.Manifest.DegreesOfFreedom(part, component) is { } degrees
                        ? PageJson.Number(new MeanEstimate(0, 1, degrees).HalfWidth())
                        : null
                ),
        ]);

    /// <summary>Components × probes.</summary>
    private JsonArray Matrix(double[] values) =>
        new([.. values.Chunk(_run.Manifest.Shape.Probes).Select(row => (JsonNode)new JsonArray([.. row.Select(PageJson.Number)]))]);

    private static JsonObject Estimate(double value, double error) =>
        new() { ["value"] = PageJson.Number(value), ["error"] = PageJson.Number(error) };

    private static JsonObject Health(ComponentHealth component) =>
        new()
        {
            ["component"] = component.Component,
            ["chains"] = new JsonArray([
                .. component.Chains.Select(chain =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["healthy"] = chain.Status == ChainStatus.Healthy,
                            ["draw"] = chain.Draw,
                            ["reason"] = chain.Reason,
                        }
                ),
            ]),
            ["diagnostics"] = JsonSerializer.SerializeToNode(component.Diagnostics),
            ["notes"] = PageJson.Texts(component.Notes),
        };

    private static JsonObject Split(VarianceSplit split) =>
        new()
        {
            ["group"] = split.Group,
            ["title"] = RunWords.Title(split.Group),
            ["renormalization"] = PageJson.Number(split.RenormalizationShare),
            ["covariance"] = PageJson.Number(split.CovarianceShare),
            ["cross"] = PageJson.Number(split.CrossShare),
        };
}
