using System.Text.Json.Nodes;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Numerics;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Development.Coefficients;

/// <summary>
/// Learning coefficients over training (Hoogland et al., arXiv 2402.02364; per component and data set, Wang et al., arXiv 2410.02984):
/// every
/// checkpoint on every data set is one measurement, kept in a file of its own as soon as it is done. A study that was stopped goes on with
/// the first measurement that is not there, and its table has the same bytes.
/// </summary>
public sealed class CoefficientStudy
{
    /// <summary>The folder of the measurements, inside the study's.</summary>
    public const string MeasurementFolderName = "measurements";

    private readonly ICoefficientSource _source;
    private readonly JsonObject _configuration;

    /// <summary>A study that has measured nothing.</summary>
    /// <param name="source">What is measured.</param>
    /// <param name="configuration">What was asked for, to be kept with the table.</param>
    public CoefficientStudy(ICoefficientSource source, JsonObject configuration)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _configuration = configuration;
    }

    /// <summary>The number of measurements: checkpoints × data sets.</summary>
    public int Count => _source.Checkpoints.Count * _source.Data.Count;

    /// <summary>Every file that the study writes, relative to its folder.</summary>
    public IEnumerable<string> Files =>
        Enumerable.Range(0, Count).Select(RelativePath).Concat([CoefficientTable.CsvName, CoefficientTable.JsonName]);

    /// <summary>How many measurements a folder holds.</summary>
    public int CountDone(string folder) => Enumerable.Range(0, Count).Count(unit => File.Exists(Path.Combine(folder, RelativePath(unit))));

    /// <summary>Makes the measurements that are missing, checkpoint by checkpoint, and writes the table.</summary>
    /// <param name="folder">The study's folder.</param>
    /// <param name="follow">Asked for each measurement, by checkpoint and index of the data set, who is told of its progress.</param>
    /// <param name="cancellation">Stops between two updates or two evaluations.</param>
    /// <exception cref="InputException">A checkpoint does not fit, or a measurement in the folder is another study's or
    /// damaged.</exception>
    /// <exception cref="OperationCanceledException">The study was stopped; what is done is kept.</exception>
    public CoefficientTable Run(string folder, Func<Checkpoint, int, IProgress<SamplingProgress>?> follow, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(follow);
        List<CoefficientRow> rows = [];
        for (int unit = 0; unit < Count; unit++)
        {
            cancellation.ThrowIfCancellationRequested();
            (int place, int data) = (unit / _source.Data.Count, unit % _source.Data.Count);
            Checkpoint checkpoint = _source.Checkpoints[place];
            string path = Path.Combine(folder, RelativePath(unit));
            if (!File.Exists(path))
            {
                Keep(folder, unit, _source.Measure(place, data, follow(checkpoint, data), cancellation));
            }

            rows.AddRange(
                CoefficientMeasurement
                    .Read(path, _source.Digest(place, data))
                    .Components.Select(measured => CoefficientRow.Of(checkpoint.Name, checkpoint.Step, _source.Data[data], measured))
            );
        }

        CoefficientTable table = new(_configuration, rows);
        table.Save(folder);
        return table;
    }

    /// <summary>Puts a measurement into a folder, as if it had been made there.</summary>
    /// <param name="folder">The study's folder.</param>
    /// <param name="unit">Which measurement: the checkpoint's place times the number of data sets, plus the data set's.</param>
    /// <param name="measured">The coefficients of all components, in order.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Keep(string folder, int unit, IReadOnlyList<ComponentCoefficient> measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        string path = Path.Combine(folder, RelativePath(unit));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string digest = _source.Digest(unit / _source.Data.Count, unit % _source.Data.Count);
        new CoefficientMeasurement(digest, [.. measured.Select(CoefficientRecord.Of)]).Write(path);
    }

    /// <summary>What a measurement is called: CHECKPOINT.DATA.</summary>
    public string NameOf(int unit) => $"{_source.Checkpoints[unit / _source.Data.Count].Name}.{_source.Data[unit % _source.Data.Count]}";

    private string RelativePath(int unit) => Path.Combine(MeasurementFolderName, $"{NameOf(unit)}.json");
}
