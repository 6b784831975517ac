using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Output;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Sampling.Calibration;
using Curie.Sampling.Networks;
using Curie.Studies.Configuration;

namespace Curie.Cli.Reports;

/// <summary>What <c>curie calibrate</c> says at its end.</summary>
/// <param name="configuration">What was not tried.</param>
/// <param name="cells">The settings.</param>
/// <param name="whyNoResponse">Why responses were not measured, as half a sentence; null where they were.</param>
internal sealed class CalibrationReport(ExperimentConfiguration configuration, IReadOnlyList<CalibrationCell> cells, string? whyNoResponse)
{
    private const string Unknown = "-";

    /// <summary>The recommendation.</summary>
    public CalibrationAdvice Advice { get; } = CalibrationAdvice.Of(cells);

    /// <summary>The grid, the objections and the recommendation.</summary>
    public string Text => string.Join('\n', Lines());

    /// <summary>Every figure.</summary>
    public JsonObject Json =>
        new()
        {
            ["configuration"] = configuration.ToJson(),
            ["cells"] = new JsonArray([.. cells.Select(ToJson)]),
            ["recommended"] = Advice.Cell is int place ? Setting(cells[place].Options) : null,
            ["reasons"] = new JsonArray([.. Reasons.Select(reason => (JsonNode)reason)]),
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
        };

    private static string Number(double? value, int digits = 3) => value?.ToString($"G{digits}", CultureInfo.InvariantCulture) ?? Unknown;

    private static string Given(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Estimate(ComponentCoefficient measured) =>
        measured.Coefficient is { } coefficient ? $"{Number(coefficient.Value)} ± {Number(coefficient.StandardError, 2)}" : "stopped";

    /// <summary>A figure for JSON, which knows neither infinity nor NaN.</summary>
    private static double? Finite(double? value) => value is { } known && double.IsFinite(known) ? known : null;

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
            };

    private static JsonNode ToJson(CalibrationCell cell)
    {
        JsonObject json = Setting(cell.Options);
        json["sound"] = cell.IsSound;
        json["objections"] = new JsonArray([
            .. cell.Objections.Select(objection => (JsonNode)$"{objection.Component}: {objection.Reason}; try {objection.Remedy}"),
        ]);
        json["step_size_sensitivity"] = RecordJson.Number(cell.StepSizeSensitivity);
        json["relative_error"] = RecordJson.Number(cell.RelativeError);
        json["response_error"] = RecordJson.Number(cell.ResponseError);
        json["response_work"] = RecordJson.Number(cell.ResponseWork);
        json["components"] = new JsonArray([
            .. cell.Coefficients.Select(
                (measured, place) =>
                    new JsonObject
                    {
                        ["component"] = measured.Report.Component,
                        ["llc"] = RecordJson.Number(measured.Coefficient?.Value),
                        ["llc_se"] = RecordJson.Number(measured.Coefficient?.StandardError),
                        ["split_r_hat"] = RecordJson.Number(measured.Health.RHat),
                        ["mala_acceptance"] = RecordJson.Number(measured.Health.MalaAcceptance),
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

    private IEnumerable<string> Lines()
    {
        string[] names = [.. cells[0].Coefficients.Select(measured => measured.Report.Component)];
        yield return TextTable.Render(
            [
                "",
                "ε",
                "nβ",
                "γ",
                .. names.SelectMany(name => new[] { $"λ̂ {name}", "lost" }),
                "split R̂ ≤",
                "MALA ≥",
                "below L0 ≤",
                "E[loss]/null ≤",
                "sound",
            ],
            cells.Select(Row)
        );
        if (whyNoResponse is null)
        {
            yield return "The response, measured by coupled chains: its error over its spread over tokens of the loss rows; how many "
                + $"times as many draws bring that to {Given(CalibrationRules.TargetResponseError)}; the burn-in that it takes; the "
                + "growth of the shadows' distance; and what the size of the perturbation changes.";
            yield return TextTable.Render(
                ["", "ε", "nβ", "γ", .. names.SelectMany(name => new[] { $"error {name}", "draws ×" }), "burn-in", "growth ≤", "±s ≤"],
                cells.Select(ResponseRow)
            );
        }

        foreach (CalibrationCell cell in cells.Where(cell => !cell.IsSound))
        {
            CalibrationObjection first = cell.Objections[0];
            string others = cell.Objections.Count == 1 ? "" : $" (and {cell.Objections.Count - 1} more)";
            yield return $"  ε {Given(cell.Options.StepSize)}, nβ {Given(cell.Options.NBeta)}, γ {Given(cell.Options.Localization)}: "
                + $"{first.Component}: {first.Reason}{others}.";
        }

        if (Advice.Cell is int place)
        {
            SamplingOptions options = cells[place].Options;
            yield return $"Recommended for all components: step_size {Given(options.StepSize)}, nbeta {Given(options.NBeta)}, "
                + $"localization {Given(options.Localization)}.";
        }

        foreach (string reason in Reasons)
        {
            yield return reason;
        }
    }

    private string[] ResponseRow(CalibrationCell cell, int place)
    {
        IReadOnlyList<ComponentResponse> responses = cell.Responses;
        return
        [
            place == Advice.Cell ? "►" : "",
            Given(cell.Options.StepSize),
            Given(cell.Options.NBeta),
            Given(cell.Options.Localization),
            .. responses.SelectMany(one => new[] { Number(Finite(one.RelativeError), 2), Number(one.DrawsNeeded, 2) }),
            responses[0].BurnIn.ToString(CultureInfo.InvariantCulture),
            Number(responses.Max(one => Finite(one.Shadow?.Growth))),
            ShareText.Of(responses.Max(one => Finite(one.Nonlinearity))),
        ];
    }

    private string[] Row(CalibrationCell cell, int place)
    {
        IReadOnlyList<ComponentCoefficient> measured = cell.Coefficients;
        double? nullShare = measured.Max(one =>
            one.Health.NullLine is double line && one.Health.MeanLoss.Count > 0 ? one.Health.MeanLoss.Average() / line : (double?)null
        );
        return
        [
            place == Advice.Cell ? "►" : "",
            Given(cell.Options.StepSize),
            Given(cell.Options.NBeta),
            Given(cell.Options.Localization),
            .. measured.SelectMany(one => new[] { Estimate(one), ShareText.Of(one.Health.KnowledgeLost) }),
            Number(measured.Max(one => one.Health.RHat)),
            Number(measured.Min(one => one.Health.MalaAcceptance), 2),
            string.Create(CultureInfo.InvariantCulture, $"{100 * measured.Max(one => one.Health.FractionBelowInitLoss):0.#} %"),
            Number(nullShare, 2),
            cell.IsSound ? "yes" : "no",
        ];
    }
}
