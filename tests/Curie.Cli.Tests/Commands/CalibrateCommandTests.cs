using System.Text.Json.Nodes;
using Curie.Sampling;
using Curie.Sampling.Calibration;

namespace Curie.Cli.Tests.Commands;

/// <summary>Trying settings on a tiny model through the command line.</summary>
public sealed class CalibrateCommandTests : IDisposable
{
    private readonly ExperimentFolder _experiment = new("2-gelu-standard");

    public void Dispose() => _experiment.Dispose();

    [Fact]
    public void Every_cell_has_the_coefficient_that_llc_gives_at_its_setting_whatever_the_threads()
    {
        string[] settings = ["--config", _experiment.Config, "--noise-level", "1", "--component", "l0h1", "--json"];
        string[] grid =
        [
            "calibrate",
            "--step-sizes",
            "1e-3,4e-3",
            "--nbetas",
            "50",
            "--localizations",
            "60",
            "--no-full",
            "--no-response",
            "--effective-draws",
            "20",
            "--draws",
            "20",
            .. settings,
        ];
        CommandRun one = CommandRun.Of([.. grid, "--threads", "1"]);
        CommandRun three = CommandRun.Of([.. grid, "--threads", "3"]);
        Assert.Equal(one.Output, three.Output);
        JsonArray cells = JsonNode.Parse(one.Output)!["cells"]!.AsArray();
        Assert.Equal(2, cells.Count);
        JsonNode second = cells[0]!;
        Assert.Equal((1e-3, 50, 60), ((double)second["step_size"]!, (double)second["nbeta"]!, (double)second["localization"]!));
        CommandRun llc = CommandRun
            .Of([
                "llc",
                "--step-size",
                "1e-3",
                "--nbeta",
                "50",
                "--localization",
                "60",
                "--draws",
                $"{second["draws"]}",
                "--burn-in",
                $"{second["burn_in"]}",
                "--steps-between-draws",
                $"{second["steps_between_draws"]}",
                .. settings,
            ])
            .AssertDone();
        JsonNode measured = JsonNode.Parse(llc.Output)!["components"]![0]!;
        Assert.All(new[] { "llc", "knowledge_lost" }, figure =>
            Assert.Equal((double)measured[figure]!, (double)second["components"]![0]![figure]!)
        );
    }

    /// <summary>Draws of 1e-9 apart from the localisation are refused by arithmetic, so that the whole grid costs nothing.</summary>
    [Fact]
    public void Lists_take_the_place_of_their_own_axes()
    {
        CalibrationGrid defaults = new();
        string[] command = ["calibrate", "--config", _experiment.Config, "--no-response", "--steps", "1e-9", "--json"];
        Assert.Equal(Expected(defaults with { Steps = [1e-9] }), Cells(CommandRun.Of(command)));
        Assert.Equal(Expected(defaults with { Steps = [1e-9], NBetas = [50] }), Cells(CommandRun.Of([.. command, "--nbetas", "50"])));
        Assert.Equal(
            Expected(defaults with { StepSizes = [1e-15], Localizations = [7] }),
            Cells(
                CommandRun.Of(
                    "calibrate",
                    "--config",
                    _experiment.Config,
                    "--no-response",
                    "--step-sizes",
                    "1e-15",
                    "--localizations",
                    "7",
                    "--json"
                )
            )
        );
        CommandRun.Of([.. command, "--step-sizes", "1e-4"]).AssertRefused(2, "--step-sizes takes the place of --steps");

        static IEnumerable<(double, double, double)> Expected(CalibrationGrid grid) =>
            grid.Cells(new SamplingOptions()).Select(cell => (cell.StepSize, cell.NBeta, cell.Localization));

        static IEnumerable<(double, double, double)> Cells(CommandRun run) =>
            JsonNode.Parse(run.Output)!["cells"]!
                .AsArray()
                .Select(cell => ((double)cell!["step_size"]!, (double)cell["nbeta"]!, (double)cell["localization"]!));
    }

    [Fact]
    public void Without_a_name_it_takes_full_a_head_of_each_layer_and_an_mlp_and_full_beside_what_is_named()
    {
        Assert.Contains("on full, l0h0, l1h1, l1.mlp; 0 of them may be sound", Announced([]), StringComparison.Ordinal);
        Assert.Contains("on full, l0h1;", Announced(["--component", "l0h1"]), StringComparison.Ordinal);
        Assert.Contains("on l0h1;", Announced(["--component", "l0h1", "--no-full"]), StringComparison.Ordinal);
        Assert.Contains("on full;", Announced(["--component", "full"]), StringComparison.Ordinal);
        CommandRun
            .Of(["calibrate", "--config", _experiment.Config, "--component", "full", "--no-full"])
            .AssertRefused(1, "--no-full leaves no component");

        string Announced(string[] components) =>
            CommandRun.Of(["calibrate", "--config", _experiment.Config, "--no-response", "--steps", "1e-9", .. components]).Output;
    }

