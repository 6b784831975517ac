using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Curie.Response.Runs;

namespace Curie.Development.Regression;

/// <summary>The figures of several checkpoints: one row for each, one column for each figure.</summary>
public sealed class RegressionTable
{
    private readonly List<(long Step, IReadOnlyList<double> Values)> _rows = [];

    /// <summary>The names of the figures.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>The checkpoints in the order in which they were added.</summary>
    public IReadOnlyList<(long Step, IReadOnlyList<double> Values)> Rows => _rows;

    /// <summary>Adds a checkpoint.</summary>
    /// <exception cref="ArgumentException">The figures have other names than the first checkpoint's.</exception>
    public void Add(long step, IReadOnlyList<RegressionScore> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        string[] names = [.. scores.Select(score => score.Name)];
        Columns = _rows.Count == 0 ? names : Columns;
        if (!Columns.SequenceEqual(names))
        {
            throw new ArgumentException("The figures have other names than the first checkpoint's.", nameof(scores));
        }

        _rows.Add((step, [.. scores.Select(score => score.Value)]));
    }

    /// <summary>The place of a column.</summary>
    public int IndexOf(string column) => Columns.ToList().IndexOf(column);

    /// <summary><c>step</c> and all columns, one line for each checkpoint; what has no meaning is empty.</summary>
    public string ToCsv()
    {
        StringBuilder text = new("step," + string.Join(',', Columns) + "\n");
        foreach ((long step, IReadOnlyList<double> values) in _rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{step},");
            text.AppendJoin(',', values.Select(value => double.IsFinite(value) ? value.ToString("G9", CultureInfo.InvariantCulture) : ""))
                .Append('\n');
        }

        return text.ToString();
    }

    /// <summary>An object for each checkpoint, with <c>step</c> and all columns; what has no meaning is null.</summary>
    public JsonArray ToJson() =>
        [
            .. _rows.Select(row =>
            {
                JsonObject json = new() { ["step"] = row.Step };
                for (int i = 0; i < Columns.Count; i++)
                {
                    json[Columns[i]] = RecordJson.Number(row.Values[i]);
                }

                return json;
            }),
        ];
}
