using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Response.Estimators;

namespace Curie.Response.Runs;

/// <summary>
/// A run folder: `manifest.json`, `susceptibility.npz` and `batches.npz`. The manifest says `complete` only while the arrays that belong to
/// it are there.
/// </summary>
public static class RunFolder
{
    /// <summary>The name of the array file.</summary>
    public const string ArrayFileName = "susceptibility.npz";

    /// <summary>The name of the file of batch means.</summary>
    public const string BatchFileName = "batches.npz";

    /// <summary>Whether the folder holds a run, complete or not.</summary>
    public static bool Holds(string folder) => File.Exists(ManifestPath(folder));

    /// <summary>Marks the folder as holding a run in progress, which `--resume` can continue; creates the folder if need be.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static void Begin(string folder, RunManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot create the folder {folder}: {error.Message} Name another with `out`.", error);
        }

        ManifestFile.Write(ManifestPath(folder), manifest with { Complete = false });
    }

    /// <summary>Writes a finished run and marks it complete.</summary>
    /// <param name="folder">The folder, created if need be.</param>
    /// <param name="manifest">Everything but <see cref="RunManifest.Complete"/> and <see cref="RunManifest.Arrays"/>, which are filled
    /// in.</param>
    /// <param name="data">The arrays.</param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="ArgumentException">The data's shape or parts are not the manifest's.</exception>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static RunManifest Write(string folder, RunManifest manifest, SusceptibilityData data)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(data);
        if (
            data.Shape != manifest.Shape
            || !data.Parts.SequenceEqual(manifest.HeldParts)
            || manifest.Shape.Components != manifest.Components.Count
            || manifest.Shape.Probes != manifest.ProbeNames.Count
        )
        {
            throw new ArgumentException("The manifest's components, probes, shape and parts must be those of the data.", nameof(data));
        }

        Begin(folder, manifest);
        Write(Path.Combine(folder, ArrayFileName), data.Arrays());
        if (data.Batches is { } batches)
        {
            Write(Path.Combine(folder, BatchFileName), batches.Arrays());
        }

        RunManifest complete = manifest with
        {
            Complete = true,
            Arrays = data.Arrays().ToDictionary(array => array.Name, array => array.Describe()),
            BatchArrays = (data.Batches?.Arrays() ?? []).ToDictionary(array => array.Name, array => array.Describe()),
        };
        ManifestFile.Write(ManifestPath(folder), complete);
        return complete;
    }

    /// <summary>Reads the manifest alone, of a complete run or of one in progress.</summary>
    /// <exception cref="InputException">The folder is not a run folder, or its manifest is damaged or too new.</exception>
    public static RunManifest ReadManifest(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputException($"{folder} does not exist or is not a folder; name a folder that `SusceptibilityExperiment` wrote.");
        }

        return Holds(folder)
            ? ManifestFile.Read(ManifestPath(folder))
            : throw new InputException(
                $"{folder} is not a run folder: it holds no {ManifestFile.Name}; name a folder that `SusceptibilityExperiment` wrote."
            );
    }

    /// <summary>Reads a complete run and checks every array's type and shape.</summary>
    /// <exception cref="InputException">As <see cref="ReadManifest"/>; the run is not complete; an array is missing, damaged or of another
    /// shape.</exception>
    public static SusceptibilityRun Read(string folder)
    {
        RunManifest manifest = ReadManifest(folder);
        if (!manifest.Complete)
        {
            throw new InputException(
                manifest.Scan
                    ? $"the scan in {folder} is not complete; make it again with `ScanExperiment`."
                    : $"the run in {folder} is not complete; finish it with `SusceptibilityExperiment.Run(resume: true)` and its "
                        + "`ExperimentConfiguration`."
            );
        }

        string path = Path.Combine(folder, ArrayFileName);
        SusceptibilityData data = new(manifest.Shape, manifest.Estimator, manifest.HeldParts)
        {
            Levels = manifest.Arrays.ContainsKey("excess_gaussian") ? new LevelData(manifest.Shape) : null,
            FullCovariance = manifest.Arrays.ContainsKey("full_covariance") ? new FullCovariance(manifest.Shape) : null,
        };
        data.AddOptional(manifest.Arrays.Keys);
        bool storesExcess = manifest.Parts is not null || manifest.Arrays.ContainsKey(ResponsePart.Excess.Name);
        Read(path, data.Arrays(storesExcess));
        RequireProbes(path, data);
        if (!storesExcess)
        {
            data.DeriveExcess();
        }

        if (data.Batches is { } batches)
        {
            string batchPath = Path.Combine(folder, BatchFileName);
            Read(batchPath, batches.Arrays());
            batches.RequireTokens(batchPath);
        }

        return new SusceptibilityRun(manifest, data);
    }

    private static void Write(string path, IEnumerable<RunArray> arrays) => NpzFile.Write(path, NpzCompression.Stored, writer =>
        {
            foreach (RunArray array in arrays)
            {
                array.Write(writer);
            }
        });

    private static void Read(string path, IEnumerable<RunArray> arrays)
    {
        using NpzReader reader = NpzFile.Open(path);
        foreach (RunArray array in arrays)
        {
            array.Read(reader, path);
        }
    }

    private static string ManifestPath(string folder) => Path.Combine(folder, ManifestFile.Name);

    private static void RequireProbes(string path, SusceptibilityData data)
    {
        int previous = 0;
        foreach (int probe in data.Tokens.Probe)
        {
            if (probe < previous || probe >= data.Shape.Probes)
            {
                throw new InputException(
                    $"token_probe in {path} is not in order or names a probe that the manifest does not have; restore the folder's own "
                        + "files or run the experiment again."
                );
            }

            previous = probe;
        }
    }
}
