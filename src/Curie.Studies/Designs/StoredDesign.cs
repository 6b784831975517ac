using System.Globalization;
using System.Text.Json;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Studies.Designs;

/// <summary>A design that <c>curie design</c> wrote, read back beside its run: the weights of the run's tokens.</summary>
/// <param name="Record">What stands beside the weights.</param>
/// <param name="Probe">The run's probe whose tokens have the weights.</param>
/// <param name="FirstToken">The run's token that has the first weight.</param>
/// <param name="Weights">ρ of the probe's tokens, which follow one another; their mean is 1.</param>
public sealed record StoredDesign(DesignRecord Record, int Probe, int FirstToken, IReadOnlyList<float> Weights)
{
    /// <summary>float32 leaves each weight off by a share of 2⁻²⁴ = 6e-8, and mean and spread by no more; with a wide margin.</summary>
    private const double Rounding = 1e-4;

    /// <summary>Reads both files.</summary>
    /// <param name="path">The weights.</param>
    /// <param name="folder">The run's folder, for errors.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="InputException">A file is missing or damaged, the weights do not fit the run's rows, or they are those of another
    /// run.</exception>
    public static StoredDesign Read(string path, string folder, SusceptibilityRun run)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(run);
        if (!File.Exists(path))
        {
            throw new InputException($"{path} does not exist; name with `design` the weights that curie design wrote.");
        }

        DesignRecord record = ReadRecord(path);
        int probe = ProbeOf(record, run.Manifest);
        if (
            probe < 0
            || (record.Fingerprint is { } own && run.Manifest.Fingerprint is { } other && own != other)
            || record.Predictions.Any(one => !run.Manifest.Components.Contains(one.Component))
        )
        {
            throw Another(path, record, folder);
        }

        using NpyArray<float> array = NpyFile.Read<float>(path);
        RequireShape(path, array, run, probe);
        (int first, int count) = new ResponseView { Probe = probe }.TokensOf(run.Data.Tokens);
        int positions = (int)array.Shape[1];
        HashSet<int> followed = [];
        float[] weights = new float[count];
        for (int i = 0; i < count; i++)
        {
            int place = (run.Data.Tokens.Row[first + i] * positions) + run.Data.Tokens.Position[first + i];
            followed.Add(place);
            weights[i] = array.Span[place];
        }

        // A design has weights at the tokens of its run alone, of mean 1 and of the spread that its record tells.
        double mean = weights.Average(weight => (double)weight);
        double spread = Math.Sqrt(weights.Average(weight => ((double)weight - 1) * (weight - 1)));
        for (int place = 0; place < array.Span.Length; place++)
        {
            if (array.Span[place] != 1 && !followed.Contains(place))
            {
                throw Another(path, record, folder);
            }
        }

        return Math.Abs(mean - 1) <= Rounding && Math.Abs(spread - record.Spread) <= Rounding * Math.Max(1, record.Spread)
            ? new StoredDesign(record, probe, first, weights)
            : throw Another(path, record, folder);
    }

    private static DesignRecord ReadRecord(string path)
    {
        string beside = DesignRecord.PathBeside(path);
        if (!File.Exists(beside))
        {
            throw new InputException(
                $"{beside} does not exist, in which curie design says what {path} is for; put it back beside the weights, or design them "
                    + "again."
            );
        }

        try
        {
            return RecordJson.ReadFile<DesignRecord>(beside);
        }
        catch (JsonException error)
        {
            throw new InputException($"{beside} is damaged or was not written by curie design; design the weights again.", error);
        }
    }

    /// <summary>The probe that a record names; one of before names its rows alone. −1 where the run has none.</summary>
    private static int ProbeOf(DesignRecord record, RunManifest manifest)
    {
        IReadOnlyDictionary<string, string> sources = RunSources.Of(manifest).Probes;
        return manifest
            .ProbeNames.ToList()
            .FindIndex(name => record.Probe is { } probe ? name == probe : sources.GetValueOrDefault(name) == record.Data);
    }

    private static void RequireShape(string path, NpyArray<float> array, SusceptibilityRun run, int probe)
    {
        string name = run.Manifest.ProbeNames[probe];
        if (RunSources.Of(run.Manifest).Probes.GetValueOrDefault(name) is { } rows && File.Exists(rows))
        {
            long[] shape = [.. NpyFile.ReadHeader(rows).Shape];
            if (shape.Length == 2 && !array.Shape.SequenceEqual([shape[0], shape[1] - 1]))
            {
                throw new InputException(
                    $"{path} has the shape ({Words(array)}), and the rows of the probe {name} need ({shape[0]}, {shape[1] - 1}); name the "
                        + "weights that curie design wrote for this run."
                );
            }
        }

        (int first, int count) = new ResponseView { Probe = probe }.TokensOf(run.Data.Tokens);
        if (
            array.Shape.Count != 2
            || run.Data.Tokens.Row.AsSpan(first, count).ToArray().Any(row => row >= array.Shape[0])
            || run.Data.Tokens.Position.AsSpan(first, count).ToArray().Any(position => position >= array.Shape[1])
        )
        {
            throw new InputException(
                $"{path} has the shape ({Words(array)}), which does not hold all tokens of the probe {name}; name the weights that curie "
                    + "design wrote for this run."
            );
        }
    }

    private static string Words(NpyArray<float> array) =>
        string.Join(", ", array.Shape.Select(size => size.ToString(CultureInfo.InvariantCulture)));

    private static InputException Another(string path, DesignRecord record, string folder) =>
        new(
            $"{path} holds the weights of a design from another run than {folder}, or they were changed since; it was designed from "
                + $"{record.Run}: name that run, or design the weights again from this one."
        );
}
