using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports.Conclusions;
using Curie.Numerics;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Sampling.Calibration;
using Curie.Sampling.Networks;
using Curie.Studies.Configuration;

namespace Curie.Cli.Reports;

/// <summary>What <c>curie calibrate</c> says at its end: the conclusion, what to paste, and the settings behind it.</summary>
/// <param name="configuration">What was not tried.</param>
/// <param name="cells">The settings.</param>
/// <param name="whyNoResponse">Why responses were not measured, as half a sentence; null where they were.</param>
/// <param name="verbose">Whether every setting is shown, with every component.</param>
/// <param name="stopped">Whether the search was stopped; then nothing is recommended.</param>
internal sealed class CalibrationReport(
    ExperimentConfiguration configuration,
    IReadOnlyList<CalibrationCell> cells,
    string? whyNoResponse,
    bool verbose,
    bool stopped
)
{
    private const string Unknown = "-";

    /// <summary>The reasons that are counted where settings are not shown one by one.</summary>
    private const int MostReasons = 2;

    /// <summary>The recommendation; none where the search was stopped.</summary>
    public CalibrationAdvice Advice { get; } =
        stopped
            ? new CalibrationAdvice(
                null,
                [
                    $"Stopped: {cells.Count(cell => cell.Stage == CalibrationStage.Coarse)} of {Counted.Of(cells.Count, "setting")} were "
                        + $"tried coarsely and {cells.Count(cell => cell.Stage == CalibrationStage.Measured)} measured at length; nothing "
                        + "is recommended.",
                ],
                []
            )
            : CalibrationAdvice.Of(cells);

    /// <summary>The conclusion, the lines to paste, the settings that were measured and what became of the others.</summary>
    public string Text => string.Join('\n', Lines());

    /// <summary>Every figure.</summary>
    public JsonObject Json =>
        new()
        {
            ["configuration"] = configuration.ToJson(),
            ["complete"] = !stopped,
            ["recommended"] = Advice.Cell is int place ? Setting(cells[place].Options) : null,
            ["reasons"] = new JsonArray([.. Reasons.Select(reason => (JsonNode)reason)]),
            ["kinds"] = new JsonArray([
                .. Advice.Kinds.Select(kind => new JsonObject
                {
                    ["kind"] = kind.Kind,
                    ["best"] = kind.Cell is int best ? Setting(cells[best].Options) : null,
                    ["reason"] = kind.Reason,
                }),
            ]),
            ["cells"] = new JsonArray([.. cells.Select(ToJson)]),
        };

    private IReadOnlyList<string> Reasons =>
        whyNoResponse is null
            ? Advice.Reasons
            : [.. Advice.Reasons, $"Settings are judged by λ̂ alone and not by the error of a response, because {whyNoResponse}."];

    private static JsonObject Setting(SamplingOptions options) =>
        new()
        {
            ["step_size"] = options.StepSize,
            ["nbeta"] = options.NBeta,
            ["localization"] = options.Localization,
            ["chains"] = options.Chains,
            ["draws"] = options.Draws,
            ["burn_in"] = options.BurnIn,
            ["steps_between_draws"] = options.StepsBetweenDraws,
        };

    private static string Number(double? value, int digits = 3) => value?.ToString($"G{digits}", CultureInfo.InvariantCulture) ?? Unknown;

    private static string Given(double value) => value.ToString(CultureInfo.InvariantCulture).Replace('E', 'e');

    private static string Estimate(ComponentCoefficient measured) =>
        measured.Coefficient is { } coefficient ? $"{Number(coefficient.Value)} ± {Number(coefficient.StandardError, 2)}" : "stopped";

    /// <summary>A figure for JSON, which knows neither infinity nor NaN.</summary>
    private static double? Finite(double? value) => value is { } known && double.IsFinite(known) ? known : null;

    private static string OfCeiling(double? value, double? error) =>
        value is not { } known ? Unknown
        : error is { } found ? string.Create(CultureInfo.InvariantCulture, $"{known:0.00} ± {found:0.00}")
        : string.Create(CultureInfo.InvariantCulture, $"{known:0.00}");

    private static string Word(CalibrationStage stage) =>
        stage switch
        {
            CalibrationStage.Untried => "untried",
            CalibrationStage.Discarded => "refused",
            CalibrationStage.Coarse => "coarse",
            _ => "at length",
        };

    private static JsonObject? ToJson(ComponentResponse? response) =>
        response is null
            ? null
            : new JsonObject
            {
                ["burn_in"] = response.BurnIn,
                ["relative_error"] = RecordJson.Number(response.RelativeError),
                ["draws_needed"] = RecordJson.Number(response.DrawsNeeded),
                ["shadow_growth"] = RecordJson.Number(response.Shadow?.Growth),
                ["perturbation_nonlinearity"] = RecordJson.Number(response.Nonlinearity),
                ["control"] = response.Control is not { } control
                    ? null
                    : new JsonObject
                    {
                        ["correlation"] = control.Correlation,
                        ["ceiling"] = RecordJson.Number(control.Ceiling),
                        ["of_ceiling"] = RecordJson.Number(control.OfCeiling),
                        ["of_ceiling_se"] = RecordJson.Number(control.OfCeilingError),
                    },
            };

    private static JsonNode ToJson(CalibrationCell cell)
    {
        JsonObject json = Setting(cell.Options);
        json["stage"] = Word(cell.Stage);
        json["sound"] = cell.IsSound;
        json["objections"] = new JsonArray([.. cell.Objections.Select(objection => (JsonNode)$"{objection}; try {objection.Remedy}")]);
        json["step_size_sensitivity"] = RecordJson.Number(cell.StepSizeSensitivity);
        json["relative_error"] = RecordJson.Number(cell.RelativeError);
        json["response_error"] = RecordJson.Number(cell.ResponseError);
        json["response_work"] = RecordJson.Number(cell.ResponseWork);
        json["of_ceiling"] = RecordJson.Number(cell.OfCeiling);
        json["of_ceiling_se"] = RecordJson.Number(cell.OfCeilingError);
        json["components"] = new JsonArray([
            .. cell.Coefficients.Select(
                (measured, place) =>
                    new JsonObject
                    {
                        ["component"] = measured.Report.Component,
                        ["llc"] = RecordJson.Number(measured.Coefficient?.Value),
                        ["llc_se"] = RecordJson.Number(measured.Coefficient?.StandardError),
                        ["split_r_hat"] = RecordJson.Number(measured.Health.RHat),
                        ["effective_sample_size"] = RecordJson.Number(measured.Health.EffectiveSampleSize),
                        ["mala_acceptance"] = RecordJson.Number(measured.Health.MalaAcceptance),
                        ["temperature"] = RecordJson.Number(measured.Health.Temperature),
                        ["fraction_below_init_loss"] = RecordJson.Number(
                            measured.Coefficient is null ? null : measured.Health.FractionBelowInitLoss
                        ),
                        ["mean_loss"] = RecordJson.Number(measured.Health.MeanLoss.Count == 0 ? null : measured.Health.MeanLoss.Average()),
                        ["init_loss"] = RecordJson.Number(measured.Health.InitLoss),
                        ["null_loss"] = RecordJson.Number(measured.Health.NullLine),
                        ["knowledge_lost"] = RecordJson.Number(measured.Health.KnowledgeLost),
                        ["response"] = ToJson(cell.Responses.ElementAtOrDefault(place)),
                    }
            ),
        ]);
        return json;
    }

    private static IEnumerable<string> Wrapped(string sentence, string indent = "")
    {
        foreach (
            (string line, int number) in ProseLines.Wrap(sentence, ProseLines.Width - indent.Length - 2).Select((line, n) => (line, n))
        )
        {
            yield return indent + (number == 0 ? "" : "  ") + line;
        }
    }

    private static string Short(CalibrationCell cell) =>
        $"γ {Given(cell.Options.Localization)}, nβ {Given(cell.Options.NBeta)}, ε {Given(cell.Options.StepSize)}";

    private IEnumerable<string> Lines()
    {
        foreach (string line in Reasons.SelectMany(reason => Wrapped(reason)))
        {
            yield return line;
        }

        if (Advice.Cell is int place)
        {
            yield return "";
            yield return "sampling:";
            foreach ((string key, JsonNode? value) in Setting(cells[place].Options))
            {
                yield return $"  {key}: {value!.ToJsonString().Replace('E', 'e')}";
            }
        }

        foreach (KindAdvice kind in Advice.Kinds)
        {
            string sentence = kind.Cell is int best
                ? $"{kind.Kind}: best at {Short(cells[best])}, where {kind.Reason}."
                : $"{kind.Kind}: nothing is sound; mostly {kind.Reason}.";
            foreach (string line in Wrapped(sentence, "  "))
            {
                yield return line;
            }
        }

        CalibrationCell[] shown =
        [
            .. cells.Where(cell => cell.Stage == CalibrationStage.Measured || (verbose && cell.Stage == CalibrationStage.Coarse)),
        ];
        if (shown.Length > 0)
        {
            yield return "";
            yield return Table(shown);
            foreach (string line in shown.Where(cell => cell.Objections.Count > 0).SelectMany(Objections))
            {
                yield return line;
            }
        }

        foreach (string line in Others().SelectMany(sentence => Wrapped(sentence)))
        {
            yield return line;
        }

        if (verbose)
        {
            foreach (CalibrationCell cell in shown)
            {
                yield return "";
                yield return $"{Short(cell)}, {Word(cell.Stage)}";
                yield return Components(cell);
            }
        }
    }

    private IEnumerable<string> Objections(CalibrationCell cell)
    {
        IEnumerable<CalibrationObjection> said = verbose ? cell.Objections : cell.Objections.Take(1);
        string others = !verbose && cell.Objections.Count > 1 ? $" (and {cell.Objections.Count - 1} more)" : "";
        return Wrapped($"{Short(cell)}: {string.Join("; ", said)}{others}.", "  ");
    }

    private string Table(IReadOnlyList<CalibrationCell> shown) =>
        TextTable.Render(
            [
                "",
                "γ",
                "nβ",
                "ε",
                "draws",
                "split R̂ ≤",
                "lost ≤",
                .. whyNoResponse is null ? (string[])["error ≤", "r/ceiling"] : ["λ̂ error"],
                "sound",
            ],
            shown.Select(cell =>
                (IReadOnlyList<string>)
                    [
                        Advice.Cell is int place && ReferenceEquals(cells[place], cell) ? "►" : "",
                        Given(cell.Options.Localization),
                        Given(cell.Options.NBeta),
                        Given(cell.Options.StepSize),
                        cell.Options.StepsBetweenDraws == 1
                            ? Given(cell.Options.Draws)
                            : $"{cell.Options.Draws} every {cell.Options.StepsBetweenDraws}",
                        Number(cell.Coefficients.Max(one => one.Health.RHat)),
                        ShareText.Of(cell.Coefficients.Max(one => one.Health.KnowledgeLost)),
                        .. whyNoResponse is null
                            ? (string[])
                                [
                                    Number(cell.Responses.Max(one => Finite(one.RelativeError)), 2),
                                    OfCeiling(cell.OfCeiling, cell.OfCeilingError),
                                ]
                            : [ShareText.Of(cell.RelativeError)],
                        cell.Stage == CalibrationStage.Coarse ? "coarse"
                        : cell.IsSound ? "yes"
                        : "no",
                    ]
            )
        );

    private string Components(CalibrationCell cell) =>
        TextTable.Render(
            ["", "λ̂", "split R̂", "ESS", "lost", .. whyNoResponse is null ? (string[])["error", "±s", "r", "at most", "r/ceiling"] : []],
            cell.Coefficients.Select(
                (measured, place) =>
                    (IReadOnlyList<string>)
                        [
                            measured.Report.Component,
                            Estimate(measured),
                            Number(measured.Health.RHat),
                            Number(measured.Health.EffectiveSampleSize),
                            ShareText.Of(measured.Health.KnowledgeLost),
                            .. cell.Responses.ElementAtOrDefault(place) is { } response
                                ? (string[])
                                    [
                                        Number(Finite(response.RelativeError), 2),
                                        ShareText.Of(Finite(response.Nonlinearity)),
                                        Number(response.Control?.Correlation, 2),
                                        Number(response.Control?.Ceiling, 2),
                                        OfCeiling(response.Control?.OfCeiling, response.Control?.OfCeilingError),
                                    ]
                                : [],
                        ]
            )
        );

    /// <summary>What became of the settings that were not measured at length, in a sentence for each stage.</summary>
    private IEnumerable<string> Others()
    {
        foreach (
            (CalibrationStage stage, bool isClear, string words) in new[]
            {
                (CalibrationStage.Discarded, true, "refused without sampling"),
                (CalibrationStage.Coarse, true, "left out after the coarse pass"),
                (CalibrationStage.Coarse, false, "less promising in the coarse pass"),
                (CalibrationStage.Untried, false, stopped ? "not tried" : "not tried, as a stronger localisation was too weak already"),
            }
        )
        {
            CalibrationCell[] own = [.. cells.Where(cell => cell.Stage == stage && cell.Objections.Count > 0 == isClear)];
            if (own.Length > 0)
            {
                IEnumerable<string> why = own.Where(cell => cell.Objections.Count > 0)
                    .GroupBy(cell => cell.Objections[0].Finding)
                    .OrderByDescending(group => group.Count())
                    .Take(MostReasons)
                    .Select(group => $"{group.Key} ({group.Count()})");
                yield return $"{Counted.Of(own.Length, "setting")} {words}{(isClear ? $": {string.Join(", ", why)}" : "")}.";
            }
        }

        if (!verbose)
        {
            yield return "Every setting and component: --verbose, --out.";
        }
    }
}
