using System.Globalization;
using Curie.Development.Effects;
using Curie.Development.Roles;
using Curie.Development.Scores;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Response.Estimators;
using Curie.Response.Patterns;
using Curie.Response.Runs;
using Curie.Text.Packing;
using Curie.Text.Tokenization;

namespace Curie.Studies.Analysis;

/// <summary>What the heads of a run's model do by other measures, and how that agrees with their response.</summary>
/// <param name="Run">The run.</param>
/// <param name="Part">The name of the part that is correlated.</param>
/// <param name="Attention">Attention scores by name, one per head.</param>
/// <param name="Bigrams">How close the model is to bigrams; null where its outputs are not its tokens.</param>
/// <param name="Ngrams">How well it knows frequent n-grams.</param>
/// <param name="Effects">Ablations and attributions per token.</param>
/// <param name="Classes">The tokens' patterns.</param>
/// <param name="Correlations">The agreement token by token.</param>
/// <param name="Agreements">The agreement of attention scores over heads.</param>
/// <param name="Modes">How modes of the response go with attention scores; empty where there are none.</param>
public sealed record HeadMeasures(
    SusceptibilityRun Run,
    string Part,
    IReadOnlyList<(string Name, IReadOnlyList<HeadScore> Scores)> Attention,
    BigramScore? Bigrams,
    IReadOnlyList<NgramScore> Ngrams,
    HeadEffects Effects,
    TokenClasses Classes,
    IReadOnlyList<EffectCorrelation> Correlations,
    IReadOnlyList<ScoreAgreement> Agreements,
    IReadOnlyList<ModeRole> Modes
)
{
    /// <summary>What earlier heads do through later ones; empty where it was not asked for.</summary>
    public IReadOnlyList<MeanPath> Paths { get; init; } = [];

    /// <summary>The file of the measures per token in a run folder.</summary>
    public const string ArrayFileName = "effects.npz";

    internal const string PreviousTokenName = "previous_token";
    internal const string CurrentTokenName = "current_token";
    internal const string PrefixMatchingName = "prefix_matching";
    private const int ReferenceRows = 64;
    private const int CorpusRows = 20_000;
    private const int NgramRows = 2000;
    private const int ModesOfRoles = 3;

    /// <summary>Measures every head of the run's model.</summary>
    /// <param name="run">The run.</param>
    /// <param name="part">The part of the response that is correlated with the measures.</param>
    /// <param name="model">The model folder in place of the one that the run names, or null.</param>
    /// <param name="patterns">The token patterns over which effects are averaged.</param>
    /// <param name="samples">Synthetic sequences per attention score, and rows for the bigram score.</param>
    /// <param name="seed">The seed of every random choice.</param>
    /// <param name="paths">Whether every pair of a head and a head of a later layer is measured too, by path ablation.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <param name="control">The run's control; null where it has none.</param>
    /// <exception cref="InputException">The model or the rows that the run names cannot be read.</exception>
    public static HeadMeasures Of(
        SusceptibilityRun run,
        ResponsePart part,
        string? model,
        IReadOnlyList<TokenPattern> patterns,
        int samples,
        long seed,
        bool paths,
        Machine machine,
        SusceptibilityRun? control = null
    )
    {
        RunSources sources = RunSources.Of(run.Manifest);
        using ParameterSet parameters = ModelReader.Load(model ?? sources.RequireModel());
        using ProbeText text = ProbeText.Open(run, model);
        using TokenRows reference = Rows(sources.RequireData(), parameters);
        List<TokenRows> probes = [];
        try
        {
            foreach (string name in run.Manifest.ProbeNames)
            {
                probes.Add(Rows(sources.RequireProbe(name), parameters));
            }

            using TransformerWeights weights = new(parameters, machine);
            HeadEffects effects = HeadEffects.Of(parameters, run.Data.Tokens, probes, reference, ReferenceRows, machine);
            TokenClasses classes = text.Classify(patterns);
            AttentionRoles? roles = RunRoles.Measure(weights, text.Tokenizer, samples, seed, machine);
            (string Name, IReadOnlyList<HeadScore> Scores)[] attention = Named(roles);
            return new HeadMeasures(
                run,
                part.Name,
                attention,
                BigramScore.Of(weights, reference, CorpusRows, reference, samples, seed, machine.Kernels),
                NgramScore.Of(weights, reference, NgramRows, samples, machine),
                effects,
                classes,
                EffectCorrelation.Of(run, part, effects, classes),
                ScoreAgreement.Of(
                    [.. attention.Select(score => (score.Name, (IReadOnlyDictionary<string, double>)ByComponent(score.Scores)))],
                    PatternExpression.Of(run, part, classes)
                ),
                roles is null
                    ? []
                    : ModeRoles.WithIntervals(
                        ModeRoles.Of(
                            run,
                            roles.PreviousToken,
                            roles.PrefixMatching,
                            ModesOfRoles,
                            [ResponsePart.Susceptibility, ResponsePart.Excess, ResponsePart.Covariance],
                            control
                        ),
                        roles.PreviousToken,
                        roles.PrefixMatching
                    )
            )
            {
                Paths = paths
                    ?
                    [
                        .. MeanPath.Of(
                            run,
                            PathAblation.Of(parameters, run.Data.Tokens, probes, reference, ReferenceRows, machine),
                            classes
                        ),
                    ]
                    : [],
            };
        }
        finally
        {
            probes.ForEach(rows => rows.Dispose());
        }
    }

    private static (string Name, IReadOnlyList<HeadScore> Scores)[] Named(AttentionRoles? roles) =>
        roles is null
            ? []
            :
            [
                (PreviousTokenName, roles.PreviousToken),
                (CurrentTokenName, roles.CurrentToken),
                (PrefixMatchingName, roles.PrefixMatching),
            ];

    private static Dictionary<string, double> ByComponent(IReadOnlyList<HeadScore> scores) =>
        scores.ToDictionary(score => score.Component, score => score.Value);

    /// <summary>Of the tokens to predict, those that the run follows are outputs; no others are looked at.</summary>
    private static TokenRows Rows(string path, ParameterSet parameters) =>
        TokenRows.Load(path, parameters.Layout.Config.Vocabulary, parameters.Layout.Config.ContextLength);

    /// <summary>Keeps everything in the run folder.</summary>
    public void Store(string folder)
    {
        RecordJson.WriteFile(Path.Combine(folder, HeadScoresRecord.FileName), ToRecord());
        NpzFile.Write(Path.Combine(folder, ArrayFileName), NpzCompression.Stored, writer =>
        {
            foreach ((string name, IReadOnlyList<float[]> values) in Effects.Measures)
            {
                float[] all = [.. values.SelectMany(row => row)];
                writer.Add<float>(name, all, [values.Count, Run.Data.Tokens.Count]);
            }
        });
    }

    /// <summary>Everything but the values per token.</summary>
    public HeadScoresRecord ToRecord() =>
        new(
            Part,
            Effects.Components,
            Attention.ToDictionary(
                score => score.Name,
                score =>
                    (IReadOnlyDictionary<string, StoredScore>)
                        score.Scores.ToDictionary(head => head.Component, head => new StoredScore(head.Value, head.StandardError))
            ),
            Bigrams,
            Ngrams,
            [.. Means()],
            Correlations,
            Agreements,
            Modes,
            Paths.Count > 0 ? Paths : null
        );

    /// <summary>The correlations as CSV.</summary>
    public string CorrelationsCsv =>
        Csv(
            "component,measure,pattern,tokens,correlation,standard_error",
            Correlations.Select(one =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{one.Component},{one.Measure},{CsvText.Field(one.Pattern)},{one.Tokens},{one.Correlation:R},{one.StandardError:R}"
                )
            )
        );

    /// <summary>The correlations over heads as CSV.</summary>
    public string AgreementsCsv =>
        Csv(
            "measure,pattern,heads,correlation,p,q",
            Agreements.Select(one =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{one.Measure},{CsvText.Field(one.Pattern)},{one.Heads},{one.Correlation:R},{one.P:R},{one.Q:R}"
                )
            )
        );

    /// <summary>How the modes go with attention scores, as CSV.</summary>
    public string ModesCsv =>
        Csv(
            "group,view,mode,share,reliability,heads,previous_token,prefix_matching,prefix_matching_p,induction_heads,separation,"
                + "separation_p,previous_token_low,previous_token_high,prefix_matching_low,prefix_matching_high",
            Modes.Select(one =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{one.Group},{CsvText.Field(one.View)},{one.Mode},{one.Share:R},{one.Reliability:R},{one.Heads},"
                        + $"{one.PreviousToken:R},{one.PrefixMatching:R},{one.PrefixMatchingP:R},{one.Induction.Members},"
                        + $"{one.Induction.Area:R},{one.Induction.P:R},"
                        + $"{one.PreviousTokenInterval?.Low:R},{one.PreviousTokenInterval?.High:R},"
                        + $"{one.PrefixMatchingInterval?.Low:R},{one.PrefixMatchingInterval?.High:R}"
                )
            )
        );

    /// <summary>The mean effects as CSV.</summary>
    public string EffectsCsv =>
        Csv(
            "component,measure,over,name,tokens,mean,standard_error",
            Means()
                .Select(one =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{one.Component},{one.Measure},{one.Over},{CsvText.Field(one.Name)},{one.Tokens},"
                            + $"{one.Mean:R},{one.StandardError:R}"
                    )
                )
        );

    /// <summary>What earlier heads do through later ones, as CSV.</summary>
    public string PathsCsv =>
        Csv(
            "sender,receiver,over,name,tokens,mean,standard_error",
            Paths.Select(one =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{one.Sender},{one.Receiver},{one.Over},{CsvText.Field(one.Name)},{one.Tokens},{one.Mean:R},{one.StandardError:R}"
                )
            )
        );

    /// <summary>The mean effects over probes and patterns.</summary>
    public IEnumerable<MeanEffect> Means() => MeanEffect.Of(Run, Effects, Classes);

    private static string Csv(string header, IEnumerable<string> lines) =>
        string.Concat(lines.Prepend(header).Select(line => line.Replace("NaN", "", StringComparison.Ordinal) + "\n"));
}
