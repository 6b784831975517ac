using System.Globalization;
using System.Text.RegularExpressions;
using Curie.Development.Scores;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Page.Data;

namespace Curie.Page;

/// <summary>
/// Scores over checkpoints: those of language models in long format, or those of regression transformers, one column for each.
/// </summary>
internal static partial class ScoreCurves
{
    /// <summary>The file of <c>curie regression evaluate</c>.</summary>
    public const string RegressionName = "evaluation.csv";

    private const string Whole = "full";
    private const string ErrorSuffix = "_se";

    /// <summary>Reads the scores that a folder holds.</summary>
    /// <returns>For each score its name and lines: component (`full` for the model), and arrays over steps.</returns>
    /// <exception cref="InputException">The folder holds none, or they are damaged.</exception>
    public static ScoresData Read(string folder)
    {
        (string Name, Func<string, IEnumerable<Point>> Points)[] kinds = [(ScoreTable.CsvName, Long), (RegressionName, Wide)];
        foreach ((string name, Func<string, IEnumerable<Point>> points) in kinds)
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                return new ScoresData(name, [.. points(path).GroupBy(point => point.Score).Select(Score)]);
            }
        }

        throw new InputException(
            $"{folder} holds neither {ScoreTable.CsvName} nor {RegressionName}; name with `scores` the folder that `curie scores` over "
                + "checkpoints or `curie regression evaluate` wrote."
        );
    }

    private static IEnumerable<Point> Long(string path)
    {
        CsvTable table = CsvTable.Read(path);
        table.Require("step", "component", "score", "value", "se");
        return table.Lines.Select(line => new Point(
            table.Text(line, "score"),
            table.Text(line, "component"),
            Step(path, table, line),
            table.Number(line, "value"),
            table.Number(line, "se")
        ));
    }

    private static IEnumerable<Point> Wide(string path)
    {
        CsvTable table = CsvTable.Read(path);
        table.Require("step");
        return from column in table.Columns
            where column != "step" && !(column.EndsWith(ErrorSuffix, StringComparison.Ordinal) && table.Has(column[..^ErrorSuffix.Length]))
            let head = HeadColumn.Match(column)
            from line in table.Lines
            select new Point(
                head.Success ? head.Groups["score"].Value : column,
                head.Success ? head.Groups["head"].Value : Whole,
                Step(path, table, line),
                table.Number(line, column),
                table.Number(line, column + ErrorSuffix)
            );
    }

    private static double Step(string path, CsvTable table, CsvLine line) =>
        table.Number(line, "step") is { } step && step >= 0
            ? step
            : throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}, line {line.Number}: there is no step from 0 up; mend or remove the line."
                )
            );

    private static ScoreData Score(IGrouping<string, Point> score) =>
        new(score.Key, [.. score.GroupBy(point => point.Component).Select(line => Line(line.Key, [.. line.OrderBy(point => point.Step)]))]);

    private static ScoreLine Line(string component, Point[] points) =>
        new(
            component,
            [.. points.Select(point => point.Step)],
            [.. points.Select(point => point.Value)],
            Array.Exists(points, point => point.Error is not null) ? [.. points.Select(point => point.Error)] : null
        );

    [GeneratedRegex(@"^(?<head>l\d{1,4}h\d{1,4})_(?<score>.+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex HeadColumn { get; }

    private sealed record Point(string Score, string Component, double Step, double? Value, double? Error);
}
