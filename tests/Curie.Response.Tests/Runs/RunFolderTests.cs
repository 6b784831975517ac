using System.Text.Json;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Tests;

namespace Curie.Response.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private static readonly RunShape Shape = new(Components: 2, Probes: 2, Tokens: 5, Chains: 3, Draws: 4, Batches: 2, SampledTokens: 3);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_written_run_is_read_back_whole()
    {
        SusceptibilityData data = MakeData();
        RunManifest written = RunFolder.Write(_folder.Path, MakeManifest(), data);
        SusceptibilityRun run = RunFolder.Read(_folder.Path);

        Assert.True(run.Manifest.Complete);
        Assert.False(run.Manifest.Healthy);
        Assert.Equal(["l0h0", "l1h3"], run.Manifest.Components);
        Assert.Equal(["full", "l0h0", "l1h3"], run.Manifest.Runs);
        Assert.Equal(["github", "naïve, \"quoted\""], run.Manifest.ProbeNames);
        Assert.Equal(30, run.Manifest.Configuration.GetProperty("sampling").GetProperty("nbeta").GetInt32());
        Assert.Equal(17, run.Manifest.Seeds["sampling"]);
        Assert.Equal("0.1.0", run.Manifest.Versions["curie"]);
        Assert.Equal(Shape, run.Manifest.Shape);
        ChainHealth excluded = run.Manifest.Health[1].Chains[2];
        Assert.Equal(new ChainHealth(2, ChainStatus.Excluded, 1, "the loss was NaN"), excluded);
        Assert.Equal(1.01, run.Manifest.Health[0].Diagnostics["r_hat"]);
        Assert.Null(run.Manifest.Health[0].Diagnostics["effective_sample_size"]);
        Assert.Equal(["few draws"], run.Manifest.Health[0].Notes);
        Assert.Equal(JsonSerializer.Serialize(written), JsonSerializer.Serialize(run.Manifest));

        foreach (ResponsePart part in ResponsePart.All)
        {
            Assert.Equal(data.Response.Values(part), run.Data.Response.Values(part));
            Assert.Equal(data.Response.StandardErrors(part), run.Data.Response.StandardErrors(part));
            Assert.Equal(data.Dataset.Values(part), run.Data.Dataset.Values(part));
            Assert.Equal(data.Dataset.StandardErrors(part), run.Data.Dataset.StandardErrors(part));
        }

        Assert.Equal(data.FullShift, run.Data.FullShift);
        Assert.Equal(data.FullShiftStandardErrors, run.Data.FullShiftStandardErrors);
        Assert.Equal(data.FullShiftDataset, run.Data.FullShiftDataset);
        Assert.Equal(data.FullShiftDatasetStandardErrors, run.Data.FullShiftDatasetStandardErrors);
        Assert.Equal(data.FullExcess, run.Data.FullExcess);
        Assert.Equal(data.FullExcessDataset, run.Data.FullExcessDataset);
        Assert.Equal(data.Tokens.Probe, run.Data.Tokens.Probe);
        Assert.Equal(data.Tokens.Row, run.Data.Tokens.Row);
        Assert.Equal(data.Tokens.Position, run.Data.Tokens.Position);
        Assert.Equal(data.Tokens.Id, run.Data.Tokens.Id);
        Assert.Equal(data.Tokens.InitLoss, run.Data.Tokens.InitLoss);
        Assert.Equal(data.TraceLoss, run.Data.TraceLoss);
        Assert.Equal(data.InitLossMean, run.Data.InitLossMean);
        Assert.Equal(data.Batches!.Token, run.Data.Batches!.Token);
        Assert.Equal(data.Batches.Covariance, run.Data.Batches.Covariance);
        Assert.Equal(data.Batches.Shift, run.Data.Batches.Shift);
        Assert.Equal(data.Batches.CovarianceDataset, run.Data.Batches.CovarianceDataset);
        Assert.Equal(data.Batches.ShiftDataset, run.Data.Batches.ShiftDataset);
        Assert.Equal(data.Alignment, run.Data.Alignment);
        Assert.Equal(data.Slopes!.Values, run.Data.Slopes!.Values);
        Assert.Equal(data.Slopes.StandardErrors, run.Data.Slopes.StandardErrors);
        Assert.Equal([2, 3, 2, 3], run.Manifest.BatchArrays["batch_product"].Shape);
    }

    [Fact]
    public void A_run_of_a_version_that_kept_no_batch_means_is_read_without_them()
    {
        RunShape old = Shape with { Batches = 0, SampledTokens = 0 };
        SusceptibilityData data = new(old);
        RunFolder.Write(_folder.Path, MakeManifest() with { Shape = old }, data);
        EditManifest(text =>
            text.Replace("\"batches\": 0,", "", StringComparison.Ordinal)
                .Replace("\"sampled_tokens\": 0", "\"other\": 0", StringComparison.Ordinal)
        );
        Assert.False(File.Exists(_folder.File("batches.npz")));
        SusceptibilityRun run = RunFolder.Read(_folder.Path);
        Assert.Null(run.Data.Batches);
        Assert.Null(run.Manifest.DegreesOfFreedom(ResponsePart.Shift, 0));
    }

    [Fact]
    public void A_run_of_a_version_that_had_neither_predictions_nor_slopes_is_read_without_them()
    {
        SusceptibilityRun run = RunFolder.Read(ReferenceFiles.Run("without-excess"));
        Assert.Null(run.Data.Alignment);
        Assert.Null(run.Data.Slopes);
    }

    [Fact]
    public void A_run_of_a_version_without_the_excess_is_read_with_it()
    {
        SusceptibilityRun run = RunFolder.Read(ReferenceFiles.Run("without-excess"));
        Assert.Equal(CovarianceEstimator.Product, run.Manifest.Estimator);
        Assert.Equal(ResponsePart.All, run.Manifest.HeldParts);
        Assert.Equal(ResponsePart.Susceptibility, run.Manifest.MainPart);
        Assert.Equal((2, 1), (run.Manifest.Shape.Units, run.Manifest.Shape.ChainsPerUnit));
        SusceptibilityData data = run.Data;
        int tokens = data.Tokens.Count;
        Assert.Equal(data.Response.StandardErrors(ResponsePart.Shift), data.Response.StandardErrors(ResponsePart.Excess));
        Assert.Equal(data.Dataset.StandardErrors(ResponsePart.Shift), data.Dataset.StandardErrors(ResponsePart.Excess));

        // The batch means of e_i are the excess itself, from the same draws: both are float32 roundings of numbers below 10 nats, 1e-6 of
        // them.
        for (int component = 0; component < 2; component++)
        {
            for (int i = 0; i < tokens; i++)
            {
                double mean = 0;
                for (int batch = 0; batch < 4; batch++)
                {
                    mean += data.Batches!.ShiftRow(component + 1, batch / 2, batch % 2).Span[i] / 4.0;
                }

                Assert.Equal(mean, data.Response.Values(ResponsePart.Excess)[(component * tokens) + i], 1e-5);
            }

            for (int probe = 0; probe < 2; probe++)
            {
                IEnumerable<float> own = Enumerable
                    .Range(0, tokens)
                    .Where(i => data.Tokens.Probe[i] == probe)
                    .Select(i => data.Response.Values(ResponsePart.Excess)[(component * tokens) + i]);
                Assert.Equal(own.Average(value => (double)value), data.Dataset.Values(ResponsePart.Excess)[(component * 2) + probe], 1e-5);
            }
        }

        Assert.Equal(data.FullShift[3] - (data.Tokens.InitLoss[3] - data.InitLossMean), data.FullExcess[3], 1e-5);
        Assert.Equal(data.FullExcess[5..].Average(value => (double)value), data.FullExcessDataset[1], 1e-5);
    }

    [Fact]
    public void A_run_of_some_parts_alone_is_read_back_and_holds_nothing_else()
    {
        SusceptibilityData data = new(Shape, CovarianceEstimator.Response, [ResponsePart.Shift, ResponsePart.Excess]);
        Array.Fill(data.FullShift, float.NaN);
        data.Trace(0, 0).Fill(double.NaN);
        data.Response.Values(ResponsePart.Excess)[7] = 0.25f;
        new[] { 0, 2, 4 }.CopyTo(data.Batches!.Token, 0);
        RunManifest manifest = MakeManifest() with { Parts = ["shift", "excess"], Estimator = CovarianceEstimator.Response };
        Assert.Throws<ArgumentException>(() => RunFolder.Write(_folder.Path, MakeManifest(), data));
        RunFolder.Write(_folder.Path, manifest, data);
        SusceptibilityRun run = RunFolder.Read(_folder.Path);
        Assert.Equal([ResponsePart.Shift, ResponsePart.Excess], run.Manifest.HeldParts);
        Assert.Equal(ResponsePart.Excess, run.Manifest.MainPart);
        Assert.Equal(0.25f, run.Data.Response.Values(ResponsePart.Excess)[7]);
        Assert.Throws<ArgumentException>(() => run.Data.Response.Values(ResponsePart.Covariance));
        Assert.Empty(run.Data.Batches!.Covariance);
        Assert.DoesNotContain(run.Manifest.Arrays.Keys.Concat(run.Manifest.BatchArrays.Keys), name =>
            name.Contains("covariance", StringComparison.Ordinal)
        );
        Assert.Contains(
            "holds no chi, only shift and excess",
            Assert.Throws<InputException>(() => run.Require(ResponsePart.Susceptibility)).Message,
            StringComparison.Ordinal
        );
        EditManifest(text => text.Replace("\"shift\",\n    \"excess\"", "\"psi\"", StringComparison.Ordinal));
        AssertRefused("names the parts \"psi\"");
    }

    [Fact]
    public void Pairs_of_chains_count_once_and_only_where_both_are_healthy()
    {
        RunShape pairs = new(Components: 2, Probes: 2, Tokens: 5, Chains: 6, Draws: 4, Batches: 2, SampledTokens: 3, Pairs: 3);
        ChainHealth[] chains =
        [
            .. Enumerable.Range(0, 6).Select(chain => new ChainHealth(chain, chain == 3 ? ChainStatus.Excluded : ChainStatus.Healthy)),
        ];
        RunManifest manifest = MakeManifest() with
        {
            Shape = pairs,
            Health = [.. new[] { "full", "l0h0", "l1h3" }.Select(name => new ComponentHealth(name, chains))],
        };
        Assert.Equal((2 * 2) - 1, manifest.DegreesOfFreedom(ResponsePart.Excess, 0));

        // P is 1 in even chains and 3 in odd ones; chain 3 was stopped, which takes chain 2 with it.
        SusceptibilityData data = new(pairs);
        for (int chain = 0; chain < 6; chain++)
        {
            data.Trace(1, chain).Fill(chain % 2 == 0 ? 1 : 3);
        }

        data.Trace(1, 3)[2..].Fill(double.NaN);
        double[][] traces = data.HealthyTraces(1);
        Assert.Equal(2, traces.Length);
        Assert.All(traces, trace => Assert.All(trace, loss => Assert.Equal(2, loss)));
    }

    [Fact]
    public void Degrees_of_freedom_count_the_batches_of_healthy_chains_and_of_full_where_it_enters()
    {
        // Two batches of three chains, of l0h0 two healthy ones.
        RunManifest manifest = MakeManifest();
        Assert.Equal(3, manifest.DegreesOfFreedom(ResponsePart.Susceptibility, 0));
        Assert.Equal(5, manifest.DegreesOfFreedom(ResponsePart.Covariance, 1));
        manifest = manifest with { Health = [manifest.Health[1], manifest.Health[0], manifest.Health[2]] };
        Assert.Equal(5, manifest.DegreesOfFreedom(ResponsePart.Shift, 0));
        Assert.Equal(3, manifest.DegreesOfFreedom(ResponsePart.Renormalization, 0));
    }

    [Fact]
    public void Sampled_tokens_that_do_not_rise_are_refused()
    {
        SusceptibilityData data = MakeData();
        data.Batches!.Token[2] = 1;
        RunFolder.Write(_folder.Path, MakeManifest(), data);
        AssertRefused("batch_token");
    }

    [Fact]
    public void The_files_keep_the_documented_names_types_and_shapes()
    {
        RunFolder.Write(_folder.Path, MakeManifest(), MakeData());
        Dictionary<string, (NpyElement Element, long[] Shape)> documented = new()
        {
            ["chi"] = (NpyElement.Float32, [2, 5]),
            ["chi_se"] = (NpyElement.Float32, [2, 5]),
            ["chi_dataset"] = (NpyElement.Float64, [2, 2]),
            ["chi_dataset_se"] = (NpyElement.Float64, [2, 2]),
            ["covariance"] = (NpyElement.Float32, [2, 5]),
            ["covariance_se"] = (NpyElement.Float32, [2, 5]),
            ["renormalization"] = (NpyElement.Float32, [2, 5]),
            ["renormalization_se"] = (NpyElement.Float32, [2, 5]),
            ["shift"] = (NpyElement.Float32, [2, 5]),
            ["shift_se"] = (NpyElement.Float32, [2, 5]),
            ["excess"] = (NpyElement.Float32, [2, 5]),
            ["excess_se"] = (NpyElement.Float32, [2, 5]),
            ["excess_dataset"] = (NpyElement.Float64, [2, 2]),
            ["excess_dataset_se"] = (NpyElement.Float64, [2, 2]),
            ["alignment"] = (NpyElement.Float32, [2, 5]),
            ["llc_slope_dataset"] = (NpyElement.Float64, [2, 2]),
            ["llc_slope_dataset_se"] = (NpyElement.Float64, [2, 2]),
            ["full_shift"] = (NpyElement.Float32, [5]),
            ["full_shift_se"] = (NpyElement.Float32, [5]),
            ["full_shift_dataset"] = (NpyElement.Float64, [2]),
            ["full_excess"] = (NpyElement.Float32, [5]),
            ["full_excess_se"] = (NpyElement.Float32, [5]),
            ["full_excess_dataset"] = (NpyElement.Float64, [2]),
            ["full_excess_dataset_se"] = (NpyElement.Float64, [2]),
            ["token_probe"] = (NpyElement.Int32, [5]),
            ["token_row"] = (NpyElement.Int32, [5]),
            ["token_position"] = (NpyElement.Int32, [5]),
            ["token_id"] = (NpyElement.Int32, [5]),
            ["init_loss"] = (NpyElement.Float32, [5]),
            ["trace_loss"] = (NpyElement.Float64, [3, 3, 4]),
            ["init_loss_mean"] = (NpyElement.Float64, []),
            ["init_loss_mean_se"] = (NpyElement.Float64, []),
        };
        using NpzReader reader = NpzFile.Open(_folder.File("susceptibility.npz"));
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(_folder.File("manifest.json")));
        foreach ((string name, (NpyElement element, long[] shape)) in documented)
        {
            NpyHeader header = reader.ReadHeader(name);
            Assert.Equal(element, header.Element);
            Assert.Equal(shape, header.Shape);
            JsonElement entry = manifest.RootElement.GetProperty("arrays").GetProperty(name);
            Assert.Equal(element.NumpyName(), entry.GetProperty("dtype").GetString());
            Assert.Equal(shape, entry.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64()));
            Assert.NotEmpty(entry.GetProperty("meaning").GetString()!);
        }

        Assert.Equal(
            reader.Names.Order(),
            manifest.RootElement.GetProperty("arrays").EnumerateObject().Select(array => array.Name).Order()
        );
        Assert.Equal("l0h0", manifest.RootElement.GetProperty("components")[0].GetString());
        Assert.Equal("excluded", manifest.RootElement.GetProperty("health")[1].GetProperty("chains")[2].GetProperty("status").GetString());
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_refused() => AssertRefused("does not exist or is not a folder", _folder.File("nowhere"));

    [Fact]
    public void A_folder_without_a_manifest_is_refused()
    {
        Assert.False(RunFolder.Holds(_folder.Path));
        AssertRefused("is not a run folder: it holds no manifest.json");
    }

    [Fact]
    public void A_manifest_of_something_else_is_refused()
    {
        File.WriteAllText(_folder.File("manifest.json"), """{"format": "curie-train"}""");
        AssertRefused("does not belong to a susceptibility run");
        File.WriteAllText(_folder.File("manifest.json"), "[1]");
        AssertRefused("does not belong to a susceptibility run");
    }

    [Fact]
    public void A_manifest_that_is_not_json_is_refused_with_its_line()
    {
        File.WriteAllText(_folder.File("manifest.json"), "{\n  \"format\": \n}");
        AssertRefused("manifest.json is damaged near line 3");
    }

    [Fact]
    public void A_manifest_without_its_components_is_refused()
    {
        File.WriteAllText(_folder.File("manifest.json"), """{"format": "curie-susceptibility", "format_version": 1}""");
        AssertRefused("manifest.json is damaged");
    }

    [Fact]
    public void A_manifest_whose_shape_is_not_that_of_its_names_is_refused()
    {
        RunFolder.Write(_folder.Path, MakeManifest(), MakeData());
        EditManifest(text => text.Replace("\"components\": 2", "\"components\": 3", StringComparison.Ordinal));
        AssertRefused("contradicts itself");
        EditManifest(text =>
            text.Replace("\"components\": 3", "\"components\": 2", StringComparison.Ordinal)
                .Replace(MakeManifest().Components[1], MakeManifest().Components[0], StringComparison.Ordinal)
        );
        AssertRefused("one of these is named twice");
    }

    [Fact]
    public void A_newer_format_is_refused()
    {
        RunFolder.Write(_folder.Path, MakeManifest(), MakeData());
        EditManifest(text => text.Replace("\"format_version\": 1", "\"format_version\": 2", StringComparison.Ordinal));
        AssertRefused("has format version 2 and this version of Curie reads up to 1");
    }

    [Fact]
    public void An_incomplete_run_is_refused_and_says_how_to_resume_while_its_manifest_can_be_read()
    {
        RunFolder.Begin(_folder.Path, MakeManifest());
        AssertRefused("is not complete; finish it with");
        Assert.True(RunFolder.Holds(_folder.Path));
        Assert.False(RunFolder.ReadManifest(_folder.Path).Complete);
        Assert.Empty(RunFolder.ReadManifest(_folder.Path).Arrays);
    }

    [Fact]
    public void A_missing_array_file_is_refused()
    {
        RunFolder.Write(_folder.Path, MakeManifest(), MakeData());
        File.Delete(_folder.File("susceptibility.npz"));
        AssertRefused("susceptibility.npz does not exist");
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\udfff\": 1}")]
    [InlineData("\"\u00ff\"")]
    public void Strings_of_a_manifest_that_are_no_text_are_refused(string value)
    {
        RunFolder.Write(_folder.Path, MakeManifest(), MakeData());
        string path = _folder.File("manifest.json");
        string text = File.ReadAllText(path).Replace("\"sampling\": {", $"\"other\": {value},\n\"sampling\": {{", StringComparison.Ordinal);
        Assert.Contains("other", text, StringComparison.Ordinal);

        // In Latin-1 the last value is a byte that is no UTF-8.
        File.WriteAllBytes(path, System.Text.Encoding.Latin1.GetBytes(text));
        AssertRefused("manifest.json is damaged near line");
    }

    [Fact]
    public void A_damaged_array_file_is_refused()
    {
        RunFolder.Write(_folder.Path, MakeManifest(), MakeData());
        File.WriteAllBytes(_folder.File("susceptibility.npz"), File.ReadAllBytes(_folder.File("susceptibility.npz"))[..^40]);
        AssertRefused("is not a complete .npz file");
    }

    [Fact]
    public void A_missing_array_is_refused()
    {
        RunFolder.Write(_folder.Path, MakeManifest(), MakeData());
        NpzFile.Write(_folder.File("susceptibility.npz"), NpzCompression.Stored, writer => writer.Add<float>("other", [1], 1));
        AssertRefused("holds no array named chi");
    }

    [Theory]
    [InlineData(5, "float32 (5, 2)")]
    [InlineData(2, "float32 (2, 5)")]
    public void An_array_of_another_shape_or_type_is_refused(int rows, string found)
    {
        RunFolder.Write(_folder.Path, MakeManifest(), MakeData());
        NpzFile.Write(_folder.File("susceptibility.npz"), NpzCompression.Stored, writer =>
        {
            writer.Add<float>("chi", new float[10], rows, 10 / rows);
            writer.Add<float>("chi_se", new float[10], 2, 5);
            writer.Add<float>("chi_dataset", new float[10], 2, 5);
        });
        AssertRefused(
            rows == 5
                ? $"chi in {_folder.File("susceptibility.npz")} is {found} where the manifest asks for float32 (2, 5)"
                : $"chi_dataset in {_folder.File("susceptibility.npz")} is {found} where the manifest asks for float64 (2, 2)"
        );
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void A_token_of_an_unknown_probe_is_refused(int probe)
    {
        SusceptibilityData data = MakeData();
        data.Tokens.Probe[4] = probe;
        RunFolder.Write(_folder.Path, MakeManifest(), data);
        AssertRefused("token_probe");
    }

    [Fact]
    public void Data_of_another_shape_are_not_written()
    {
        Assert.Throws<ArgumentException>(() =>
            RunFolder.Write(_folder.Path, MakeManifest(), new SusceptibilityData(Shape with { Draws = 5 }))
        );
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused()
    {
        File.WriteAllText(_folder.File("file"), "");
        InputException error = Assert.Throws<InputException>(() => RunFolder.Begin(_folder.File("file/run"), MakeManifest()));
        Assert.Contains("cannot create the folder", error.Message, StringComparison.Ordinal);
    }

    private void EditManifest(Func<string, string> edit)
    {
        string before = File.ReadAllText(_folder.File("manifest.json"));
        string after = edit(before);
        Assert.NotEqual(before, after);
        File.WriteAllText(_folder.File("manifest.json"), after);
    }

    private void AssertRefused(string words, string? folder = null)
    {
        InputException error = Assert.Throws<InputException>(() => RunFolder.Read(folder ?? _folder.Path));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private static RunManifest MakeManifest() =>
        new()
        {
            Versions = new Dictionary<string, string> { ["curie"] = "0.1.0" },
            Seeds = new Dictionary<string, long> { ["sampling"] = 17 },
            Configuration = JsonSerializer.SerializeToElement(new { sampling = new { nbeta = 30 } }),
            Components = ["l0h0", "l1h3"],
            ProbeNames = ["github", "naïve, \"quoted\""],
            Shape = Shape,
            Health =
            [
                new ComponentHealth("full", [new(0, ChainStatus.Healthy), new(1, ChainStatus.Healthy), new(2, ChainStatus.Healthy)])
                {
                    Diagnostics = new Dictionary<string, double?> { ["r_hat"] = 1.01, ["effective_sample_size"] = double.NaN },
                    Notes = ["few draws"],
                },
                new ComponentHealth(
                    "l0h0",
                    [new(0, ChainStatus.Healthy), new(1, ChainStatus.Healthy), new(2, ChainStatus.Excluded, 1, "the loss was NaN")]
                ),
                new ComponentHealth("l1h3", [new(0, ChainStatus.Healthy), new(1, ChainStatus.Healthy), new(2, ChainStatus.Healthy)]),
            ],
        };

    private static SusceptibilityData MakeData()
    {
        SusceptibilityData data = new(Shape);
        System.Random random = new(5);
        foreach (ResponsePart part in ResponsePart.All)
        {
            Fill(data.Response.Values(part), random);
            Fill(data.Response.StandardErrors(part), random);
            Fill(data.Dataset.Values(part), random);
            Fill(data.Dataset.StandardErrors(part), random);
        }

        new[] { 0, 2, 4 }.CopyTo(data.Batches!.Token, 0);
        Fill(data.Batches.Covariance, random);
        Fill(data.Batches.Shift, random);
        Fill(data.Batches.CovarianceDataset, random);
        Fill(data.Batches.ShiftDataset, random);
        Fill(data.FullShift, random);
        Fill(data.FullShiftStandardErrors, random);
        Fill(data.FullShiftDataset, random);
        Fill(data.FullExcess, random);
        Fill(data.FullExcessDataset, random);
        Fill(data.FullShiftDatasetStandardErrors, random);
        Fill(data.Tokens.InitLoss, random);
        Fill(data.TraceLoss, random);
        data.Trace(1, 2)[1..].Fill(double.NaN);
        data.InitLossMean = 3.25;
        data.SetAlignment(0, [0.5f, -1, 2, 0, 4]);
        data.SetAlignment(1, [5, 6, 7, 8, float.NaN]);
        Fill(data.AddSlopes().Values, random);
        Fill(data.AddSlopes().StandardErrors, random);
        (int Probe, int Row, int Position, int Id)[] tokens = [(0, 0, 3, 70), (0, 2, 0, 4999), (0, 2, 7, 1), (1, 0, 0, 2), (1, 9, 1, 3)];
        for (int i = 0; i < tokens.Length; i++)
        {
            (data.Tokens.Probe[i], data.Tokens.Row[i], data.Tokens.Position[i], data.Tokens.Id[i]) = tokens[i];
        }

        return data;
    }

    private static void Fill(float[] values, System.Random random)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.NextSingle();
        }
    }

    private static void Fill(double[] values, System.Random random)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.NextDouble();
        }
    }
}
