using System.Text.Json.Nodes;
using Curie.Development.Roles;
using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Numerics;
using Curie.Numerics.Statistics;
using Curie.Page.Data;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;
using Curie.Studies.Susceptibilities;

namespace Curie.Page;

/// <summary>What a page shows of a susceptibility run: an object, and arrays (docs/formats.md, `response`).</summary>
internal sealed class PageResponse
{
    // More than cards show at first, of which the browser leaves out pieces of characters.
    private const int CardTokens = 10;
    private readonly SusceptibilityRun _run;
    private readonly PageArrays _arrays;
    private readonly List<string> _notes;
    private readonly RunSources _sources;
    private readonly ComponentFigure? _coefficients;

    /// <summary>Collects a run.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="run">What it holds.</param>
    /// <param name="text">The text of its probes.</param>
    /// <param name="arrays">Where its arrays go.</param>
    /// <param name="mostTokens">The most followed tokens that the page may hold.</param>
    /// <param name="attention">Where its heads attend, or null.</param>
    /// <param name="others">Other runs of the same tokens, in which its heads have twins.</param>
    /// <param name="notes">What a reader should know, to which more is added.</param>
    public PageResponse(
        string folder,
        SusceptibilityRun run,
        ProbeText text,
        PageArrays arrays,
        int mostTokens,
        PageAttention? attention = null,
        IReadOnlyList<(string Name, SusceptibilityRun Run)>? others = null,
        IReadOnlyList<string>? notes = null
    )
    {
        _run = run;
        _arrays = arrays;
        _sources = RunSources.Of(run.Manifest);
        _coefficients = ComponentFigure.LearningCoefficients(run, _sources.NBeta);
        IReadOnlyList<VarianceSplit> splits = VarianceSplit.Of(run);
        _notes = [.. PageCaveats.Of(run, splits), .. text.Notes, .. notes ?? []];
        IReadOnlyList<Passage> all = Passage.Of(run.Data.Tokens);
        IReadOnlyList<Passage> passages = Passage.Choose(
            all,
            mostTokens,
            run.Manifest.Seeds.GetValueOrDefault("sampling", 1),
            attention?.Rows
        );
        Kept = [.. passages.SelectMany(passage => Enumerable.Range(passage.FirstToken, passage.TokenCount))];
        PageText words = new(run.Data.Tokens, passages, text);
        AddTokens(Kept);
        AddPassages(passages, words);
        int every = PageTraces.Every(run.Manifest.Shape);
        _arrays.Add("trace", PageTraces.Of(run.Data));
        if (passages.Count < all.Count)
        {
            _notes.Add(
                $"The page holds {Kept.Length} of the run's {Counted.Of(run.Manifest.Shape.Tokens, "token")} ({passages.Count} of "
                    + $"{all.Count} passages, "
                    + $"{(attention is null ? "" : "first those whose attention it holds, then ")}chosen by the run's seed) so "
                    + "that it stays small: text, map and extreme tokens show these. Response matrices and modes are those of all tokens."
            );
        }

        if (every > 1)
        {
            _notes.Add($"Traces show every {every}th draw; figures come from all.");
        }

        IReadOnlyDictionary<string, IReadOnlyList<ModeGroupData>> modes = PageModes.Of(run);
        IReadOnlyDictionary<string, ReproducibilityRecord> reproducibility = PageModes.Reproducibility(folder, modes, _notes);
        AnalysisData? analysis = PageAnalysis.Read(folder, modes[run.Manifest.MainPart.Name], Kept, _notes);
        if (analysis is not null)
        {
            analysis = analysis with { Map = PageAnalysis.AddMap(folder, run.Manifest.Shape.Tokens, Kept, _arrays, _notes) };
        }

        PageScores scores = PageScores.Read(folder, run.Manifest, _notes);
        AttentionRoles? roles = Roles(folder);
        RunFindings found = new(run, roles, SusceptibilityStudy.ControlOf(folder));
        Data = new ResponseData
        {
            Run = PageJson.FolderName(folder),
            Title = RunTitle.Of(run.Manifest, roles),
            Conclusion = [.. Unanalysed(analysis), .. RunConclusion.Of(found).Sentences],
            Leading = Leading(found),
            Control = run.Manifest.Control,
            Scan = run.Manifest.Scan,
            Parts =
            [
                .. run.Manifest.HeldParts.Select(part => new PartData(
                    part.Name,
                    part.Abbreviation,
                    part.Title,
                    part.Unit,
                    part.Explanation
                )),
            ],
            MainPart = run.Manifest.MainPart.Name,
            Observable = run.Manifest.Observable?.ToString(),
            Covariance = run.Manifest.Holds(ResponsePart.Covariance) ? RunWords.Of(run.Manifest.Estimator) : null,
            Coupling = Coupling(),
            Coefficients = Coefficients(),
            Slopes = Slopes(),
            Versions = run.Manifest.Versions,
            Seed = run.Manifest.Seeds.GetValueOrDefault("sampling", 1),
            Configuration = run.Manifest.Configuration,
            Model = Model(),
            Components = run.Manifest.Components,
            Probes = [.. run.Manifest.ProbeNames.Select((name, probe) => Probe(name, probe, passages))],
            Shape = new ShapeData(
                run.Manifest.Shape.Tokens,
                Kept.Length,
                run.Manifest.Shape.Chains,
                run.Manifest.Shape.ChainsPerUnit,
                run.Manifest.Shape.Draws,
                every
            ),
            InitLoss = new EstimateData(run.Data.InitLossMean, run.Data.InitLossMeanStandardError),
            Dataset = run.Manifest.HeldParts.ToDictionary(
                part => part.Name,
                part => Matrix(run.Data.Dataset.Values(part), run.Data.Dataset.StandardErrors(part), part)
            ),
            Health = [.. run.Manifest.Health.Select(Health)],
            Variance = [.. splits.Select(Split)],
            Modes = modes,
            Reproducibility = reproducibility,
            Analysis = analysis,
            Effects = scores.Effects,
            Figures = [.. Figures(scores.Figures).Select(figure => figure.ToData(run.Manifest.Components))],
            Cards = PageCards.Of(
                run,
                text,
                new HeadCardSources
                {
                    Roles = roles,
                    Measures = Measures(folder),
                    Tokens = CardTokens,
                    Others = others ?? [],
                },
                Kept
            ),
            Attention = attention?.AddTo(_arrays),
            Vocabulary = words.Vocabulary,
            Caveats = _notes,
        };
    }

