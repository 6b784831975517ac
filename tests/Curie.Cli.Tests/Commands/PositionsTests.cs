using System.Text.Json.Nodes;
using Curie.Numerics.Files;
using Curie.Text.Packing;

namespace Curie.Cli.Tests.Commands;

/// <summary>Positions that count, through the commands that know them.</summary>
public sealed class PositionsTests : IDisposable
{
    private readonly ExperimentFolder _experiment = new("2-gelu-standard");
    private readonly int _positions;
    private readonly int _rows;

    public PositionsTests()
    {
        using TokenRows rows = TokenRows.Load(_experiment.PathOf("pile.npy"));
        (_positions, _rows) = (rows.ContextLength - 1, rows.Count);
    }

    public void Dispose() => _experiment.Dispose();

    /// <summary>
    /// The file's losses at the positions that count are those of all; the mean is over them alone, to float32's rounding.
    /// </summary>
    [Fact]
    public void Losses_that_do_not_count_are_none_and_the_mean_is_over_the_others()
    {
        float[] all = Loss("all.npy", []);
        float[] some = Loss("some.npy", ["--positions", "2-4,-1"]);
        for (int i = 0; i < all.Length; i++)
        {
            bool counts = i % _positions is 2 or 3 or 4 || i % _positions == _positions - 1;
            Assert.Equal(counts ? all[i] : float.NaN, some[i]);
        }

        float[] Loss(string name, string[] options)
        {
            string file = _experiment.PathOf(name);
            string[] arguments =
            [
                "loss",
                "--model",
                _experiment.PathOf("model"),
                "--tokens",
                _experiment.PathOf("pile.npy"),
                "--out",
                file,
            ];
            JsonNode json = JsonNode.Parse(CommandRun.Of([.. arguments, "--json", .. options]).AssertDone().Output)!;
            using NpyArray<float> losses = NpyFile.Read<float>(file);
            float[] values = losses.ToArray();
            Assert.Equal(values.Where(float.IsFinite).Average(value => (double)value), (double)json["mean_loss"]!, 1e-6);
            return values;
        }
    }

    [Fact]
    public void A_range_in_the_file_and_as_an_option_and_as_a_mask_is_the_same()
    {
        JsonNode whole = Llc([]);
        JsonNode option = Llc(["--positions", "3-"]);
        bool[] mask = [.. Enumerable.Range(0, _rows * _positions).Select(i => i % _positions >= 3)];
        NpyFile.Write<bool>(_experiment.PathOf("mask.npy"), mask, _rows, _positions);
        JsonNode masked = Llc(["--positions", _experiment.PathOf("mask.npy")]);
        _experiment.With(("  draws:", "  positions: 3-\n  draws:"));
        JsonNode file = Llc([]);
        Assert.Equal("3-", (string)file["configuration"]!["sampling"]!["positions"]!);
        Assert.NotEqual(whole["components"]!.ToJsonString(), option["components"]!.ToJsonString());
        Assert.Equal(option["components"]!.ToJsonString(), file["components"]!.ToJsonString());
        Assert.Equal(option["components"]!.ToJsonString(), masked["components"]!.ToJsonString());
        Assert.Equal(whole["components"]!.ToJsonString(), Llc(["--positions", "all"])["components"]!.ToJsonString());

        JsonNode Llc(string[] options) =>
            JsonNode.Parse(
                CommandRun.Of(["llc", "--config", _experiment.Config, "--component", "l0h1", "--json", .. options]).AssertDone().Output
            )!;
    }

