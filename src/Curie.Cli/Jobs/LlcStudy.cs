using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Configuration;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Development.Coefficients;
using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Cli.Jobs;

/// <summary>Learning coefficients of several checkpoints, on several data sets, into one table.</summary>
internal static class LlcStudy
{
    /// <summary>Runs a study, or continues the one in the folder.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="InputException">An input does not fit, the folder holds a study, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Ctrl-C; finished measurements are kept.</exception>
    public static int Run(Session session, ExperimentConfiguration configuration, string path, ExistingRun existing, long memory, int threads)
    {
        IReadOnlyList<Checkpoint> checkpoints = CheckpointSelection.Find([configuration.Model, .. configuration.MoreModels], configuration.Study.Every);
        NamedData[] data = [NamedData.Parse(configuration.Sampling.Data), .. configuration.Study.Data];
        if (data.GroupBy(rows => rows.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new InputException($"two data sets are named \"{twice.Key}\"; give one another name, as in {twice.Key}-2=ROWS.npy.");
        }

        TransformerConfig config = ModelFolder.LoadConfig(checkpoints[0].Folder);
        List<NamedRows> rows = [];
        try
        {
            foreach (NamedData one in data)
            {
                rows.Add(new NamedRows(one.Name, TokenRows.Load(one.Path, config.Vocabulary, config.ContextLength)));
            }

            using ParameterSet? against = LlcInputs.Against(configuration);
            string settings = Settings(configuration);
            using WorkerPool pool = new(threads);
            using TransformerCoefficients source = new(
                checkpoints,
                rows,
                (model, of) => LlcInputs.Of(configuration, model, of.Rows, against, memory),
                (checkpoint, of) => RunFingerprint.Of(new JsonObject { ["settings"] = settings }, Files(configuration, checkpoint, data.First(one => one.Name == of.Name))),
                Kernels.FromEnvironment(),
                pool);
            return Measure(session, configuration, OutputFolder.Open(path, existing), source, pool);
        }
        finally
        {
            rows.ForEach(named => named.Rows.Dispose());
        }
    }

    private static int Measure(Session session, ExperimentConfiguration configuration, OutputFolder folder, TransformerCoefficients source, WorkerPool pool)
    {
        CoefficientStudy study = new(source, configuration.ToStudyJson());
        folder.Enter(study.Files);
        session.InterruptionAdvice = $"give the same command with --resume to continue the study in {folder.Path}.";
        int left = study.Count - study.CountDone(folder.Path);
        int components = source.Plan.Groups.Sum(group => group.Components.Count);
        string work = ((double)left * source.TokenEvaluations).ToString("0.##e0", CultureInfo.InvariantCulture);
        session.Say(
            $"Sampling {components} components of {source.Checkpoints.Count} checkpoints, steps {source.Checkpoints[0].Step} to {source.Checkpoints[^1].Step}, on "
            + $"{string.Join(", ", source.Data)}: {study.Count} measurements, {study.Count - left} of them done, {work} token evaluations left, into {folder.Path}.");
        if (left > 0)
        {
            session.Say(PlanView.Text(source.Plan, Kernels.FromEnvironment(), pool, left));
        }

        CoefficientTable table = WorkProgress.Run(session, "sampling", "tokens", (double)left * source.TokenEvaluations, progress => study.Run(
            folder.Path,
            (checkpoint, data) => new SamplingFollower(
                progress, source.Plan, source.TokenEvaluations, source.Data.Count > 1 ? $"{checkpoint.Name} on {source.Data[data]}, " : $"{checkpoint.Name}, "),
            session.Cancellation));
        LlcStudyReport report = new(folder.Path, table);
        session.Report(report.Text, report.Json);
        return session.ReportExcluded(report.Excluded, table.Rows.Count * configuration.Sampling.Options.Chains);
    }

    /// <summary>What decides numbers beside the files; where those lie does not.</summary>
    public static string Settings(ExperimentConfiguration configuration) => (configuration with
    {
        Model = "",
        MoreModels = [],
        Threads = 0,
        Sampling = configuration.Sampling with { Data = "" },
        Study = configuration.Study with { Every = 1, Data = [], Against = configuration.Study.Against is null ? null : "" },
    }).ToStudyJson().ToJsonString();

    private static string?[] Files(ExperimentConfiguration configuration, Checkpoint checkpoint, NamedData data) =>
    [
        Path.Combine(checkpoint.Folder, ModelFolder.ConfigName),
        Path.Combine(checkpoint.Folder, ModelFolder.WeightsName),
        data.Path,
        configuration.Study.Against is { } config ? Path.Combine(config, ModelFolder.ConfigName) : null,
        configuration.Study.Against is { } weights ? Path.Combine(weights, ModelFolder.WeightsName) : null,
    ];
}
