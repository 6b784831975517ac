using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Curie.Cli.Tests.Reports;
using Curie.Numerics.Files;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Tests;

namespace Curie.Cli.Tests.Commands;

/// <summary>
/// The reader of run folders in Python, the modes in Python, and the page about both, against what Curie reads and prints.
/// </summary>
public sealed class PythonReaderTests(PythonReaderTests.Runs runs) : IClassFixture<PythonReaderTests.Runs>, IDisposable
{
    // Both sides factor the same float32 matrices in float64.
    private const double Tolerance = 1e-6;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly (string Name, ResponsePart Part)[] Parts =
    [
        ("chi", ResponsePart.Susceptibility),
        ("covariance", ResponsePart.Covariance),
        ("renormalization", ResponsePart.Renormalization),
        ("shift", ResponsePart.Shift),
        ("excess", ResponsePart.Excess),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PythonFact]
    public void Every_array_has_the_values_axes_and_labels_that_the_run_folder_has()
    {
        const string Script = """
            import curie_run, hashlib, json, sys
            run = curie_run.read(sys.argv[1])
            described = {name: {"axes": run.axes[name], "meaning": run.meanings[name], "shape": run[name].shape, "dtype": str(run[name].dtype),
                                "digest": hashlib.sha256(run[name].tobytes()).hexdigest()} for name in run}
            print(json.dumps({"arrays": described, "components": run.components, "runs": run.runs, "probes": run.probe_names,
                              "parts": run.parts, "tokens": run.tokens.tolist()}))
            """;
        foreach (string folder in new[] { runs.Sampled, runs.Scan, ReferenceFiles.Run("without-excess") })
        {
            JsonNode read = JsonNode.Parse(Done("-c", Script, folder))!;
            (RunManifest manifest, SusceptibilityData data) = RunFolder.Read(folder);
            AssertArrays(read["arrays"]!.AsObject(), folder, manifest);
            (string Name, ResponsePart Part)[] stored = [.. Parts.Where(part => manifest.Arrays.ContainsKey(part.Name))];
            Assert.All(stored, part =>
                Assert.Equal(Digest<float>(data.Response.Values(part.Part)), (string?)read["arrays"]![part.Name]!["digest"])
            );
            Assert.Equal(stored.Select(part => part.Name), Words(read["parts"]));
            Assert.Equal(manifest.Components, Words(read["components"]));
            Assert.Equal(manifest.Runs, Words(read["runs"]));
            Assert.Equal(manifest.ProbeNames, Words(read["probes"]));
            Assert.Equal(
                Enumerable
                    .Range(0, data.Tokens.Count)
                    .Select(i =>
                        $"[\"{manifest.ProbeNames[data.Tokens.Probe[i]]}\",{data.Tokens.Row[i]},{data.Tokens.Position[i]},{data.Tokens.Id[i]}]"
                    ),
                read["tokens"]!.AsArray().Select(token => token!.ToJsonString())
            );
        }
    }

    [PythonFact]
    public void The_modes_are_those_of_curie_structure()
    {
        // The known run has two modes, and a head without an estimate; along what has no variance, directions are arbitrary.
        using KnownRun known = new();
        foreach ((string folder, string count) in new[] { (runs.Sampled, "10"), (runs.Scan, "10"), (known.Run, "2") })
        {
            JsonNode structure = JsonNode.Parse(
                CommandRun.Of("structure", folder, "--json", "--modes", count, "--map", "0").AssertDone().Output
            )!;
            JsonNode python = JsonNode.Parse(Done(RepositoryFiles.Of("examples/python/modes.py"), folder))!;
            Assert.Equal((string?)structure["part"], (string?)python["part"]);
            Assert.All(structure["groups"]!.AsArray().Zip(python["groups"]!.AsArray()), group => AssertGroup(group.First!, group.Second!));
            Assert.Equal(["l0", "l1", "heads"], python["groups"]!.AsArray().Select(group => (string)group!["group"]!));
        }
    }

