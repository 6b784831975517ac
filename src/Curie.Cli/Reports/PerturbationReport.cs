using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Curie.Cli.Output;
using Curie.Numerics.Files;
using Curie.Response.Linearity;
using Curie.Response.Runs;

namespace Curie.Cli.Reports;

/// <summary>What <c>curie perturb</c> says at its end.</summary>
internal sealed class PerturbationReport(string probe, IReadOnlyList<PerturbedComponent> components)
{
    private static readonly string[] ResponseHeaders =
    [
        "component",
        "h",
        "Δ⟨φ⟩/(nβh)",
        "± s.e.",
        "covariance",
        "± s.e.",
        "z",
        "off its line",
    ];
    private static readonly string[] CoefficientHeaders = ["component", "h", "Δλ̂/h", "± s.e.", "dλ̂/dh", "± s.e.", "z", "off its line"];

    /// <summary>The chains that were left out, each in a sentence.</summary>
    public IReadOnlyList<string> Excluded { get; } =
    [
        .. components
            .SelectMany(component => component.Failures)
            .Select(failure => $"chain {failure.Chain} of {failure.Component} was stopped at draw {failure.Draw}: {failure.Reason}."),
    ];

    /// <summary>Which components contradict the run, in a sentence; null for none.</summary>
    public string? Contradiction
    {
        get
        {
            string[] names =
            [
                .. components
                    .Where(component => component.WorstZ > PerturbedComponent.LargestDisagreement)
                    .Select(component => component.Name),
            ];
            return names.Length == 0
                ? null
                : $"the posterior of {string.Join(", ", names)}, really perturbed by {probe}, contradicts the derivatives of the run by "
                    + $"more than {PerturbedComponent.LargestDisagreement} combined errors.";
        }
    }

    /// <summary>Both tables, what their columns mean, and a verdict on each component.</summary>
    public string Text
    {
        get
        {
            IEnumerable<string> lines =
            [
                TextTable.Render(ResponseHeaders, Rows(component => component.Response)),
                TextTable.Render(CoefficientHeaders, Rows(component => component.Coefficient)),
                $"h is the share of {probe} in the data; z = (perturbed − run)/their errors in quadrature; off its line: by how much the "
                    + "change has left the straight line that it starts along at h = 0.",
                .. components.Select(Verdict),
            ];
            return string.Join('\n', lines);
        }
    }

    /// <summary>The same for scripts.</summary>
    public JsonObject Json =>
        new()
        {
            ["probe"] = probe,
            ["components"] = new JsonArray([
                .. components.Select(component => new JsonObject
                {
                    ["component"] = component.Name,
                    ["response"] = Curve(component.Response),
                    ["llc"] = Curve(component.Coefficient),
                    ["largest_z"] = RecordJson.Number(component.WorstZ),
                    ["excluded"] = component.Failures.Count,
                }),
            ]),
        };

    /// <summary>One line for each component, quantity and share.</summary>
    public string Csv
    {
        get
        {
            StringBuilder csv = new("component,quantity,share,perturbed,perturbed_se,linear,linear_se,z,departure\n");
            foreach (PerturbedComponent component in components)
            {
                Append(csv, component.Name, "response", component.Response);
                Append(csv, component.Name, "llc", component.Coefficient);
            }

            return csv.ToString();
        }
    }

    private static void Append(StringBuilder csv, string component, string quantity, ResponseCurve? curve)
    {
        foreach (CurvePoint point in curve?.Points ?? [])
        {
            double[] numbers =
            [
                point.Share,
                point.Value,
                point.StandardError,
                curve!.Linear,
                curve.LinearError,
                curve.Z(point),
                curve.Departure(point),
            ];
            IEnumerable<string> fields = numbers.Select(number =>
                double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : ""
            );
            csv.Append(CsvText.Field(component)).Append(',').Append(quantity).Append(',').AppendJoin(',', fields).Append('\n');
        }
    }

    private static JsonObject? Curve(ResponseCurve? curve) =>
        curve is null
            ? null
            : new JsonObject
            {
                ["linear"] = RecordJson.Number(curve.Linear),
                ["linear_se"] = RecordJson.Number(curve.LinearError),
                ["limit"] = RecordJson.Number(curve.Limit),
                ["range"] = curve.ShowsRange ? RecordJson.Number(curve.Range) : null,
                ["range_known"] = curve.ShowsRange,
                ["shares"] = new JsonArray([
                    .. curve.Points.Select(point => new JsonObject
                    {
                        ["share"] = point.Share,
                        ["value"] = RecordJson.Number(point.Value),
                        ["se"] = RecordJson.Number(point.StandardError),
                        ["z"] = RecordJson.Number(curve.Z(point)),
                        ["departure"] = RecordJson.Number(curve.Departure(point)),
                    }),
                ]),
            };

    /// <summary>JSON has no infinity.</summary>
    private static string Verdict(PerturbedComponent component)
    {
        if (component is not { Response: { } response, Coefficient: { } coefficient, WorstZ: { } z })
        {
            return $"{component.Name}: too few chains were sampled to their end.";
        }

        string agreement =
            z <= PerturbedComponent.LargestAgreement ? "a linear response"
            : z <= PerturbedComponent.LargestDisagreement ? "not confirmed, nor contradicted"
            : "a contradiction";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{component.Name}: at h = {response.Points[0].Share} within {z:0.0} combined errors of the run, {agreement}; 10 % off its "
                + $"line {Range(response)} (φ), {Range(coefficient)} (λ̂)."
        );
    }

    private static string Range(ResponseCurve curve) =>
        !curve.ShowsRange ? "at an h that is not known"
        : curve.Range is { } share ? string.Create(CultureInfo.InvariantCulture, $"at h = {share:G2}")
        : string.Create(CultureInfo.InvariantCulture, $"beyond {curve.Points[^1].Share}");

    private IEnumerable<IReadOnlyList<string>> Rows(Func<PerturbedComponent, ResponseCurve?> quantity) =>
        from component in components
        let curve = quantity(component)
        where curve is not null
        from point in curve.Points
        select (IReadOnlyList<string>)
            [
                component.Name,
                point.Share.ToString("R", CultureInfo.InvariantCulture),
                Number(point.Value),
                Error(point.StandardError),
                Number(curve.Linear),
                Error(curve.LinearError),
                curve.Z(point).ToString("0.00", CultureInfo.InvariantCulture),
                curve.ShowsRange ? string.Create(CultureInfo.InvariantCulture, $"{100 * curve.Departure(point):+0.0;-0.0;0.0} %") : "-",
            ];

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Error(double value) => value.ToString("G2", CultureInfo.InvariantCulture);
}
