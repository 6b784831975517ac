using Curie.Cli.Invocation;
using Curie.Numerics;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Training;

namespace Curie.Cli.Output;

/// <summary>Trains before the user's eyes: says what is about to be done, and shows how far it is.</summary>
internal static class TrainingProgressView
{
    /// <summary>Trains, or continues the run in the configuration's folder.</summary>
    /// <returns>The last minibatch loss; NaN where nothing was left to train.</returns>
    public static double Run(Session session, TrainingStudy study, TrainingConfiguration configuration, ExistingRun existing, int threads)
    {
        using OutputFolder folder = study.Open(existing);
        session.Say(
            $"Training {study.Parameters} parameters for {Counted.Of(configuration.Options.Steps, "step")} of "
                + $"{Counted.Of(configuration.Options.BatchSize, "row")} "
                + $"into {configuration.Out}"
                + (folder.IsResumed ? ", continuing what is there." : ".")
        );
        return WorkProgress.Run(session, progress => study.Run(folder, threads, progress, session.Cancellation));
    }
}