    [PythonFact]
    public void Places_are_named_on_every_axis_and_what_there_is_not_is_refused()
    {
        const string Script = """
            import curie_run, numpy as np, sys
            run = curie_run.read("run")
            here, chi, trace, far = np.array_equal, run["chi"], run["trace_loss"], np.flatnonzero(run["token_probe"] == 1)
            assert here(run.select("chi", components="l0h1", tokens="far"), chi[1][far])
            assert here(run.select("chi", tokens="far", components=["l1h0", "l0h1"]), chi[[5, 1]][:, far])
            assert here(run.select("chi", tokens=run.tokens.row == 1), chi[:, run["token_row"] == 1])
            assert here(run.select("trace_loss", draws=slice(3, None), runs="full", chains=-1), trace[0, -1, 3:])
            assert here(run.select("batch_shift", runs=["full", "l1h4"], sampled="far", pairs=0), run["batch_shift"][[0, 10], 0][:, :, far])
            assert "chi" in run and "chii" not in run and run.get("chii") is None and len(run) == len(list(run))
            for wanted in ({"components": "l9h9"}, {"draws": 1}, {"probes": "far"}):
                try:
                    run.select("chi", **wanted)
                except KeyError as error:
                    print(error.args[0])
            for name, axes in run.axes.items():
                assert run.select(name, **{axis: 0 for axis in axes}).ndim == 0
            try:
                run.select("trace_loss", draws="first")
            except KeyError as error:
                print(error.args[0])
            try:
                run["chii"]
            except KeyError as error:
                print(error.args[0])
            """;
        string[] lines = Lines(Done("-c", Script));
        Assert.Equal("none of the components is l9h9; they are l0h0, l0h1, l0h2, l0h3, l0h4, l1h0, l1h1, l1h2, l1h3, l1h4", lines[0]);
        Assert.Equal("chi has no axis draws; its axes are components, tokens", lines[1]);
        Assert.Equal("chi has no axis probes; its axes are components, tokens", lines[2]);
        Assert.Equal("none of the draws is first; they have no names, only numbers", lines[3]);
        Assert.Equal(
            "the run holds no array chii; its parts are chi, covariance, renormalization, shift, excess, and list(run) names all arrays",
            lines[4]
        );
        (int code, _, string error) = Python(RepositoryFiles.Of("examples/python/modes.py"), runs.Scan, "chi");
        Assert.Equal(
            (1, "modes.py: the run holds no array chi; its parts are shift, excess, and list(run) names all arrays\n"),
            (code, error)
        );
    }

    /// <summary>xarray itself is not needed: a stand-in takes what it would be given.</summary>
    [PythonFact]
    public void A_dataset_has_axes_as_dimensions_and_labels_as_coordinates()
    {
        const string Script = """
            import curie_run, sys, types
            run = curie_run.read("run")
            sys.modules["xarray"] = None
            try:
                run.to_xarray()
            except curie_run.RunError as error:
                print(error)
            sys.modules["xarray"] = types.SimpleNamespace(Dataset=lambda arrays, coordinates, attrs: (arrays, coordinates, attrs))
            arrays, coordinates, attrs = run.to_xarray()
            assert arrays.keys() == run.axes.keys() and attrs == {"folder": "run"}
            sizes = {}
            for dims, values, *_ in [*arrays.values(), *(((dim,), values) for dim, values in coordinates.values())]:
                assert len(dims) == values.ndim and all(sizes.setdefault(dim, size) == size for dim, size in zip(dims, values.shape))
            print(sorted(coordinates))
            """;
        string[] lines = Lines(Done("-c", Script));
        Assert.Equal("to_xarray needs xarray, which is not installed; install it with `pip install xarray`.", lines[0]);
        Assert.Equal("['components', 'id', 'position', 'probe', 'probes', 'row', 'runs', 'sampled']", lines[1]);
    }

