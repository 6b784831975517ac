using System.Globalization;
using Curie.Cli.Invocation;
using Curie.Cli.Reports;
using Curie.Cli.Reports.Conclusions;
using Curie.Numerics;
using Curie.Response.Runs;
using Curie.Studies;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Susceptibilities;

namespace Curie.Cli.Output;

/// <summary>Samples before the user's eyes: says what is about to be done and what it costs, and shows how far it is.</summary>
internal static class SusceptibilityView
{
    /// <summary>Samples, or continues the run in the folder.</summary>
    /// <returns>The finished run's manifest.</returns>
    public static RunManifest Run(
        Session session,
        ExperimentConfiguration configuration,
        string path,
        ExistingRun existing,
        StudyOptions options
    )
    {
        using SusceptibilityStudy study = new(configuration, options);
        using OutputFolder folder = study.Open(path, existing);
        RunShape shape = study.Shape;
        string work = LargeNumber.Of(study.TokenEvaluations);
        session.Say(
            $"Sampling full (all weights at once) and {Counted.Of(shape.Components, "component")}, {Counted.Of(shape.Chains, "chain")} of "
                + $"{Counted.Of(shape.Draws, "draw")} each, and following "
                + $"{Counted.Of(shape.Tokens, "token")} of {Counted.Of(shape.Probes, "probe")} (the texts whose tokens are "
                + $"followed): {work} token evaluations in all, into "
                + $"{path}{(folder.IsResumed ? ", continuing what is there" : "")}."
        );
        foreach (string note in study.Notes)
        {
            session.Say(note);
        }

        session.Warn(study.CheckLossRows());
        if (!session.ShowsProgress)
        {
            return WorkProgress.Run(session, progress => study.Run(folder, progress, session.Cancellation));
        }

        session.Say(PlanView.Text(study.Plan, study.Machine, trial: study.Trial));
        if (study.ControlPairs > 0)
        {
            session.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The control follows, {Counted.Of(study.ControlPairs, "pair")} of draws of each that never feel the loss: about "
                        + $"{study.ControlShare:0 %} more work, {WorkTime.Words(study.ControlTime)}; together about "
                        + $"{WorkTime.Words(study.Trial.Time + study.ControlTime)}."
                )
            );
        }

        return WorkProgress.Run(session, progress => study.Run(folder, progress, session.Cancellation));
    }
}
