using Curie.Cluster.Tests.Slurm;
using Curie.Tests;

namespace Curie.Cluster.Tests.Studies;

/// <summary>A small experiment, what one process makes of it, and studies that cut it into shards.</summary>
public sealed class CurieExperiment : IDisposable
{
    private static readonly Dictionary<string, string> Nothing = [];
    private static readonly string[] RunFiles = ["manifest.json", "susceptibility.npz", "batches.npz"];
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<IReadOnlyDictionary<string, byte[]>> _whole;
    private int _studies;

    public CurieExperiment()
    {
        string source = ReferenceFiles.Susceptibility("3-attention-shortformer");
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = _folder.File(System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        string config = _folder.File("experiment.yaml");
        string text = File.ReadAllText(config);
        foreach (
            (string from, string to) in new[]
            {
                ("noise_level: 0", "noise_level: 1"),
                ("localization: 10", "localization: 300"),
                ("chains: 1", "chains: 8"),
                ("draws: 12", "draws: 30"),
            }
        )
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        File.WriteAllText(config, text);
        _whole = new(MakeWhole);
    }

    /// <summary>The folder of the experiment, in which the studies lie.</summary>
    public string Path => _folder.Path;

    public void Dispose() => _folder.Dispose();

    /// <summary>A study of it that is not there yet.</summary>
    /// <param name="cluster">The Slurm of its shards; null where they run on this machine.</param>
    internal CurieStudy Study(SlurmCluster? cluster = null) => new(this, FormattableString.Invariant($"cut-{++_studies}"), cluster);

    /// <summary>Asserts that a run folder has the bytes of one process.</summary>
    internal void AssertSameBytes(string folder) =>
        Assert.All(RunFiles, name =>
            Assert.True(_whole.Value[name].SequenceEqual(File.ReadAllBytes(System.IO.Path.Combine(folder, name))), name)
        );

    private Dictionary<string, byte[]> MakeWhole()
    {
        string[] command = ["susceptibility", "--config", "experiment.yaml", "--out", "whole", "--threads", "1", "--quiet"];
        using (System.Diagnostics.Process process = CurieProgram.Start(Path, Nothing, command))
        {
            CurieProgram.End(process, code: 0);
        }

        return RunFiles.ToDictionary(name => name, name => File.ReadAllBytes(_folder.File($"whole/{name}")));
    }
}
