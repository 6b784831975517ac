using Curie.Cluster.Tests.Slurm;
using Curie.Tests;

namespace Curie.Cluster.Tests.Studies;

/// <summary>A small experiment, what one process makes of it, and studies that cut it into shards.</summary>
public sealed class CurieExperiment : IDisposable
{
    /// <summary>The experiment that nearly all studies are of.</summary>
    private const string Short = "experiment.yaml";

    /// <summary>One that takes seven times as long: more than a minute, which is Slurm's shortest limit.</summary>
    private const string Long = "long.yaml";

    private static readonly Dictionary<string, string> Nothing = [];
    private static readonly string[] RunFiles = ["manifest.json", "susceptibility.npz", "batches.npz"];
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, IReadOnlyDictionary<string, byte[]>> _whole = [];
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

        string text = File.ReadAllText(_folder.File(Short));
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

        File.WriteAllText(_folder.File(Short), text);
        File.WriteAllText(_folder.File(Long), text.Replace("draws: 30", "draws: 200", StringComparison.Ordinal));
    }

    /// <summary>The folder of the experiment, in which the studies lie.</summary>
    public string Path => _folder.Path;

    public void Dispose() => _folder.Dispose();

    /// <summary>A study of it that is not there yet.</summary>
    /// <param name="cluster">The Slurm of its shards; null where they run on this machine.</param>
    /// <param name="variables">What is added to the environment of its commands.</param>
    internal CurieStudy Study(SlurmCluster? cluster = null, params (string Name, string Value)[] variables) =>
        new(this, Short, NextName(), CurieStudy.Shards, cluster)
        {
            Variables = variables.ToDictionary(variable => variable.Name, variable => variable.Value),
        };

    /// <summary>A study of a single shard that runs for longer than a minute.</summary>
    internal CurieStudy LongShard(SlurmCluster cluster) => new(this, Long, NextName(), 1, cluster);

    /// <summary>Asserts that a run folder has the bytes of one process.</summary>
    internal void AssertSameBytes(string config, string folder)
    {
        if (!_whole.TryGetValue(config, out IReadOnlyDictionary<string, byte[]>? whole))
        {
            _whole[config] = whole = MakeWhole(config);
        }

        Assert.All(RunFiles, name => Assert.True(whole[name].SequenceEqual(File.ReadAllBytes(System.IO.Path.Combine(folder, name))), name));
    }

    private string NextName() => FormattableString.Invariant($"cut-{++_studies}");

    private Dictionary<string, byte[]> MakeWhole(string config)
    {
        string folder = $"whole-{System.IO.Path.GetFileNameWithoutExtension(config)}";
        string[] command = ["susceptibility", "--config", config, "--out", folder, "--quiet"];
        using (System.Diagnostics.Process process = CurieProgram.Start(Path, Nothing, command))
        {
            CurieProgram.End(process, code: 0);
        }

        return RunFiles.ToDictionary(name => name, name => File.ReadAllBytes(_folder.File($"{folder}/{name}")));
    }
}