    [PythonFact]
    public void What_is_no_run_that_can_be_read_is_refused_in_a_sentence()
    {
        const string Script = """
            import curie_run, sys
            for folder in sys.argv[1:]:
                try:
                    print("read", curie_run.read(folder))
                except curie_run.RunError as error:
                    print(error)
            """;
        (string Folder, string Message)[] cases =
        [
            (_folder.File("nothing"), "is not a run folder: it holds no manifest.json; name a folder that"),
            (
                Changed(runs.Sampled, manifest => manifest["format"] = "another"),
                "does not belong to a run of susceptibilities; name a folder that"
            ),
            (
                Changed(runs.Sampled, manifest => manifest["complete"] = false),
                "is not complete; finish it with `curie susceptibility --resume`."
            ),
            (Changed(runs.Scan, manifest => manifest["complete"] = false), "is not complete; make it again with `curie scan --overwrite`."),
            (
                Changed(runs.Sampled, manifest => manifest["format_version"] = 2),
                "has format version 2 and this reader reads up to 1; use that of a newer Curie."
            ),
            (
                Changed(runs.Sampled, manifest => manifest["arrays"]!["chi"]!["shape"]![1] = 179),
                "is float32 (10, 180) where the manifest has float32 (10, 179); restore"
            ),
            (
                Changed(runs.Sampled, manifest => manifest["arrays"]!["chi"]!["dtype"] = "float64"),
                "is float32 (10, 180) where the manifest has float64 (10, 180); restore"
            ),
            (
                Changed(runs.Sampled, manifest => manifest["components"]!.AsArray().RemoveAt(0)),
                "is (10, 180) where its axes ['components', 'tokens'] ask for (9, 180); restore"
            ),
            (
                Changed(runs.Sampled, manifest => manifest.Remove("components")),
                "is damaged or contradicts the arrays (KeyError('components')); restore"
            ),
            (Replaced("manifest.json", "{ \"format\": "u8), "manifest.json is damaged (Expecting value"),
            (Replaced("batches.npz", "PK"u8), "batches.npz cannot be read (File is not a zip file); restore"),
            (
                Replaced("susceptibility.npz", File.ReadAllBytes(Path.Combine(runs.Scan, "susceptibility.npz"))),
                "susceptibility.npz lacks what the manifest names"
            ),
        ];
        string[] lines = Lines(Done(["-c", Script, .. cases.Select(one => one.Folder)]));
        Assert.Equal(cases.Length, lines.Length);
        Assert.All(cases.Zip(lines), one => Assert.Contains(one.First.Message, one.Second, StringComparison.Ordinal));
    }

    /// <summary>
    /// The blocks of docs/python.md, one after the other, in a folder that holds a run; those that need xarray only where it is installed.
    /// </summary>
    [PythonFact]
    public void What_the_page_shows_works()
    {
        string page = File.ReadAllText(RepositoryFiles.Of("docs/python.md"));
        string[] blocks =
        [
            .. Regex
                .Matches(page, "^```python\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)
                .Select(match => match.Groups[1].Value),
        ];
        Assert.Single(blocks, UsesXarray);
        bool xarray = Python("-c", "import xarray").Code == 0;

        string output = Done("-c", string.Concat(blocks.Where(block => xarray || !UsesXarray(block))));

        SusceptibilityData data = RunFolder.Read(runs.Sampled).Data;
        string first = FormattableString.Invariant($"l0h0 on near: {data.Dataset.Values(ResponsePart.Excess)[0]:+0.0000;-0.0000} ± ");
        Assert.Contains(first, output, StringComparison.Ordinal);
        Assert.Contains("<run run: 10 components, 180 tokens of near, far>", output, StringComparison.Ordinal);
        Assert.Matches(@"mode 1: \d+\.\d% of the variance", output);

        static bool UsesXarray(string block) => block.Contains("to_xarray", StringComparison.Ordinal);
    }

    private static void AssertArrays(JsonObject read, string folder, RunManifest manifest)
    {
        Assert.Equal(manifest.Arrays.Keys.Concat(manifest.BatchArrays.Keys), read.Select(array => array.Key));
        foreach (
            (string file, IReadOnlyDictionary<string, ArrayEntry> entries) in new[]
            {
                (RunFolder.ArrayFileName, manifest.Arrays),
                (RunFolder.BatchFileName, manifest.BatchArrays),
            }
        )
        {
            using NpzReader reader = NpzFile.Open(Path.Combine(folder, file));
            foreach ((string name, ArrayEntry entry) in entries)
            {
                JsonNode array = read[name]!;
                Assert.Equal(entry.Axes, Words(array["axes"]));
                Assert.Equal(entry.Shape, array["shape"]!.AsArray().Select(length => (long)length!));
                Assert.Equal((entry.Dtype, entry.Meaning), ((string?)array["dtype"], (string?)array["meaning"]));
                Assert.Equal(Digest(reader, name, entry.Dtype), (string?)array["digest"]);
            }
        }
    }

    private static void AssertGroup(JsonNode expected, JsonNode actual)
    {
        Assert.Equal((string?)expected["group"], (string?)actual["group"]);
        JsonArray modes = expected["modes"]!.AsArray();
        Assert.InRange(modes.Count, 2, actual["modes"]!.AsArray().Count);
        foreach ((JsonNode? one, JsonNode? other) in modes.Zip(actual["modes"]!.AsArray()))
        {
            Assert.Equal((int)one!["mode"]!, (int)other!["mode"]!);
            Assert.Equal((double)one["explained_variance"]!, (double)other["explained_variance"]!, Tolerance);
            Assert.Equal(
                one["loadings"]!.AsObject().Select(loading => loading.Key),
                other["loadings"]!.AsObject().Select(loading => loading.Key)
            );
            Assert.All(one["loadings"]!.AsObject(), loading =>
                Assert.Equal((double)loading.Value!, (double)other["loadings"]![loading.Key]!, Tolerance)
            );
        }
    }

    private static IEnumerable<string> Words(JsonNode? array) => array!.AsArray().Select(word => (string)word!);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Digest(NpzReader reader, string name, string dtype) =>
        dtype switch
        {
            "float32" => Digest<float>(reader, name),
            "float64" => Digest<double>(reader, name),
            "int32" => Digest<int>(reader, name),
            _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, null),
        };

