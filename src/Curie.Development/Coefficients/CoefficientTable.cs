using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Curie.Networks.Models;
using Curie.Numerics.Files;
using Curie.Response.Runs;

namespace Curie.Development.Coefficients;

/// <summary>A study's result: checkpoints by data sets by components.</summary>
/// <param name="Configuration">What was asked for.</param>
/// <param name="Rows">Checkpoint by checkpoint, data set by data set, component by component.</param>
public sealed record CoefficientTable(JsonObject Configuration, IReadOnlyList<CoefficientRow> Rows)
{
    /// <summary>The table's file name.</summary>
    public const string CsvName = "llc.csv";

    /// <summary>The name of the file with the table and all details.</summary>
    public const string JsonName = "llc.json";

    /// <summary>The first line of the table.</summary>
    public const string Header = "checkpoint,step,component,data,value,se,sampling_se,health,loss,loss_se";

    /// <summary>Writes both files; each appears whole or not at all.</summary>
    /// <exception cref="Numerics.InputException">A file cannot be written.</exception>
    public void Save(string folder)
    {
        StringBuilder csv = new(Header + "\n");
        foreach (CoefficientRow row in Rows)
        {
            string[] fields =
            [
                CsvText.Field(row.Checkpoint),
                row.Step.ToString(CultureInfo.InvariantCulture),
                CsvText.Field(row.Component),
                CsvText.Field(row.Data),
                Number(row.Value),
                Number(row.Se),
                Number(row.SamplingSe),
                CsvText.Field(row.Health),
                Number(row.Loss),
                Number(row.LossSe),
            ];
            csv.AppendJoin(',', fields).Append('\n');
        }

        AtomicFile.WriteAllText(Path.Combine(folder, CsvName), csv.ToString());
        RecordJson.WriteFile(Path.Combine(folder, JsonName), this);
    }

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
