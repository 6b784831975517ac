using System.CommandLine;
using Curie.Cli.Invocation;
using Curie.Cli.Options;
using Curie.Cli.Reports;
using Curie.Numerics;
using Curie.Studies;
using Curie.Studies.Configuration;
using Curie.Studies.Sharding;

namespace Curie.Cli.Commands.Cluster;

/// <summary><c>curie plan</c>: what a study takes on one machine and on many, before anything is run.</summary>
internal static class PlanCommands
{
    private static readonly int[] DefaultNodes = [1, 10, 100];

    public static Command Create(Session session)
    {
        Command command = new(
            "plan",
            "Say what a study takes before anything is run: operations, memory, how far more threads help, and the hours on 1, 10 or "
                + "100 nodes."
        );
        SusceptibilityOptions susceptibility = new();
        CurieCommand first = new(
            session,
            "susceptibility",
            "Plan what curie susceptibility does.",
            "curie plan susceptibility --config experiment.yaml --cores 64"
        );
        susceptibility.AddTo(first);
        command.Add(
            WithNodes(session, first, (parsed, options) =>
                new SusceptibilityShards(susceptibility.Read(parsed), options, susceptibility.Every(parsed))
            )
        );

        ExperimentOptions llc = new(severalModels: true);
        StudyOverrides study = new();
        CurieCommand second = new(
            session,
            "llc",
            "Plan what curie llc does over checkpoints and data sets.",
            "curie plan llc --model runs/pile --data pile.npy --component full --component heads --cores 64"
        );
        llc.AddTo(second);
        foreach (Option option in study.Options)
        {
            second.Add(option);
        }

        command.Add(WithNodes(session, second, (parsed, options) =>
            {
                ExperimentConfiguration configuration = llc.Read(parsed);
                configuration = configuration with { Study = study.Apply(parsed, configuration.Study) };
                configuration.Sampling.Options.Validate();
                return new CoefficientShards(configuration, options);
            }));
        return command;
    }

    private static CurieCommand WithNodes(Session session, CurieCommand command, Func<ParseResult, StudyOptions, ShardedStudy> open)
    {
        Option<int?> cores = SamplingOverrides.Whole("--cores", "The cores of a node; 64 by default.", 1);
        Option<int[]> nodes = new("--nodes")
        {
            Description = "How many nodes; repeat it for several. 1, 10 and 100 by default.",
            HelpName = "N",
        };
        Option<int?> perNode = SamplingOverrides.Whole("--shards-per-node", "Shards that share a node's cores; 1 by default.", 1);
        Option<long?> memory = SharedOptions.Size("--memory", "The memory of a node; 256G by default.");
        Option<double?> peak = new("--peak")
        {
            Description = "The peak of one core, GFLOP/s, float32; by default that of this machine, measured.",
            HelpName = "GFLOPS",
        };
        foreach (Option option in (Option[])[cores, nodes, perNode, memory, peak])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(nodes)?.Any(count => count < 1) == true)
            {
                result.AddError("--nodes must be 1 or more.");
            }
        });
        command.Runs(parsed =>
        {
            int shards = parsed.GetValue(perNode) ?? 1;
            int each = Math.Max(1, (parsed.GetValue(cores) ?? 64) / shards);
            long bytes = (parsed.GetValue(memory) ?? (256L << 30)) / shards;
            using ShardedStudy study = open(parsed, new StudyOptions { Threads = 1, Memory = bytes });
            StudyPlanView view = new(
                study,
                each,
                shards,
                parsed.GetValue(nodes) is { Length: > 0 } given ? given : DefaultNodes,
                parsed.GetValue(peak)
            );
            session.Report(view.Text, view.Json);
            return ExitCode.Done;
        });
        return command;
    }
}
