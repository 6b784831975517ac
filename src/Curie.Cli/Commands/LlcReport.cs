using System.Globalization;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Cli.Reports.Conclusions;
using Curie.Development.Coefficients;
using Curie.Numerics.Statistics;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;
using Curie.Sampling.Networks;
using Curie.Studies.Conclusions;
using Curie.Studies.Configuration;

namespace Curie.Cli.Commands;

/// <summary>What <c>curie llc</c> says at its end.</summary>
/// <param name="configuration">What was asked for.</param>
/// <param name="coefficients">What was measured.</param>
/// <param name="verbose">Whether all diagnostics are shown, and every note on a line of its own.</param>
internal sealed class LlcReport(ExperimentConfiguration configuration, IReadOnlyList<ComponentCoefficient> coefficients, bool verbose)
{
    private const string Unknown = "-";

    // Component, λ̂, its error, the shares of it, what is lost, split R̂ and ESS.
    private static readonly int[] ShortColumns = [0, 2, 3, 4, 5, 8, 9, 10];

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

    /// <summary>What was found out, a table, and below it what should not be trusted.</summary>
    public string Text =>
        string.Join(
            '\n',
            [
                .. ConclusionView.Lines(Conclusion, ProseLines.Width),
                "",
                TextTable.Render(Shown(Headers), coefficients.Select(measured => Shown(Row(measured)))),
                .. Verdicts().SelectMany(line => ProseLines.Wrap(line, ProseLines.Width)),
            ]
        );

    /// <summary>Which components are larger than which.</summary>
    public Conclusion Conclusion =>
        CoefficientConclusion.Of(
            coefficients
                .Where(measured => measured.Coefficient is not null)
                .ToDictionary(
                    measured => measured.Report.Component,
                    measured => new MeanEstimate(
                        measured.Coefficient!.Value,
                        measured.Coefficient.StandardError ?? double.NaN,
                        measured.Coefficient.SamplingDegreesOfFreedom
                    )
                )
        );

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

    private static string Number(double? value, int digits = 4) => value is { } known ? EstimateText.Of(known, digits) : Unknown;

    private string[] Shown(string[] row) => verbose ? row : [.. ShortColumns.Select(column => row[column])];

    private IEnumerable<string> Verdicts()
    {
        (string Component, string Note)[] notes =
        [
            .. from measured in coefficients from verdict in measured.Health.Verdicts select (measured.Report.Component, verdict.Sentence),
        ];
        return verbose ? notes.Select(note => $"  {note.Component}: {note.Note}") : NoteSummary.Of(notes, coefficients.Count);
    }
}