    /// <summary>Everything but the arrays.</summary>
    public ResponseData Data { get; }

    /// <summary>The run's tokens that the page holds, rising.</summary>
    public int[] Kept { get; }

    /// <summary>What the heads attend to; a damaged file is noted and leaves it out.</summary>
    private AttentionRoles? Roles(string folder)
    {
        try
        {
            return RunRoles.Find(folder);
        }
        catch (InputException error)
        {
            _notes.Add(error.Message);
            return null;
        }
    }

    /// <summary>Ablations of the heads; null where none are kept, or the file is damaged, which <see cref="PageScores"/> notes.</summary>
    private static HeadScoresRecord? Measures(string folder) => PageJson.Stored(() => RunRoles.Measures(folder)!);

    private static LeadingData? Leading(RunFindings found) =>
        found.Leading is not { } mode
            ? null
            : new LeadingData(
                found.LeadingPart.Name,
                mode.Group,
                RunWords.Title(mode.Group),
                mode.Mode,
                mode.Share,
                mode.Reliability,
                [.. mode.Loadings.Keys],
                [.. mode.Loadings.Values],
                [.. mode.Loadings.Keys.Select(name => mode.LoadingIntervals.GetValueOrDefault(name)?.Low ?? double.NaN)],
                [.. mode.Loadings.Keys.Select(name => mode.LoadingIntervals.GetValueOrDefault(name)?.High ?? double.NaN)],
                [
                    .. mode.Loadings.Keys.Select(name =>
                        found.Roles is { } known && AttentionRoles.Find(known.PrefixMatching, name) is { } score ? score.Value : double.NaN
                    ),
                ],
                [.. found.Roles?.InductionHeads.Select(head => head.Component).Where(mode.Loadings.ContainsKey) ?? []]
            );

