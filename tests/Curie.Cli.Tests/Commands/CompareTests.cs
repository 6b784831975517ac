using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Curie.Cli.Tests.Reports;
using Curie.Response.Estimators;

namespace Curie.Cli.Tests.Commands;

/// <summary>The covariances of two runs of a tiny model beside each other, one as a response and one as a product.</summary>
public sealed partial class CompareTests : IDisposable
{
    private readonly ExperimentFolder _experiment = new ExperimentFolder("2-gelu-standard").With(
        ("step_size: 0.006", "step_size: 1.0e-3"),
        ("nbeta: 100", "nbeta: 10"),
        ("localization: 10", "localization: 300"),
        ("noise_level: 0", "noise_level: 1"),
        ("[full, l0h1, l1h4]", "[l0h1, l1h4]"),
        ("chains: 1", "chains: 4"),
        ("burn_in: 2", "burn_in: 20")
    );

    public void Dispose() => _experiment.Dispose();

    /// <summary>
    /// Both are estimates of one covariance, up to the step: εκ = .3 makes the product 1/(1 − .075) times as large where losses are linear,
    /// more where they are not.
    /// </summary>
    [Fact]
    public void A_product_has_the_slope_on_a_response_that_the_step_makes_one_expect()
    {
        _experiment.With(("draws: 12", "draws: 60"));
        string response = Sample("response");
        _experiment.With(("draws: 60", "draws: 150"), ("loss_rows: 7", "loss_rows: 7\n  covariance: product\n  antithetic: false"));
        string product = Sample("product", "--seed", "2");
        string page = CommandRun
            .Of("structure", response, "--compare", product, "--tokens", "0", "--map", "0", "--verbose")
            .AssertDone()
            .Output;
        Assert.Contains(
            "Slope of the covariance of the other run (product of fluctuations) on that of this run (response of coupled chains), over "
                + "180 tokens",
            Unwrapped(page),
            StringComparison.Ordinal
        );
        Assert.Matches(@"l1h4 +\d\.\d{3} +\d\.\d{3} +1\.081 – 1\.\d{3} +-?\d\.\d +-?\d+\.\d\d % +-?\d+\.\d\d %", page);
        JsonNode kept = JsonNode.Parse(File.ReadAllText(Path.Combine(response, "analysis.json")))!["agreement"]!;
        Assert.Equal(("response", "product", true), ((string)kept["regressor"]!, (string)kept["other"]!, (bool)kept["is_run_regressor"]!));
        Assert.All(kept["components"]!.AsArray().Append(kept["pooled"]), slope =>
        {
            Assert.Equal(1 / (1 - 0.075), (double)slope!["expected"]!["low"]!, 1e-9);
            Assert.InRange((double)slope["standard_error"]!, 0.001, 0.5);
            Assert.InRange((double)slope["z"]!, -4, 4);
        });
        Assert.Null(
            JsonNode.Parse(CommandRun.Of("structure", response, "--json", "--tokens", "0").AssertDone().Output)!["analysis"]!["agreement"]
        );
    }

    [Fact]
    public void Runs_that_cannot_be_compared_are_refused_and_few_batches_have_no_errors_each_in_a_sentence()
    {
        string run = Sample("run");
        Assert.Contains(
            "too few batches for the errors of l0h1, l1h4",
            Unwrapped(CommandRun.Of("structure", run, "--compare", Sample("again", "--seed", "3"), "--verbose").AssertDone().Output),
            StringComparison.Ordinal
        );
        _experiment.With(("rows: 2", "rows: 1"));
        string tokens = Sample("tokens");
        CommandRun.Of("structure", run, "--compare", tokens).AssertRefused(1, "the runs follow different tokens");
        _experiment.With(("rows: 1", "rows: 2"), ("[l0h1, l1h4]", "[l0h2]"));
        CommandRun.Of("structure", run, "--compare", Sample("component")).AssertRefused(1, "the runs have no component in common");
        CommandRun.Of("structure", run, "--compare", _experiment.PathOf("nowhere")).AssertRefused(1, "does not exist");
        using KnownRun batchless = new();
        CommandRun.Of("structure", run, "--compare", batchless.Run).AssertRefused(1, "keeps no batch means");
        using KnownRun excess = new(parts: [ResponsePart.Shift, ResponsePart.Excess]);
        CommandRun.Of("structure", run, "--compare", excess.Run).AssertRefused(1, "holds shift and excess alone");
    }

    private static string Unwrapped(string text) => Whitespace.Replace(text, " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace { get; }

    private string Sample(string name, params string[] options)
    {
        string folder = _experiment.PathOf(name);
        CommandRun.Of(["susceptibility", "--config", _experiment.Config, "--out", folder, "--quiet", .. options]).AssertDone();
        return folder;
    }
}
