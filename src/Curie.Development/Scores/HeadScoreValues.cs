using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Response.Modes;

namespace Curie.Development.Scores;

/// <summary>A score of heads at one checkpoint.</summary>
/// <param name="Score">The score's name.</param>
/// <param name="Values">By head.</param>
public sealed record HeadScoreValues(string Score, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>Reads the scores of heads at the last checkpoint of a table of <c>curie scores</c>.</summary>
    /// <param name="path">scores.csv.</param>
    /// <returns>The scores in the order in which they first appear, and the checkpoint's step.</returns>
    /// <exception cref="InputException">A column is missing, a number is damaged, or there is no score of a head.</exception>
    public static (double Step, IReadOnlyList<HeadScoreValues> Scores) ReadLast(string path)
    {
        CsvTable table = CsvTable.Read(path);
        table.Require("step", "component", "score", "value");
        (double? Step, string Component, string Score, double? Value)[] heads =
        [
            .. table
                .Lines.Select(line =>
                    (
                        Step: table.Number(line, "step"),
                        Component: table.Text(line, "component"),
                        Score: table.Text(line, "score"),
                        Value: table.Number(line, "value")
                    )
                )
                .Where(row => row.Step is not null && row.Value is not null && HeadName.Is(row.Component)),
        ];
        if (heads.Length == 0)
        {
            throw new InputException($"{path} has no score of a head; give the folder that curie scores wrote over checkpoints.");
        }

        double last = heads.Max(row => row.Step!.Value);
        return (
            last,
            [
                .. heads
                    .Where(row => row.Step == last)
                    .GroupBy(row => row.Score)
                    .Select(score => Of(path, score.Key, score.Select(row => (row.Component, row.Value!.Value)))),
            ]
        );
    }

    private static HeadScoreValues Of(string path, string score, IEnumerable<(string Component, double Value)> rows)
    {
        Dictionary<string, double> values = [];
        foreach ((string component, double value) in rows)
        {
            if (!values.TryAdd(component, value))
            {
                throw new InputException($"{path} has the score {score} of {component} twice at its last step; give the table of one run.");
            }
        }

        return new HeadScoreValues(score, values);
    }
}
