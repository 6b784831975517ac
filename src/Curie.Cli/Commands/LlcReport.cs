using System.Globalization;
using Curie.Cli.Output;
using Curie.Development.Coefficients;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;
using Curie.Sampling.Networks;
using Curie.Studies.Configuration;

namespace Curie.Cli.Commands;

/// <summary>What <c>curie llc</c> says at its end.</summary>
internal sealed class LlcReport(ExperimentConfiguration configuration, IReadOnlyList<ComponentCoefficient> coefficients)
{
    private const string Unknown = "-";

    private static readonly string[] Headers =
    [
        "component",
        "dimension",
        "λ̂",
        "± s.e.",
        "sampling",
        "rows",
        "E[loss]",
        "L0",
        "lost",
        "split R̂",
        "ESS",
        "Geweke z",
        "MALA",
        "heat",
        "growth",
        "‖w−w*‖",
        "below L0",
    ];

    /// <summary>The chains that were left out, each in a sentence.</summary>
    public IReadOnlyList<string> Excluded { get; } =
    [
        .. coefficients
            .SelectMany(coefficient => coefficient.Report.Failures)
            .Select(failure => $"chain {failure.Chain} of {failure.Component} was stopped at draw {failure.Draw}: {failure.Reason}."),
    ];

    /// <summary>A table, and below it what should not be trusted.</summary>
    public string Text => string.Join('\n', Verdicts().Prepend(TextTable.Render(Headers, coefficients.Select(Row))));

    /// <summary>Every figure.</summary>
    public CoefficientReport Record => new(configuration.ToStudyJson(), [.. coefficients.Select(CoefficientRecord.Of)]);

    private static string[] Row(ComponentCoefficient measured)
    {
        (ComponentHealth health, LearningCoefficient? coefficient) = (measured.Health, measured.Coefficient);
        string[] figures = coefficient is null
            ? ["all chains stopped", Unknown, Unknown, Unknown, Unknown]
            :
            [
                Number(coefficient.Value, 5),
                Number(coefficient.StandardError),
                Number(coefficient.SamplingError),
                Number(coefficient.RowError),
                Number(MeanLoss(health), 6),
            ];
        return
        [
            measured.Report.Component,
            measured.Report.Dimension.ToString(CultureInfo.InvariantCulture),
            .. figures,
            Number(health.InitLoss, 6),
            ShareText.Of(health.KnowledgeLost),
            Number(health.RHat),
            Number(health.EffectiveSampleSize),
            Number(health.GewekeZ, 3),
            Number(health.MalaAcceptance, 3),
            Number(health.Temperature, 3),
            Number(health.GrowthExponent, 3),
            Number(health.Distance),
            ShareText.Of(coefficient is null ? null : health.FractionBelowInitLoss),
        ];
    }

    private static double? MeanLoss(ComponentHealth health) => health.MeanLoss.Count == 0 ? null : health.MeanLoss.Average();

    private static string Number(double? value, int digits = 4) => value?.ToString($"G{digits}", CultureInfo.InvariantCulture) ?? Unknown;

    private IEnumerable<string> Verdicts() =>
        from measured in coefficients
        from verdict in measured.Health.Verdicts
        select $"  {measured.Report.Component}: {verdict.Sentence}";
}
