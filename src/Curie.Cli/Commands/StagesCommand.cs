using System.CommandLine;
using System.Text.Json;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Development.Clustering;
using Curie.Development.Scores;
using Curie.Development.Stages;
using Curie.Development.Trajectories;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Studies.Development;
using Curie.Studies.Development.Records;
using Curie.Studies.Folders;

namespace Curie.Cli.Commands;

/// <summary><c>curie stages</c>: the stages of a training run.</summary>
internal static class StagesCommand
{
    public static Command Create(Session session)
    {
        Argument<string?> table = new("TABLE")
        {
            Description =
                "A CSV table of learning coefficients over checkpoints, as curie llc writes it: columns step, component, value and, if "
                + "there are any, data, se, sampling_se, health, loss.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string[]> components = new("--components")
        {
            Description = "The components of the table to look at, heads for every head; all by default. May be given several times.",
            HelpName = "NAME",
        };
        Option<bool> healthyOnly = new("--healthy-only") { Description = "Leave out measurements whose health is not ok." };
        Option<bool> fitNoise = new("--fit-noise") { Description = "Take no notice of the columns se and sampling_se: fit all noise." };
        Option<string?> scores = new("--scores")
        {
            Description =
                "A folder that curie scores wrote over checkpoints: clusters of heads are compared by the heads' scores at its last "
                + "checkpoint.",
            HelpName = "DIR",
        };
        Option<string?> checkpoints = new("--checkpoints")
        {
            Description = "A training run with checkpoint-N folders, for essential dynamics; of a model of language it needs --data.",
            HelpName = "DIR",
        };
        Option<string?> data = new("--data")
        {
            Description =
                "The token rows whose logits essential dynamics follows; none for a regression transformer, whose predictions it follows.",
            HelpName = "ROWS.npy",
        };
        Option<int> outputs = new("--outputs")
        {
            Description = "The most logits or predictions that are followed.",
            HelpName = "N",
            DefaultValueFactory = _ => TrajectoryStudy.DefaultOutputs,
        };
        Option<int?> threads = SharedOptions.Threads();
        Option<string?> folder = new("--out", "-o") { Description = "A folder for stages.json and the tables as CSV.", HelpName = "DIR" };
        Option<bool> overwrite = SharedOptions.Overwrite();
        Option<bool> takeOver = SharedOptions.TakeOver();
        StagesOptions options = new();
        CurieCommand command = new(
            session,
            "stages",
            "Find the stages of a training run: plateaus and turns of learning coefficients over log step with their intervals, clusters "
                + "of heads' curves, and the essential dynamics of the outputs on fixed inputs.",
            "curie stages runs/llc/llc.csv --checkpoints runs/pile --data heldout.npy --out runs/stages"
        )
        {
            table,
            components,
            healthyOnly,
            fitNoise,
            scores,
            checkpoints,
            data,
            outputs,
            threads,
            folder,
            overwrite,
            takeOver,
        };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            bool ownData = result.GetValue(checkpoints) is { } run && RegressionFolder.IsRegressionAt(run);
            if (ownData && result.GetValue(data) is not null)
            {
                result.AddError(
                    "--checkpoints holds regression transformers, which make their sequences from their own task: leave --data out."
                );
            }
            else if (!ownData && result.GetValue(checkpoints) is null != result.GetValue(data) is null)
            {
                result.AddError("--checkpoints and --data belong together: give both or neither.");
            }

            if (result.GetValue(scores) is not null && result.GetValue(table) is null)
            {
                result.AddError("--scores compares clusters of heads, which need a table of curie llc: give one.");
            }

            if (result.GetValue(table) is null && result.GetValue(checkpoints) is null)
            {
                result.AddError("Nothing to look at: give a table of curie llc, --checkpoints with --data, or all of them.");
            }
        });
        command.Runs(parsed =>
        {
            (StageOptions stages, CurveClusteringOptions clustering, EssentialDynamicsOptions dynamics) = (
                options.Stages(parsed),
                options.Clustering(parsed),
                options.Dynamics(parsed)
            );
            IReadOnlyList<ComponentCurve> curves = parsed.GetValue(table) is { } path
                ? Select(
                    path,
                    ComponentCurve.Read(path, parsed.GetValue(healthyOnly), !parsed.GetValue(fitNoise)),
                    parsed.GetValue(components) ?? []
                )
                : [];
            (double Step, IReadOnlyList<HeadScoreValues> Heads)? scored = parsed.GetValue(scores) is { } scoreFolder
                ? HeadScoreValues.ReadLast(Path.Combine(scoreFolder, ScoreTable.CsvName))
                : null;
            SharedOptions.TakeOver(parsed.GetValue(takeOver), parsed.GetValue(folder));
            using OutputFolder? output = parsed.GetValue(folder) is { } place
                ? OutputFolder.Open(
                    place,
                    SharedOptions.Existing(resume: false, parsed.GetValue(overwrite)),
                    canResume: false,
                    [
                        .. parsed.GetValue(table) is { } read ? (string[])[read] : [],
                        .. new[] { scores, checkpoints, data }.Select(parsed.GetValue).OfType<string>(),
                    ]
                )
                : null;
            using TrajectoryStudy? followed = parsed.GetValue(checkpoints) is { } run
                ? new TrajectoryStudy(
                    run,
                    parsed.GetValue(data),
                    parsed.GetValue(outputs),
                    parsed.GetValue(threads) ?? 0,
                    options.Seed(parsed),
                    dynamics
                )
                : null;
            EssentialDynamics? trajectory = followed is null ? null : Follow(session, followed);
            if (curves.Count > 0)
            {
                session.Say($"Fitting {Counted.Of(curves.Count, "curve")}.");
            }

            DevelopmentStudy study = WorkProgress.Run(session, progress =>
                DevelopmentStudy.Of(curves, stages, clustering, options.ByLayer(parsed), trajectory, progress, session.Cancellation)
            );
            study = scored is { } known
                ? study with
                {
                    Contrasts = ClusterContrasts.Of(known.Step, known.Heads, study.Clusters, options.Seed(parsed)),
                }
                : study;
            StagesReport report = new(study, session.IsVerbose);
            if (output is not null)
            {
                StagesFiles.Store(output, study);
                session.Say($"Writing the tables and {StagesFiles.JsonName} to {output.Path}.");
            }

            session.Report(report.Text, RecordJson.ToNode(StagesRecord.Of(study)));
            return ExitCode.Done;
        });
        return command;
    }

    private static EssentialDynamics Follow(Session session, TrajectoryStudy study)
    {
        session.Say(study.Description);
        return WorkProgress.Run(session, progress => study.Run(progress, session.Cancellation));
    }

    private static IReadOnlyList<ComponentCurve> Select(string path, IReadOnlyList<ComponentCurve> curves, string[] names)
    {
        foreach (string name in names.Where(name => !curves.Any(curve => Matches(curve, name))))
        {
            throw new InputException(
                $"{path} has no component {name}; it has {string.Join(", ", curves.Select(curve => curve.Component).Distinct())}."
            );
        }

        return names.Length == 0 ? curves : [.. curves.Where(curve => names.Any(name => Matches(curve, name)))];
    }

    private static bool Matches(ComponentCurve curve, string name) =>
        curve.Component == name || (name == "heads" && HeadName.Is(curve.Component));
}
