using System.Text.Json.Nodes;
using Curie.Cli.Reports.Conclusions;
using Curie.Development.Roles;
using Curie.Numerics;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;
using Curie.Studies.Susceptibilities;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>
/// The runs in a folder of runs, a line each: the folder's name, the run in a sentence, its components and probes, and the first
/// sentence of its conclusion.
/// </summary>
internal sealed class RunListing
{
    private readonly string _folder;
    private readonly IReadOnlyList<Entry> _runs;

    private RunListing(string folder, IReadOnlyList<Entry> runs) => (_folder, _runs) = (folder, runs);

    /// <summary>The folders of runs in a folder that is none itself, by name; empty where it is one, or holds none.</summary>
    public static IReadOnlyList<string> Find(string folder) =>
        RunFolder.Holds(folder) || !Directory.Exists(folder)
            ? []
            : [.. Directory.GetDirectories(folder).Where(RunFolder.Holds).Order(StringComparer.Ordinal)];

    /// <summary>Reads what each run is; one that is not finished is said to be so.</summary>
    /// <param name="folder">The folder of runs.</param>
    /// <param name="runs">As <see cref="Find"/> gives them.</param>
    /// <exception cref="InputException">A manifest is damaged.</exception>
    public static RunListing Of(string folder, IReadOnlyList<string> runs) => new(folder, [.. runs.Select(Read)]);

    /// <summary>The lines.</summary>
    /// <exception cref="InputException">A run is damaged.</exception>
    public void Draw(IAnsiConsole console)
    {
        string[] lines = [.. _runs.Select(run => Fit(run.Line(), console.Profile.Width))];
        console.WriteLine($"{_folder} holds {Counted.Of(_runs.Count, "run")}:");
        foreach (string line in lines)
        {
            console.WriteLine(line);
        }

        console.Note($"More on one: curie structure {Path.Combine(_folder, _runs[0].Name)}; whole conclusions: --json.");
    }

    /// <summary>The same for scripts, with whole conclusions.</summary>
    public JsonObject ToJson() =>
        new()
        {
            ["folder"] = _folder,
            ["runs"] = new JsonArray([
                .. _runs.Select(run => new JsonObject
                {
                    ["run"] = run.Name,
                    ["complete"] = run.Manifest.Complete,
                    ["title"] = run.Title,
                    ["components"] = run.Manifest.Components.Count,
                    ["probes"] = new JsonArray([.. run.Manifest.ProbeNames.Select(name => (JsonNode)name)]),
                    ["conclusion"] = new JsonArray([.. run.Sentences().Select(sentence => (JsonNode)sentence)]),
                }),
            ]),
        };

    private static Entry Read(string folder)
    {
        RunManifest manifest = RunFolder.ReadManifest(folder);
        return new Entry(folder, manifest, manifest.Complete ? RunRoles.Find(folder) : null);
    }

    private static string Fit(string line, int width)
    {
        if (line.GetCellWidth() <= width)
        {
            return line;
        }

        while (line.GetCellWidth() > width - 1)
        {
            line = line[..^1];
        }

        return line + "…";
    }

    /// <summary>A run, whose arrays are read when its conclusion is asked for.</summary>
    private sealed class Entry(string folder, RunManifest manifest, AttentionRoles? roles)
    {
        public string Name => Path.GetFileName(folder);

        public RunManifest Manifest => manifest;

        public string Title => RunTitle.Of(manifest, roles);

        public string Line()
        {
            string sizes = $"{Counted.Of(manifest.Components.Count, "component")}, {Counted.Of(manifest.ProbeNames.Count, "probe")}";
            string title = manifest.Control ? "control" : Title;
            string says = manifest.Complete ? RunConclusion.Headline(Found()) : "not finished";

            // A title of roles says what the conclusion begins with.
            return $"  {Name}: {sizes}; {title}{(says.Length > 0 ? $"; {says}" : "")}";
        }

        public IReadOnlyList<string> Sentences() => manifest.Complete ? RunConclusion.Of(Found()).Sentences : [];

        private RunFindings Found() => new(RunFolder.Read(folder), roles, SusceptibilityStudy.ControlOf(folder));
    }
}