    [Fact]
    public void A_run_is_not_resumed_with_another_mask()
    {
        bool[] mask = [.. Enumerable.Range(0, _positions).Select(position => position % 2 == 0)];
        NpyFile.Write<bool>(_experiment.PathOf("mask.npy"), mask, _positions);
        _experiment.With(("  draws:", "  positions: mask.npy\n  draws:"));
        string[] arguments = ["susceptibility", "--config", _experiment.Config, "--out", _experiment.PathOf("run")];
        CommandRun.Of(arguments).AssertDone();
        CommandRun.Of([.. arguments, "--resume"]).AssertDone();
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(_experiment.PathOf("run"), "manifest.json")))!;
        Assert.Equal(_experiment.PathOf("mask.npy"), (string)manifest["configuration"]!["sampling"]!["positions"]!);
        mask[1] = true;
        NpyFile.Write<bool>(_experiment.PathOf("mask.npy"), mask, _positions);
        CommandRun.Of([.. arguments, "--resume"]).AssertRefused(1, "another configuration, model or data");
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_a_sentence()
    {
        Refused("positions: 5:9", "positions cannot be \"5:9\"");
        Refused("positions: 5-500", "have the positions 0 to ");
        Refused("positions: missing.npy", "missing.npy");
        NpyFile.Write<byte>(_experiment.PathOf("mask.npy"), new byte[_positions + 1], _positions + 1);
        Refused("positions: mask.npy", "a mask must be bool or uint8 of shape");

        byte[] mask = new byte[_rows * _positions];
        mask[^1] = 1;
        NpyFile.Write<byte>(_experiment.PathOf("mask.npy"), mask, _rows, _positions);
        Refused("positions: mask.npy", "which says nothing of probe");

        void Refused(string setting, string message)
        {
            using ExperimentFolder experiment = new("2-gelu-standard");
            experiment.With(("  draws:", $"  {setting}\n  draws:"));
            if (File.Exists(_experiment.PathOf("mask.npy")))
            {
                File.Copy(_experiment.PathOf("mask.npy"), experiment.PathOf("mask.npy"));
            }

            CommandRun.Of("susceptibility", "--config", experiment.Config, "--out", experiment.PathOf("run")).AssertRefused(1, message);
        }
    }

    [Fact]
    public void Rows_before_the_first_position_that_counts_give_no_loss()
    {
        byte[] mask = new byte[_rows * _positions];
        mask[^1] = 1;
        NpyFile.Write<byte>(_experiment.PathOf("mask.npy"), mask, _rows, _positions);
        string[] arguments =
        [
            "llc",
            "--config",
            _experiment.Config,
            "--component",
            "l0h1",
            "--loss-rows",
            "1",
            "--positions",
            _experiment.PathOf("mask.npy"),
        ];
        CommandRun.Of(arguments).AssertRefused(1, "raise --loss-rows");
    }

    [Fact]
    public void A_scan_and_a_calibration_know_positions()
    {
        string[] scan =
        [
            "scan",
            "--model",
            _experiment.PathOf("model"),
            "--probe",
            _experiment.PathOf("near.npy"),
            "--pairs",
            "2",
            "--component",
            "l0h1",
            "--json",
        ];
        JsonNode whole = JsonNode.Parse(CommandRun.Of(scan).AssertDone().Output)!;
        JsonNode last = JsonNode.Parse(CommandRun.Of([.. scan, "--positions", "-1"]).AssertDone().Output)!;
        Assert.NotEqual(whole.ToJsonString(), last.ToJsonString());
        CommandRun.Of([.. scan, "--positions", "700"]).AssertRefused(1, "have the positions 0 to");

        string[] calibrate =
        [
            "calibrate",
            "--config",
            _experiment.Config,
            "--component",
            "l0h1",
            "--localizations",
            "300",
            "--loss-shares",
            "0.1",
            "--steps",
            "0.4",
            "--effective-draws",
            "4",
            "--chains",
            "2",
            "--json",
        ];

        // So few draws recommend nothing, which is exit code 5.
        CommandRun some = CommandRun.Of([.. calibrate, "--positions", "4-"]);
        Assert.True(some.ExitCode is 0 or 5, some.Error);
        Assert.NotEqual(CommandRun.Of(calibrate).Output, some.Output);
        CommandRun.Of([.. calibrate, "--positions", "4-700"]).AssertRefused(1, "have the positions 0 to");
    }
}
