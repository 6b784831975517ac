using System.Globalization;
using System.Text;
using Curie.Numerics.Files;

namespace Curie.Response.Estimators;

/// <summary>One part of the dataset-level response: probes × components, each value with its standard error.</summary>
public sealed class ResponseTable
{
    private const string CsvHeader = "probe,component,part,value,standard_error\n";
    private readonly PartMatrices<double> _matrices;

    /// <summary>A view of one part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="probes">The names of the columns of <paramref name="matrices"/>.</param>
    /// <param name="components">The names of its rows.</param>
    /// <param name="matrices">Every part, components × probes.</param>
    /// <exception cref="ArgumentException">There is not one name for every row and column.</exception>
    public ResponseTable(ResponsePart part, IReadOnlyList<string> probes, IReadOnlyList<string> components, PartMatrices<double> matrices)
    {
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(matrices);
        if (components.Count != matrices.Rows || probes.Count != matrices.Columns)
        {
            throw new ArgumentException(
                $"{components.Count} components and {probes.Count} probes do not name a {matrices.Rows} by {matrices.Columns} matrix.",
                nameof(matrices)
            );
        }

        (Part, Probes, Components, _matrices) = (part, probes, components, matrices);
    }

    /// <summary>The part.</summary>
    public ResponsePart Part { get; }

    /// <summary>The probes' names: the rows.</summary>
    public IReadOnlyList<string> Probes { get; }

    /// <summary>The components' names: the columns.</summary>
    public IReadOnlyList<string> Components { get; }

    /// <summary>The value for a probe and a component.</summary>
    public double Value(int probe, int component) => _matrices.Values(Part)[(component * Probes.Count) + probe];

    /// <summary>Its standard error.</summary>
    public double StandardError(int probe, int component) => _matrices.StandardErrors(Part)[(component * Probes.Count) + probe];

    /// <summary>
    /// The table as CSV (RFC 4180, lines ended by a line feed): `probe,component,part,value,standard_error`, a line per probe and
    /// component,
    /// numbers with the digits that give back the same float64.
    /// </summary>
    public string ToCsv()
    {
        StringBuilder text = new(CsvHeader);
        for (int probe = 0; probe < Probes.Count; probe++)
        {
            for (int component = 0; component < Components.Count; component++)
            {
                text.Append(
                        CultureInfo.InvariantCulture,
                        $"{CsvText.Field(Probes[probe])},{CsvText.Field(Components[component])},{Part.Name},"
                    )
                    .Append(CultureInfo.InvariantCulture, $"{Value(probe, component):R},{StandardError(probe, component):R}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>The CSV of several tables, one after another under one header.</summary>
    public static string ToCsv(IEnumerable<ResponseTable> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        return CsvHeader + string.Concat(tables.Select(table => table.ToCsv()[CsvHeader.Length..]));
    }

    /// <summary>Writes <see cref="ToCsv()"/> to a file, whole or not at all.</summary>
    /// <exception cref="Numerics.InputException">The file cannot be written.</exception>
    public void WriteCsv(string path) => AtomicFile.WriteAllText(path, ToCsv());
}