    private static string Digest<T>(NpzReader reader, string name)
        where T : unmanaged
    {
        using NpyArray<T> array = reader.Read<T>(name);
        return Digest(array.Span);
    }

    private static string Digest<T>(ReadOnlySpan<T> values)
        where T : unmanaged => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values)));

    private string Changed(string run, Action<JsonObject> change)
    {
        string copy = Copied(run);
        string path = Path.Combine(copy, "manifest.json");
        JsonObject manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(manifest);
        File.WriteAllText(path, manifest.ToJsonString());
        return copy;
    }

    private string Replaced(string file, ReadOnlySpan<byte> content)
    {
        string copy = Copied(runs.Sampled);
        File.WriteAllBytes(Path.Combine(copy, file), content);
        return copy;
    }

    private string Copied(string run)
    {
        string copy = _folder.File($"copy-{Directory.GetDirectories(_folder.Path).Length}");
        Directory.CreateDirectory(copy);
        Array.ForEach(Directory.GetFiles(run), file => File.Copy(file, Path.Combine(copy, Path.GetFileName(file))));
        return copy;
    }

    private string Done(params string[] arguments)
    {
        (int code, string output, string error) = Python(arguments);
        Assert.True(code == 0, error);
        return output;
    }

    /// <summary>Runs Python in the folder that holds the run, with the reader at hand.</summary>
    private (int Code, string Output, string Error) Python(params string[] arguments)
    {
        Assert.True(PythonFactAttribute.Python is not null, PythonFactAttribute.Missing);
        ProcessStartInfo start = new(PythonFactAttribute.Python, arguments)
        {
            WorkingDirectory = Path.GetDirectoryName(runs.Sampled),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONPATH"] = RepositoryFiles.Of("examples/python");
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["PYTHONUTF8"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(Patience));
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>
    /// A run of ten heads in two layers, and a scan of the same; made when first asked for, so that skipped tests cost nothing.
    /// </summary>
    public sealed class Runs : IDisposable
    {
        private readonly ExperimentFolder _experiment = new ExperimentFolder("2-gelu-standard").With(
            ("[full, l0h1, l1h4]", "[heads]"),
            ("chains: 1", "chains: 2"),
            ("noise_level: 0", "noise_level: 0.1")
        );
        private readonly Lazy<string> _sampled;
        private readonly Lazy<string> _scan;

        public Runs()
        {
            _sampled = new(() => Made("susceptibility", "--config", _experiment.Config, "--out", _experiment.PathOf("run")));
            _scan = new(() => Made("scan", "--config", _experiment.Config, "--pairs", "8", "--out", _experiment.PathOf("scan")));
        }

        public string Sampled => _sampled.Value;

        public string Scan => _scan.Value;

        public void Dispose() => _experiment.Dispose();

        private static string Made(params string[] arguments)
        {
            CommandRun.Of(arguments).AssertDone();
            return arguments[^1];
        }
    }
}
