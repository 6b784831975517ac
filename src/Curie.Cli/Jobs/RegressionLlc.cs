using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Configuration;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Development.Coefficients;
using Curie.Development.Regression;
using Curie.Networks.Components;
using Curie.Networks.Files;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;
using Curie.Sampling.Regression;

namespace Curie.Cli.Jobs;

/// <summary>Learning coefficients of regression transformers, whose data is their own task.</summary>
internal static class RegressionLlc
{
    /// <summary>The defaults of a regression transformer where they are others than those of a model of language.</summary>
    public static SamplingConfiguration Defaults => new()
    {
        Data = RegressionCoefficients.DataName,
        BatchSize = RegressionCoefficientInputs.DefaultBatchSize,
        LossRows = RegressionCoefficientInputs.DefaultLossSequences,
    };

    /// <summary>Measures the components of one checkpoint.</summary>
    /// <exception cref="InputException">The model cannot be read, or a setting does not fit.</exception>
    public static IReadOnlyList<ComponentCoefficient> Run(Session session, ExperimentConfiguration configuration, int threads)
    {
        using WorkerPool pool = new(threads);
        RegressionCoefficients source = Source(configuration, pool);
        double work = source.SequenceEvaluations;
        session.Say(
            $"Sampling {source.Components.Count} components of {configuration.Model}, {configuration.Sampling.Options.Chains} chains of "
            + $"{configuration.Sampling.Options.Draws} draws each: {Text(work)} sequence evaluations in all.");
        return WorkProgress.Run(session, "sampling", "sequences", work, progress =>
            source.Measure(0, 0, new Follower(progress, "", work / source.Components.Count), session.Cancellation));
    }

    /// <summary>Measures several checkpoints into one table, or continues the study in the folder.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="InputException">An input does not fit, the folder holds a study, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Ctrl-C; finished measurements are kept.</exception>
    public static int RunStudy(Session session, ExperimentConfiguration configuration, string path, ExistingRun existing, int threads)
    {
        using WorkerPool pool = new(threads);
        RegressionCoefficients source = Source(configuration, pool);
        OutputFolder folder = OutputFolder.Open(path, existing);
        CoefficientStudy study = new(source, configuration.ToStudyJson());
        folder.Enter(study.Files);
        session.InterruptionAdvice = $"give the same command with --resume to continue the study in {folder.Path}.";
        int left = study.Count - study.CountDone(folder.Path);
        double work = (double)left * source.SequenceEvaluations;
        session.Say(
            $"Sampling {source.Components.Count} components of {source.Checkpoints.Count} checkpoints, steps {source.Checkpoints[0].Step} to {source.Checkpoints[^1].Step}: "
            + $"{study.Count} measurements, {study.Count - left} of them done, {Text(work)} sequence evaluations left, into {folder.Path}.");
        double each = (double)source.SequenceEvaluations / source.Components.Count;
        CoefficientTable table = WorkProgress.Run(session, "sampling", "sequences", work, progress => study.Run(
            folder.Path, (checkpoint, _) => new Follower(progress, $"{checkpoint.Name}, ", each), session.Cancellation));
        LlcStudyReport report = new(folder.Path, table);
        session.Report(report.Text, report.Json);
        return session.ReportExcluded(report.Excluded, table.Rows.Count * configuration.Sampling.Options.Chains);
    }

    private static RegressionCoefficients Source(ExperimentConfiguration configuration, WorkerPool pool)
    {
        SamplingConfiguration sampling = configuration.Sampling;
        if (sampling.Data != RegressionCoefficients.DataName || configuration.Study.Data.Count > 0 || sampling.LossRows is null)
        {
            throw new InputException($"{configuration.Model} is a regression transformer, which makes its sequences from its own task: leave --data out, and give --loss-rows a number.");
        }

        if (configuration.Study.ZeroFilledInitLoss)
        {
            throw new InputException($"{configuration.Model} is a regression transformer, whose published coefficients have no zero-filled L0: leave that out.");
        }

        string settings = LlcStudy.Settings(configuration);
        return new RegressionCoefficients(
            CheckpointSelection.Find([configuration.Model, .. configuration.MoreModels], configuration.Study.Every),
            model => Inputs(model, sampling),
            checkpoint => RunFingerprint.Of(
                new JsonObject { ["settings"] = settings },
                [Path.Combine(checkpoint.Folder, ModelFolder.ConfigName), Path.Combine(checkpoint.Folder, ModelFolder.WeightsName)]),
            Kernels.FromEnvironment(),
            pool);
    }

    private static RegressionCoefficientInputs Inputs(RegressionModel model, SamplingConfiguration sampling) => new()
    {
        Model = model,
        Components = new ComponentParser(model.Parameters.Layout).ParseAll(sampling.Components),
        Sampling = sampling.Options,
        BatchSize = sampling.BatchSize,
        LossSequences = sampling.LossRows!.Value,
    };

    private static string Text(double work) => work.ToString("0.##e0", CultureInfo.InvariantCulture);

    /// <summary>Turns updates of one component after another into sequences; called on the sampling thread, so that nothing is shown late.</summary>
    private sealed class Follower(WorkProgress progress, string place, double perComponent) : IProgress<SamplingProgress>
    {
        private string _component = "";
        private double _done;

        public void Report(SamplingProgress value)
        {
            double done = perComponent * value.Updates / value.TotalUpdates;
            _done = value.Component == _component ? _done : 0;
            _component = value.Component;
            progress.Advance(
                done - _done, string.Create(CultureInfo.InvariantCulture, $"{place}{value.Component}, draw {value.CompletedDraws + 1}, loss {value.Loss:F4}"));
            _done = done;
        }
    }
}