    private static IEnumerable<string> Unanalysed(AnalysisData? analysis) =>
        analysis is null ? ["The structure of this run has not been analysed: run curie structure on it, and write the page again."] : [];

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
            && TokenCoefficients.StandardErrors(_run, _sources.NBeta) is { } errors
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
    private CoefficientsData? Coefficients() =>
        _coefficients is null || !_run.Manifest.Holds(ResponsePart.Excess)
            ? null
            : new CoefficientsData(_sources.NBeta, _coefficients.ToData(_run.Manifest.Components));

    private CouplingData? Coupling() =>
        _run.Manifest.Coupling is not { } coupling
            ? null
            : new CouplingData(coupling.ObservableRows, coupling.GaussianPairs, coupling.BurnIn, coupling.BurnInAsked, coupling.FullDraws);

    /// <summary>dλ̂/dh; null where the run holds none, and of a control, whose are 0.</summary>
    private MatrixData? Slopes() =>
        _run.Data.Slopes is not { } slopes || _run.Manifest.Control
            ? null
            : Matrix(slopes.Values, slopes.StandardErrors, ResponsePart.Covariance);

    private JsonObject? Model()
    {
        if (_sources.Model is not { } folder)
        {
            return null;
        }

        if (!Path.Exists(folder))
        {
            _notes.Add($"The model's sizes are not shown, because {folder} does not exist.");
            return null;
        }

        try
        {
            TransformerConfig config = ModelReader.LoadConfig(folder);
            return ModelConfigFile.ToJson(config);
        }
        catch (InputException error)
        {
            _notes.Add($"The model's sizes are not shown: {error.Message}");
            return null;
        }
    }

    private ProbeData Probe(string name, int probe, IReadOnlyList<Passage> passages) =>
        new(
            name,
            _run.Data.Tokens.Probe.Count(other => other == probe),
            passages.Where(passage => passage.Probe == probe).Sum(passage => passage.TokenCount),
            new EstimateData(_run.Data.FullShiftDataset[probe], _run.Data.FullShiftDatasetStandardErrors[probe])
        );

    /// <summary>Components × probes, with the intervals of a part.</summary>
    private MatrixData Matrix(double[] values, double[] errors, ResponsePart part) =>
        new([.. values.Chunk(_run.Manifest.Shape.Probes)], [.. errors.Chunk(_run.Manifest.Shape.Probes)], HalfWidths(_run.Manifest, part));

    /// <summary>
    /// Half the 95 % interval in standard errors, by component; NaN where the run does not tell the errors' degrees of freedom.
    /// </summary>
    internal static double[] HalfWidths(RunManifest manifest, ResponsePart part) =>
        [
            .. Enumerable
                .Range(0, manifest.Components.Count)
                .Select(component =>
                    manifest.DegreesOfFreedom(part, component) is { } degrees ? new MeanEstimate(0, 1, degrees).HalfWidth() : double.NaN
                ),
        ];

    private static HealthData Health(ComponentHealth component) =>
        new(
            component.Component,
            [.. component.Chains.Select(chain => new ChainData(chain.Status == ChainStatus.Healthy, chain.Draw, chain.Reason))],
            component.Diagnostics,
            component.Notes
        );

    private static SplitData Split(VarianceSplit split) =>
        new(split.Group, RunWords.Title(split.Group), split.RenormalizationShare, split.CovarianceShare, split.CrossShare);
}
