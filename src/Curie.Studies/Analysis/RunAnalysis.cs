using Curie.Numerics;
using Curie.Response.Agreement;
using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Factors;
using Curie.Response.Influence;
using Curie.Response.Maps;
using Curie.Response.Matching;
using Curie.Response.Modes;
using Curie.Response.Patterns;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Studies.Configuration;

namespace Curie.Studies.Analysis;

/// <summary>
/// What is found out about a run beyond its modes: where they come from, how they look otherwise, which patterns of tokens they hold.
/// </summary>
/// <param name="View">The name of the view whose modes, patterns and map these are.</param>
/// <param name="Attribution">Which part the variance of each mode of χ comes from; none of a run that does not hold χ and both of its
/// terms.</param>
/// <param name="Survey">The modes of other parts and under other centrings.</param>
/// <param name="Classes">The tokens' patterns.</param>
/// <param name="Patterns">The patterns at the ends of each mode.</param>
/// <param name="Expression">What each component expresses and suppresses.</param>
/// <param name="Standardized">The standardised response of each component to each probe; none of a run with one probe.</param>
/// <param name="Factors">The modes turned.</param>
/// <param name="Positions">The response by length of context.</param>
/// <param name="Map">Tokens in the plane; null where none is wanted or possible.</param>
/// <param name="Clusters">Its clusters.</param>
/// <param name="Influence">The partners of a token; null where none is asked for.</param>
/// <param name="Matching">The counterparts in another run; null where none is given.</param>
/// <param name="Mixture">The agreement with measured mixtures; null where no run on mixtures is given.</param>
/// <param name="Alignment">What gradients predict of the covariance; null where the run holds no prediction.</param>
/// <param name="Slopes">The derivatives of the learning coefficients with the data; null where the run holds none.</param>
/// <param name="Levels">How much is there before the loss is felt; null where the run does not hold the two levels.</param>
public sealed record RunAnalysis(
    string View,
    IReadOnlyList<ModeAttribution> Attribution,
    IReadOnlyList<ModeSurvey> Survey,
    TokenClasses Classes,
    IReadOnlyList<ModePatterns> Patterns,
    IReadOnlyList<PatternExpression> Expression,
    IReadOnlyList<PatternExpression> Standardized,
    IReadOnlyList<GroupFactors> Factors,
    IReadOnlyList<PositionResponse> Positions,
    TokenMap? Map,
    IReadOnlyList<MapCluster> Clusters,
    TokenInfluence? Influence,
    IReadOnlyList<GroupMatching>? Matching,
    IReadOnlyList<MixtureRoute>? Mixture,
    IReadOnlyList<ComponentAlignment>? Alignment,
    IReadOnlyList<ProbeSlope>? Slopes,
    IReadOnlyList<ComponentLevels>? Levels
)
{
    /// <summary>Whether the covariances are those of another run; null where none is given.</summary>
    public CovarianceAgreement? Agreement { get; init; }

    /// <summary>Whether the other run, whose heads are matched, was sampled with the noise of this one.</summary>
    public bool SharesNoise { get; init; }

    /// <summary>
    /// The patterns at the ends of the modes of other parts of the run, by the name of the part; none where the modes are not plainly
    /// centred.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ModePatterns>> OtherPatterns { get; init; } =
        new Dictionary<string, IReadOnlyList<ModePatterns>>();

    private const int FewestOnMap = 4;

    /// <summary>The parts, beside the one that is analysed, whose modes are shown with all that is known of that one's.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">What is shown.</param>
    public static IReadOnlyList<ResponsePart> OtherParts(SusceptibilityRun run, AnalysisOptions options)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        return options.View.IsPlain
            ?
            [
                .. new[] { ResponsePart.Susceptibility, ResponsePart.Covariance, ResponsePart.Excess }.Where(part =>
                    part != options.Part && run.Manifest.Holds(part)
                ),
            ]
            : [];
    }

    /// <summary>Analyses a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="text">Its text.</param>
    /// <param name="groups">The modes that are shown.</param>
    /// <param name="options">What is shown.</param>
    /// <param name="tried">How errors are found.</param>
    /// <param name="against">A run of another model on the same tokens, or null.</param>
    /// <param name="mixture">A run of the same experiment with every probe mixed into the base text, or null.</param>
    /// <exception cref="InputException">A token, a component or the other run does not fit.</exception>
    public static RunAnalysis Of(
        SusceptibilityRun run,
        ProbeText text,
        IReadOnlyList<GroupModes> groups,
        AnalysisOptions options,
        ReproducibilityOptions tried,
        SusceptibilityRun? against,
        SusceptibilityRun? mixture
    )
    {
        TokenClasses classes = text.Classify(PatternFile.Read(options.Patterns));
        int first = options.View.TokensOf(run.Data.Tokens).Start;
        ResponsePart part = options.Part;
        TokenMap? map =
            options.MapTokens > 0 && run.Data.Tokens.Count >= FewestOnMap && ComponentTokens.Strongest(run, part).Count > 0
                ? TokenMap.Of(
                    run,
                    new TokenMapOptions
                    {
                        View = new ResponseView { Part = part, Centring = Centring.ZScore },
                        Tokens = options.MapTokens,
                        Seed = tried.Seed,
                    }
                )
                : null;
        return new RunAnalysis(
            options.View.Name(run.Manifest.ProbeNames),
            VarianceSplit.IsPossible(run.Manifest)
                ? ModeAttribution.Of(
                    run,
                    options.View.IsPlain && part == ResponsePart.Susceptibility ? groups : GroupModes.Of(run, new ResponseView()),
                    tried
                )
                : [],
            ModeSurvey.Of(run, options.Modes),
            classes,
            ModePatterns.Of(groups, classes, options.Modes, first),
            PatternExpression.Of(run, part, classes),
            run.Manifest.ProbeNames.Count > 1 ? PatternExpression.Of(run, part, TokenClasses.OfProbes(run)) : [],
            GroupFactors.Of(groups, options.Modes),
            PositionResponse.Of(run, part),
            map,
            map?.Clusters(classes) ?? [],
            options.Influence is { } token ? TokenInfluence.Of(run, token, options.InfluenceComponents, options.Tokens) : null,
            against is null
                ? null
                : RunMatching.Of(
                    run,
                    against,
                    new MatchingOptions
                    {
                        Part = part,
                        Modes = options.Modes,
                        Seed = tried.Seed,
                    }
                ),
            mixture is null ? null : MixtureRoute.Of(run, mixture, part, options.MixtureRate),
            ComponentAlignment.Of(run),
            ProbeSlope.Of(run),
            ComponentLevels.Of(run)
        )
        {
            SharesNoise = against is not null && run.Manifest.SharesNoiseWith(against.Manifest),
            OtherPatterns = OtherParts(run, options)
                .ToDictionary(other => other.Name, other => ModePatterns.Of(GroupModes.Of(run, other), classes, options.Modes)),
        };
    }

    /// <summary>Keeps everything in the folder of a run of so many tokens.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public void Write(string folder, int tokens)
    {
        RecordJson.WriteFile(Path.Combine(folder, AnalysisRecord.FileName), ToRecord());
        Map?.Write(folder, Classes, tokens);
    }

    /// <summary>What is kept of it.</summary>
    public AnalysisRecord ToRecord() =>
        new(
            View,
            Attribution,
            Survey,
            Classes.Names.Select((name, p) => KeyValuePair.Create(name, Classes.Count(p))).ToDictionary(),
            Patterns,
            Expression,
            Standardized,
            Factors,
            Positions,
            Clusters,
            Map?.Modularity,
            Influence,
            Matching,
            Mixture,
            Agreement,
            Alignment,
            Slopes,
            Levels,
            OtherPatterns
        );
}
