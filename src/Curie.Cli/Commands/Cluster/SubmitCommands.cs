using System.CommandLine;
using Curie.Cli.Invocation;
using Curie.Cli.Options;
using Curie.Studies;
using Curie.Studies.Configuration;
using Curie.Studies.Sharding;

namespace Curie.Cli.Commands.Cluster;

/// <summary><c>curie submit</c>: cuts a study into shards and gives them to a scheduler.</summary>
internal static class SubmitCommands
{
    public static Command Create(Session session)
    {
        Command command = new(
            "submit",
            "Cut a study into shards that take about equally long, and give them to Slurm, to Kubernetes or to processes of this "
                + "machine; the "
                + "merged results have the bytes of one process. See docs/cluster.md."
        );
        command.Add(Susceptibility(session));
        command.Add(Coefficients(session));
        command.Add(Scores(session));
        command.Add(Regression(session));
        return command;
    }

    private static CurieCommand Susceptibility(Session session)
    {
        SusceptibilityOptions experiment = new();
        CurieCommand command = new(
            session,
            "susceptibility",
            "Submit what curie susceptibility does: of one model, or of several checkpoints.",
            "curie submit susceptibility --config experiment.yaml --out runs/experiment --shards 32 --cpus 8 --partition long"
        );
        experiment.AddTo(command);
        return WithCluster(session, command, (parsed, options) =>
        {
            ExperimentConfiguration configuration = experiment.Read(parsed);
            return (new SusceptibilityShards(configuration, options, experiment.Every(parsed)), configuration.Inputs);
        });
    }

    private static CurieCommand Coefficients(Session session)
    {
        ExperimentOptions experiment = new(severalModels: true);
        StudyOverrides study = new();
        CurieCommand command = new(
            session,
            "llc",
            "Submit what curie llc does over checkpoints and data sets; the table llc.csv is written for one of them too.",
            "curie submit llc --model runs/pile --data pile.npy --component full --component heads --out runs/pile-llc --shards 40"
        );
        experiment.AddTo(command);
        foreach (Option option in study.Options)
        {
            command.Add(option);
        }

        return WithCluster(session, command, (parsed, options) =>
        {
            ExperimentConfiguration configuration = experiment.Read(parsed);
            configuration = configuration with { Study = study.Apply(parsed, configuration.Study) };
            configuration.Sampling.Options.Validate();
            return (new CoefficientShards(configuration, options), configuration.Inputs);
        });
    }

    private static CurieCommand Scores(Session session)
    {
        CheckpointScoresOptions scores = new();
        CurieCommand command = new(
            session,
            "scores",
            "Submit what curie scores does of checkpoints, one or more of them to a shard.",
            "curie submit scores --run runs/pile --data heldout.npy --out runs/pile-scores --shards 10"
        );
        scores.AddTo(command);
        return WithCluster(session, command, (parsed, options) =>
            (
                new ScoreShards(scores.Place(parsed), scores.Every(parsed), scores.Data(parsed), scores.Read(parsed), options),
                [scores.Place(parsed), scores.Data(parsed)]
            )
        );
    }

    private static CurieCommand Regression(Session session)
    {
        RegressionEvaluateOptions evaluate = new();
        CurieCommand command = new(
            session,
            "regression-evaluate",
            "Submit what curie regression evaluate does, one or more checkpoints to a shard.",
            "curie submit regression-evaluate --run runs/regression --out runs/regression-scores --shards 10"
        );
        evaluate.AddTo(command);
        return WithCluster(session, command, (parsed, options) =>
            (new RegressionEvaluationShards(evaluate.Run(parsed), evaluate.Read(parsed), options), [evaluate.Run(parsed)])
        );
    }

    private static CurieCommand WithCluster(
        Session session,
        CurieCommand command,
        Func<ParseResult, StudyOptions, (ShardedStudy Study, IReadOnlyList<string> Inputs)> open
    )
    {
        ClusterOptions cluster = new();
        cluster.AddTo(command);
        command.Runs(parsed =>
        {
            StudyOptions options = new() { Threads = cluster.Cpus(parsed), Memory = cluster.Memory(parsed) };
            (ShardedStudy study, IReadOnlyList<string> inputs) = open(parsed, options);
            using (study)
            {
                return new Submission(session, cluster, parsed, study, inputs).Run();
            }
        });
        return command;
    }
}
