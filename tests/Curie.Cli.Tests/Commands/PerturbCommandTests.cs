using System.Text.Json.Nodes;
using Curie.Numerics.Files;
using Curie.Text.Packing;

namespace Curie.Cli.Tests.Commands;

/// <summary>Posteriors of a run on a tiny model, really perturbed.</summary>
public sealed class PerturbCommandTests
{
    private const string Name = "3-attention-shortformer";

    [Fact]
    public void A_finished_run_is_perturbed_as_its_manifest_says_wherever_its_files_are_now()
    {
        using ExperimentFolder experiment = Experiment();
        string run = Run(experiment);
        string csv = experiment.PathOf("perturbed.csv");
        CommandRun result = CommandRun
            .Of("perturb", run, "--probe", "near", "--components", "l0h1, l2h4", "--shares", "0.01,0.02", "--out", csv)
            .AssertDone();
        Assert.Matches(@"l2h4: at h = 0\.01 within \d+\.\d combined errors of the run, ", result.Output);
        CsvTable table = CsvTable.Read(csv);
        Assert.Equal(
            ["component", "quantity", "share", "perturbed", "perturbed_se", "linear", "linear_se", "z", "departure"],
            table.Columns
        );
        Assert.Equal(8, table.Lines.Count);

        // A configuration says where the files are, and nothing else: neither its seed nor its draws count.
        Directory.Move(experiment.PathOf("model"), experiment.PathOf("moved"));
        Perturb(run, "near").AssertRefused(1, "model, which the run names, is not there");
        experiment.With(("model: model", "model: moved"), ("seed: 1", "seed: 2"), ("draws: 12", "draws: 3"));
        JsonNode json = JsonNode.Parse(
            Perturb(run, "near", "--config", experiment.Config, "--threads", "3", "--json").AssertDone().Output
        )!;
        string[] values =
        [
            .. json["components"]!
                .AsArray()
                .SelectMany(one => new[] { one!["response"]!, one["llc"]! })
                .SelectMany(curve => curve["shares"]!.AsArray())
                .Select(share => share!["value"]!.ToString()),
        ];
        Assert.Equal(values.Select(double.Parse), table.Lines.Select(line => double.Parse(line.Fields[3])));

        experiment.With(("data: near.npy", "data: far.npy"));
        Perturb(run, "near", "--config", experiment.Config).AssertRefused(1, "are not those that");
        experiment.With(("name: near", "name: other"));
        Perturb(run, "near", "--config", experiment.Config).AssertRefused(1, "has no probe named near");
    }

    /// <summary>
    /// The first positions alone are rows cut off behind them, mixed and perturbed as these are. Losses of the two are float32 sums in
    /// another order, 1e-6 apart, and the change that is measured is that of some 1e-3 over a share of 0.1: 2 % of the largest is ten times
    /// that.
    /// </summary>
    [Fact]
    public void A_run_of_some_positions_is_perturbed_on_these()
    {
        using ExperimentFolder marked = Experiment();
        using ExperimentFolder cut = Experiment();
        int kept = 0;
        foreach (string name in new[] { "pile.npy", "near.npy", "far.npy" })
        {
            using TokenRows rows = TokenRows.Load(cut.PathOf(name));
            kept = (rows.ContextLength - 1) / 2;
            using TokenRows first = new([.. Enumerable.Range(0, rows.Count).SelectMany(row => rows.Row(row).Take(kept + 1))], kept + 1);
            first.Save(cut.PathOf(name));
        }

        marked.With(("  draws:", $"  positions: 0-{kept - 1}\n  draws:"));
        double[] expected = Values(cut);
        double[] actual = Values(marked);
        double largest = expected.Max(Math.Abs);
        Assert.True(largest > 0);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 0.02 * largest));

        static double[] Values(ExperimentFolder experiment)
        {
            JsonNode json = JsonNode.Parse(
                Perturb(Run(experiment), "near", "--components", "l0h1, l2h4", "--shares", "0.1", "--json").AssertDone().Output
            )!;
            return [.. json["components"]!.AsArray().Select(one => (double)one!["response"]!["shares"]![0]!["value"]!)];
        }
    }

    [Fact]
    public void A_wrong_probe_share_or_component_is_refused()
    {
        using ExperimentFolder experiment = Experiment();
        string run = Run(experiment);
        Perturb(run, "none").AssertRefused(1, "the run has no probe named none; it has near, far");
        Perturb(run, "near", "--shares", "0.1,0.01").AssertRefused(1, "in ascending order");
        Perturb(run, "near", "--shares", "1").AssertRefused(1, "between 0 and 1");
        Perturb(run, "near", "--shares", "0.1,much").AssertRefused(2, "'much' is not a share");
        Perturb(run, "near", "--components", "l1h0").AssertRefused(1, "the run has no component named l1h0");
        Perturb(run, "near", "--components", "full").AssertRefused(1, "the run holds no covariance of full");
        Perturb(run, "near", "--out", experiment.Config).AssertRefused(1, "exists already");
        CommandRun
            .With("", new CancellationToken(canceled: true), "perturb", run, "--probe", "near")
            .AssertRefused(130, "nothing was written");
    }

    private static ExperimentFolder Experiment() =>
        new ExperimentFolder(Name).With(
            ("noise_level: 0", "noise_level: 1"),
            ("components: [full, l0h1, l1h2, l2h4]", "components: [l0h1, l2h4]"),
            ("localization: 10", "localization: 300"),
            ("step_size: 0.006", "step_size: 0.002"),
            ("chains: 1", "chains: 4")
        );

    private static string Run(ExperimentFolder experiment)
    {
        string run = experiment.PathOf("run");
        CommandRun.Of("susceptibility", "--config", experiment.Config, "--out", run, "--quiet").AssertDone();
        return run;
    }

    private static CommandRun Perturb(string run, string probe, params string[] more) =>
        CommandRun.Of(["perturb", run, "--probe", probe, .. more.Contains("--shares") ? more : [.. more, "--shares", "0.01,0.02"]]);
}