    /// <summary>
    /// Chains forget in 2/(εγ) updates; a response takes three times as many to build up: 6/(4e-3·50) = 30 and 6/(4e-3·100) = 15.
    /// </summary>
    [Fact]
    public void The_error_of_the_response_and_its_control_are_measured_beside_the_coefficients()
    {
        string[] command =
        [
            "calibrate",
            "--config",
            _experiment.Config,
            "--noise-level",
            "1",
            "--component",
            "l0h1",
            "--component",
            "l1h4",
            "--step-sizes",
            "4e-3",
            "--nbetas",
            "50",
            "--localizations",
            "50,100",
            "--chains",
            "4",
            "--effective-draws",
            "10",
            "--draws",
            "18",
        ];
        JsonNode json = JsonNode.Parse(CommandRun.Of([.. command, "--json"]).Output)!;
        for (int cell = 0; cell < 2; cell++)
        {
            for (int component = 0; component < 3; component++)
            {
                JsonNode response = json["cells"]![cell]!["components"]![component]!["response"]!;
                Assert.Equal(cell == 0 ? 30 : 15, (int)response["burn_in"]!);
                Assert.True((double)response["relative_error"]! > 0);
                Assert.Equal(Math.Pow((double)response["relative_error"]! / 0.2, 2), (double)response["draws_needed"]!, 1e-9);
                Assert.InRange((double)response["shadow_growth"]!, 0.5, 1.5);
                Assert.InRange((double)response["perturbation_nonlinearity"]!, 0, 0.1);
                JsonNode control = response["control"]!;
                Assert.InRange((double)control["correlation"]!, 0.1, 1);
                Assert.Equal((double)control["correlation"]! / (double)control["ceiling"]!, (double)control["of_ceiling"]!, 1e-12);
            }
        }

        CommandRun text = CommandRun.Of([.. command, "--verbose"]);
        Assert.All(text.Output.Split('\n'), line => Assert.True(line.Length <= 101, line));
        Assert.Contains("r/ceiling", text.Output, StringComparison.Ordinal);
        Assert.StartsWith("Searching 2 settings on full, l0h1, l1h4", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_chains_cannot_be_coupled_settings_are_judged_by_the_coefficients_alone()
    {
        CommandRun run = CommandRun.Of(
            "calibrate",
            "--config",
            _experiment.Config,
            "--noise-level",
            "1",
            "--sampler",
            "sgnht",
            "--component",
            "l0h1",
            "--step-sizes",
            "1e-3",
            "--nbetas",
            "50",
            "--localizations",
            "60",
            "--draws",
            "20"
        );
        Assert.Contains(
            "judged by λ̂ alone and not by the error of a response, because the sampler sgnht",
            run.Output.Replace("\n  ", " ", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("r/ceiling", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_sound_setting_there_is_no_recommendation_and_exit_code_5()
    {
        // ε·nβ is a million: no chain is stable where the loss has any curvature, which is seen without sampling.
        CommandRun run = CommandRun.Of(
            "calibrate",
            "--config",
            _experiment.Config,
            "--noise-level",
            "1",
            "--component",
            "l0h1",
            "--step-sizes",
            "1,2",
            "--nbetas",
            "1e6",
            "--localizations",
            "1",
            "--json"
        );
        Assert.Equal(5, run.ExitCode);
        JsonNode json = JsonNode.Parse(run.Output)!;
        Assert.Null(json["recommended"]);
        Assert.StartsWith("None of the 2 settings is sound", (string)json["reasons"]![0]!, StringComparison.Ordinal);
        Assert.All(json["cells"]!.AsArray(), cell => Assert.Equal("refused", (string)cell!["stage"]!));
        Assert.Contains("the step is unstable", (string)json["cells"]![0]!["objections"]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_is_no_list_of_numbers_is_a_usage_error()
    {
        CommandRun run = CommandRun.Of("calibrate", "--config", _experiment.Config, "--nbetas", "1,x");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--nbetas is '1,x'", run.Error, StringComparison.Ordinal);
    }
}
