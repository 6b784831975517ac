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
        string[] settings = ["--config", _experiment.Config, "--noise-level", "1", "--component", "l0h1", "--draws", "20", "--json"];
        string[] grid = ["calibrate", "--step-sizes", "1e-3,4e-3", "--nbetas", "50", "--localizations", "20,60", .. settings];
        CommandRun one = CommandRun.Of([.. grid, "--threads", "1"]);
        CommandRun three = CommandRun.Of([.. grid, "--threads", "3"]);
        Assert.Equal(one.Output, three.Output);
        JsonArray cells = JsonNode.Parse(one.Output)!["cells"]!.AsArray();
        Assert.Equal(4, cells.Count);
        JsonNode second = cells[1]!;
        Assert.Equal((1e-3, 50, 60), ((double)second["step_size"]!, (double)second["nbeta"]!, (double)second["localization"]!));
        CommandRun llc = CommandRun.Of(["llc", "--step-size", "1e-3", "--nbeta", "50", "--localization", "60", .. settings]).AssertDone();
        JsonNode measured = JsonNode.Parse(llc.Output)!["components"]![0]!;
        Assert.All(new[] { "llc", "knowledge_lost" }, figure =>
            Assert.Equal((double)measured[figure]!, (double)second["components"]![0]![figure]!)
        );
    }

    [Fact]
    public void Without_lists_the_default_grid_is_tried_and_a_list_takes_the_place_of_its_own_alone()
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
            "--draws",
            "2",
            "--loss-rows",
            "1",
            "--no-response",
            "--json",
        ];
        CalibrationGrid defaults = new();
        Assert.Equal(
            defaults.Cells(new SamplingOptions()).Select(cell => (cell.StepSize, cell.NBeta, cell.Localization)),
            Cells(CommandRun.Of(command))
        );
        Assert.Equal(
            (defaults with { NBetas = [50] }).Cells(new SamplingOptions()).Select(cell => (cell.StepSize, cell.NBeta, cell.Localization)),
            Cells(CommandRun.Of([.. command, "--nbetas", "50"]))
        );

        static IEnumerable<(double, double, double)> Cells(CommandRun run) =>
            JsonNode.Parse(run.Output)!["cells"]!
                .AsArray()
                .Select(cell => ((double)cell!["step_size"]!, (double)cell["nbeta"]!, (double)cell["localization"]!));
    }

    /// <summary>
    /// Chains forget in 2/(εγ) updates; a response takes three times as many to build up: 6/(1e-3·20) = 300 and 6/(1e-3·60) = 100.
    /// </summary>
    [Fact]
    public void The_error_of_the_response_is_measured_beside_the_coefficients_and_leaves_them_alone()
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
            "--component",
            "full",
            "--step-sizes",
            "1e-3",
            "--nbetas",
            "50",
            "--localizations",
            "20,60",
            "--draws",
            "20",
            "--chains",
            "2",
        ];
        JsonNode with = JsonNode.Parse(CommandRun.Of([.. command, "--json"]).Output)!;
        JsonNode without = JsonNode.Parse(CommandRun.Of([.. command, "--json", "--no-response"]).Output)!;
        for (int cell = 0; cell < 2; cell++)
        {
            for (int component = 0; component < 3; component++)
            {
                JsonObject measured = with["cells"]![cell]!["components"]![component]!.AsObject();
                JsonNode response = measured["response"]!;
                Assert.Equal(cell == 0 ? 300 : 100, (int)response["burn_in"]!);
                Assert.True((double)response["relative_error"]! > 0);
                Assert.Equal(Math.Pow((double)response["relative_error"]! / 0.2, 2), (double)response["draws_needed"]!, 1e-9);
                Assert.InRange((double)response["shadow_growth"]!, 0.5, 1.5);
                Assert.InRange((double)response["perturbation_nonlinearity"]!, 0, 0.1);
                JsonObject alone = without["cells"]![cell]!["components"]![component]!.AsObject();
                Assert.Null(alone["response"]);
                measured["response"] = null;
                Assert.Equal(alone.ToJsonString(), measured.ToJsonString());
            }
        }

        Assert.Contains(without["reasons"]!.AsArray(), reason =>
            ((string)reason!).Contains("because --no-response was given", StringComparison.Ordinal)
        );
        string text = CommandRun.Of(command).Output;
        Assert.All(new[] { "error l0h1", "error l1h4", "error full" }, header => Assert.Contains(header, text, StringComparison.Ordinal));
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
            run.Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("error l0h1", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_whose_chains_do_not_move_are_not_recommended_and_every_component_shows_what_it_lost()
    {
        CommandRun run = CommandRun.Of(
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
            "1e-24",
            "--nbetas",
            "50",
            "--localizations",
            "60",
            "--draws",
            "20"
        );
        Assert.Equal(5, run.ExitCode);
        Assert.Contains("l0h1: the chains did not move", run.Output, StringComparison.Ordinal);
        Assert.Contains("try a larger step size, or many more updates", run.Output, StringComparison.Ordinal);
        Assert.Equal(
            2,
            run.Output.Split('\n')
                .First(line => line.Contains("λ̂ l0h1", StringComparison.Ordinal))
                .Split(' ')
                .Count(header => header == "lost")
        );
    }

    [Fact]
    public void Without_a_sound_setting_there_is_no_recommendation_and_exit_code_5()
    {
        // ε·nβ is a million: no chain is stable where the loss has any curvature.
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
    }

    [Fact]
    public void A_list_that_is_no_list_of_numbers_is_a_usage_error()
    {
        CommandRun run = CommandRun.Of("calibrate", "--config", _experiment.Config, "--nbetas", "1,x");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--nbetas is '1,x'", run.Error, StringComparison.Ordinal);
    }
}
