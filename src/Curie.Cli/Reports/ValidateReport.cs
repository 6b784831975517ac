using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Output;
using Curie.Response.Runs;
using Curie.Sampling.Validation;
using Curie.Studies.Configuration;

namespace Curie.Cli.Reports;

/// <summary>Validations as a table and as JSON.</summary>
internal static class ValidateReport
{
    private static readonly string[] Headers = ["case", "quantity", "exact", "expected", "estimate", "standard error", "z", "verdict"];

    /// <summary>One line for every quantity (of a symmetric matrix, for each pair once), and what the columns mean.</summary>
    public static string Text(IReadOnlyList<ValidationResult> results)
    {
        IEnumerable<IReadOnlyList<string>> rows = results.SelectMany(result =>
            result
                .Quantities.Where((_, index) => index % result.Columns <= index / result.Columns)
                .Select(quantity =>
                    (IReadOnlyList<string>)
                        [
                            result.Name,
                            quantity.Name,
                            Number(quantity.Exact),
                            Number(quantity.Expected),
                            Number(quantity.Estimate),
                            quantity.StandardError.ToString("G3", CultureInfo.InvariantCulture),
                            quantity.Z.ToString("0.00", CultureInfo.InvariantCulture),
                            quantity.Passed ? "ok" : "FAIL",
                        ]
                )
        );
        int failed = results.Count(result => !result.Passed);
        return string.Join(
            '\n',
            TextTable.Render(Headers, rows),
            "expected is the exact value at this step size, as far as that is known; z = (estimate − expected)/standard error, as a "
                + "normal number of the same chance; ok is |z| ≤ 4.",
            failed == 0 ? $"All of {results.Count} agree." : $"{failed} of {results.Count} do not agree."
        );
    }

    /// <summary>All results.</summary>
    public static JsonObject Json(IReadOnlyList<ValidationResult> results) =>
        new()
        {
            ["passed"] = results.Count(result => result.Passed),
            ["failed"] = results.Count(result => !result.Passed),
            ["cases"] = new JsonArray([.. results.Select(Json)]),
        };

    /// <summary>One result; what is a matrix is an array of rows, and of several numbers the first is followed by all.</summary>
    public static JsonObject Json(ValidationResult result)
    {
        JsonObject json = new()
        {
            ["case"] = result.Name,
            ["quantity"] = result.Columns == 1 ? result.Quantities[0].Name : "Cov(ℓi, ℓj)",
            ["exact"] = Values(result, quantity => quantity.Exact),
            ["expected"] = Values(result, quantity => quantity.Expected),
            ["estimate"] = Values(result, quantity => quantity.Estimate),
            ["se"] = Values(result, quantity => quantity.StandardError),
            ["z"] = Values(result, quantity => quantity.Z),
            ["ok"] = result.Passed,
        };
        if (result.Columns == 1 && result.Quantities.Count > 1)
        {
            json["quantities"] = new JsonArray([
                .. result.Quantities.Select(quantity =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["quantity"] = quantity.Name,
                            ["exact"] = RecordJson.Number(quantity.Exact),
                            ["expected"] = RecordJson.Number(quantity.Expected),
                            ["estimate"] = RecordJson.Number(quantity.Estimate),
                            ["se"] = RecordJson.Number(quantity.StandardError),
                            ["z"] = RecordJson.Number(quantity.Z),
                            ["ok"] = quantity.Passed,
                        }
                ),
            ]);
        }

        if (result.Multiplicity is { } multiplicity)
        {
            json["multiplicity"] = multiplicity;
        }

        json["sampler"] = result.Options.Sampler.Name;
        json["step_size"] = result.Options.StepSize;
        json["nbeta"] = result.Options.NBeta;
        json["localization"] = result.Options.Localization;
        json["chains"] = result.Options.Chains;
        json["draws"] = result.Options.Draws;
        json["burn_in"] = result.Options.BurnIn;
        json["steps_between_draws"] = result.Options.StepsBetweenDraws;
        json["seed"] = result.Options.Seed;
        json["stopped_chains"] = new JsonArray([.. result.Failures.Select(failure => (JsonNode)failure.ToString())]);
        return json;
    }

    private static JsonNode? Values(ValidationResult result, Func<ValidationQuantity, double> value) =>
        result.Columns == 1
            ? RecordJson.Number(value(result.Quantities[0]))
            : new JsonArray([
                .. result
                    .Quantities.Chunk(result.Columns)
                    .Select(row => new JsonArray([.. row.Select(quantity => RecordJson.Number(value(quantity)))])),
            ]);

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
