using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Configuration;
using Curie.Cli.Output;
using Curie.Sampling;
using Curie.Sampling.Calibration;
using Curie.Sampling.Networks;

namespace Curie.Cli.Reports;

/// <summary>What <c>curie calibrate</c> says at its end.</summary>
internal sealed class CalibrationReport(ExperimentConfiguration configuration, IReadOnlyList<CalibrationCell> cells)
{
    private const string Unknown = "-";

    /// <summary>The recommendation.</summary>
    public CalibrationAdvice Advice { get; } = CalibrationAdvice.Of(cells);

    /// <summary>The grid, the objections and the recommendation.</summary>
    public string Text => string.Join('\n', Lines());

    /// <summary>Every figure.</summary>
    public JsonObject Json => new()
    {
        ["configuration"] = configuration.ToJson(),
        ["cells"] = new JsonArray([.. cells.Select(ToJson)]),
        ["recommended"] = Advice.Cell is int place ? Setting(cells[place].Options) : null,
        ["reasons"] = new JsonArray([.. Advice.Reasons.Select(reason => (JsonNode)reason)]),
    };

    private static JsonObject Setting(SamplingOptions options) => new()
    {
        ["step_size"] = options.StepSize,
        ["nbeta"] = options.NBeta,
        ["localization"] = options.Localization,
    };

    private static string Number(double? value, int digits = 3) => value?.ToString($"G{digits}", CultureInfo.InvariantCulture) ?? Unknown;

    private static string Given(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Estimate(ComponentCoefficient measured) => measured.Coefficient is { } coefficient
        ? $"{Number(coefficient.Value)} ± {Number(coefficient.StandardError, 2)}"
        : "stopped";

    private static JsonNode ToJson(CalibrationCell cell)
    {
        JsonObject json = Setting(cell.Options);
        json["sound"] = cell.IsSound;
        json["objections"] = new JsonArray([.. cell.Objections.Select(objection => (JsonNode)$"{objection.Component}: {objection.Reason}; try {objection.Remedy}")]);
        json["step_size_sensitivity"] = cell.StepSizeSensitivity;
        json["relative_error"] = cell.RelativeError;
        json["components"] = new JsonArray(
        [
            .. cell.Coefficients.Select(measured => new JsonObject
            {
                ["component"] = measured.Report.Component,
                ["llc"] = measured.Coefficient?.Value,
                ["llc_se"] = measured.Coefficient?.StandardError,
                ["split_r_hat"] = measured.Health.RHat,
                ["mala_acceptance"] = measured.Health.MalaAcceptance,
                ["fraction_below_init_loss"] = measured.Coefficient is null ? null : measured.Health.FractionBelowInitLoss,
                ["mean_loss"] = measured.Health.MeanLoss.Count == 0 ? null : measured.Health.MeanLoss.Average(),
                ["init_loss"] = measured.Health.InitLoss,
                ["null_loss"] = measured.Health.NullLine,
                ["knowledge_lost"] = measured.Health.KnowledgeLost,
            }),
        ]);
        return json;
    }

    private IEnumerable<string> Lines()
    {
        string[] names = [.. cells[0].Coefficients.Select(measured => measured.Report.Component)];
        string[] headers = ["", "ε", "nβ", "γ", .. names.SelectMany(name => new[] { $"λ̂ {name}", "lost" }), "split R̂ ≤", "MALA ≥", "below L0 ≤", "E[loss]/null ≤", "sound"];
        yield return TextTable.Render(headers, cells.Select(Row));
        foreach (CalibrationCell cell in cells.Where(cell => !cell.IsSound))
        {
            CalibrationObjection first = cell.Objections[0];
            string others = cell.Objections.Count == 1 ? "" : $" (and {cell.Objections.Count - 1} more)";
            yield return $"  ε {Given(cell.Options.StepSize)}, nβ {Given(cell.Options.NBeta)}, γ {Given(cell.Options.Localization)}: {first.Component}: {first.Reason}{others}.";
        }

        if (Advice.Cell is int place)
        {
            SamplingOptions options = cells[place].Options;
            yield return $"Recommended for all components: step_size {Given(options.StepSize)}, nbeta {Given(options.NBeta)}, localization {Given(options.Localization)}.";
        }

        foreach (string reason in Advice.Reasons)
        {
            yield return reason;
        }
    }

    private string[] Row(CalibrationCell cell, int place)
    {
        IReadOnlyList<ComponentCoefficient> measured = cell.Coefficients;
        double? nullShare = measured.Max(one => one.Health.NullLine is double line && one.Health.MeanLoss.Count > 0 ? one.Health.MeanLoss.Average() / line : (double?)null);
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
