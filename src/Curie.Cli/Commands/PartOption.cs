using System.CommandLine;
using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Cli.Commands;

/// <summary>--part: which part of a run's response.</summary>
internal static class PartOption
{
    /// <summary>The option; left out, the part is chosen by what the run holds.</summary>
    /// <param name="purpose">What the part is for.</param>
    public static Option<string?> Create(string purpose)
    {
        Option<string?> option = new("--part")
        {
            Description =
                $"The part of the response {purpose}: chi, or one of its terms (covariance, renormalization), the shift of the losses, "
                + "or their excess over the checkpoint. By default chi, or the excess where the run does not hold chi.",
            HelpName = "PART",
        };
        option.AcceptOnlyFromAmong([.. ResponsePart.All.Select(part => part.Name)]);
        return option;
    }

    /// <summary>The part that is meant.</summary>
    /// <param name="given">What was given, or null.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="Numerics.InputException">The run does not hold it.</exception>
    public static ResponsePart Of(string? given, SusceptibilityRun run)
    {
        ResponsePart part = given is null ? run.Manifest.MainPart : ResponsePart.Parse(given);
        run.Require(part);
        return part;
    }
}
