using System.Text.Json.Nodes;
using Curie.Cli.Reports.Conclusions;
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

    /// <summary>Reads what a line needs of each run; one that is not finished is said to be so.</summary>
    /// <param name="folder">The folder of runs.</param>
    /// <param name="runs">As <see cref="Find"/> gives them.</param>
    /// <exception cref="InputException">A run is damaged.</exception>
    public static RunListing Of(string folder, IReadOnlyList<string> runs) => new(folder, [.. runs.Select(Read)]);

    /// <summary>The lines.</summary>
    public void Draw(IAnsiConsole console)
    {
        console.WriteLine($"{_folder} holds {Counted.Of(_runs.Count, "run")}:");
        foreach (Entry run in _runs)
        {
            console.WriteLine(Fit(run.Line, console.Profile.Width));
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
                    ["conclusion"] = new JsonArray([.. run.Sentences.Select(sentence => (JsonNode)sentence)]),
                }),
            ]),
        };

    private static Entry Read(string folder)
    {
        RunManifest manifest = RunFolder.ReadManifest(folder);
        return manifest.Complete
            ? new Entry(folder, manifest, RunTitle.Of(manifest, RunRoles.Find(folder)), RunConclusion.Headline(Found(folder)))
            : new Entry(folder, manifest, RunTitle.Of(manifest, null), "not finished");
    }

    private static RunFindings Found(string folder) =>
        new(RunFolder.Read(folder), RunRoles.Find(folder), SusceptibilityStudy.ControlOf(folder));

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

    private sealed record Entry(string Folder, RunManifest Manifest, string Title, string Says)
    {
        public string Name => Path.GetFileName(Folder);

        public IReadOnlyList<string> Sentences => Manifest.Complete ? RunConclusion.Of(Found(Folder)).Sentences : [];

        public string Line
        {
            get
            {
                string sizes = $"{Counted.Of(Manifest.Components.Count, "component")}, {Counted.Of(Manifest.ProbeNames.Count, "probe")}";
                string title = Manifest.Control ? "control" : Title;

                // A title of roles says what the conclusion begins with.
                return $"  {Name}: {sizes}; {title}{(Says.Length > 0 ? $"; {Says}" : "")}";
            }
        }
    }
}
