using System.Globalization;
using System.Text;

namespace Curie.Numerics.Files;

/// <summary>A CSV file (RFC 4180) with a header, for tables of some thousand lines.</summary>
public sealed class CsvTable
{
    private readonly string _path;
    private readonly Dictionary<string, int> _columns;

    private CsvTable(string path, Dictionary<string, int> columns, IReadOnlyList<CsvLine> lines)
    {
        _path = path;
        _columns = columns;
        Lines = lines;
    }

    /// <summary>The lines below the header.</summary>
    public IReadOnlyList<CsvLine> Lines { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It cannot be read, has no header, repeats a column, or a line has another number of fields than the
    /// header.</exception>
    public static CsvTable Read(string path)
    {
        string text = InputFile.Read(path, stream => new StreamReader(stream, Encoding.UTF8).ReadToEnd());
        List<CsvLine> lines = [.. Split(text)];
        if (lines.Count == 0)
        {
            throw new InputException($"{path} is empty; it needs a header line and a line per measurement.");
        }

        Dictionary<string, int> columns = [];
        foreach (string name in lines[0].Fields)
        {
            if (!columns.TryAdd(name.Trim(), columns.Count))
            {
                throw new InputException($"{path} has two columns named '{name}'; rename or remove one.");
            }
        }

        if (lines.Find(line => line.Fields.Count != columns.Count) is { } bad)
        {
            throw new InputException(
                $"{path}, line {bad.Number}: {bad.Fields.Count} fields where the header has {columns.Count}; mend or remove the line."
            );
        }

        return new CsvTable(path, columns, lines[1..]);
    }

    /// <summary>The columns' names, in the file's order.</summary>
    public IReadOnlyList<string> Columns => [.. _columns.OrderBy(column => column.Value).Select(column => column.Key)];

    /// <summary>Whether there is such a column.</summary>
    public bool Has(string column) => _columns.ContainsKey(column);

    /// <summary>A field; empty where there is no such column.</summary>
    public string Text(CsvLine line, string column)
    {
        ArgumentNullException.ThrowIfNull(line);
        return _columns.TryGetValue(column, out int index) ? line.Fields[index] : "";
    }

    /// <summary>A number; null where the field is empty or there is no such column.</summary>
    /// <exception cref="InputException">It is not a finite number.</exception>
    public double? Number(CsvLine line, string column)
    {
        string text = Text(line, column);
        if (text.Length == 0)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new InputException(
                $"{_path}, line {line.Number}: {column} is '{text}', which is no finite number; mend or remove the line."
            );
    }

    /// <summary>Requires columns.</summary>
    /// <exception cref="InputException">One is missing.</exception>
    public void Require(params ReadOnlySpan<string> columns)
    {
        foreach (string column in columns)
        {
            if (!Has(column))
            {
                throw new InputException($"{_path} has no column {column}; its header must hold {string.Join(", ", columns.ToArray())}.");
            }
        }
    }

    private static IEnumerable<CsvLine> Split(string text)
    {
        (List<string> fields, StringBuilder field, bool quoted, int number, int first) = ([], new StringBuilder(), false, 1, 1);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            number += c == '\n' ? 1 : 0;
            if (quoted)
            {
                bool doubled = c == '"' && i + 1 < text.Length && text[i + 1] == '"';
                quoted = c != '"' || doubled;
                field.Append(quoted ? c.ToString() : "");
                i += doubled ? 1 : 0;
            }
            else if (c == '"' && field.Length == 0)
            {
                quoted = true;
            }
            else if (c is ',' or '\n')
            {
                fields.Add(field.ToString().TrimEnd('\r'));
                field.Clear();
                if (c == '\n')
                {
                    if (fields.Count > 1 || fields[0].Length > 0)
                    {
                        yield return new CsvLine(first, fields);
                    }

                    (fields, first) = ([], number);
                }
            }
            else
            {
                field.Append(c);
            }
        }

        if (fields.Count > 0 || field.Length > 0)
        {
            fields.Add(field.ToString().TrimEnd('\r'));
            yield return new CsvLine(first, fields);
        }
    }
}
