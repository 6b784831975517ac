using System.CommandLine;
using System.Globalization;
using Curie.Cli.Invocation;
using Curie.Cli.Reports;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Response.Coverage;

namespace Curie.Cli.Commands;

/// <summary><c>curie validate coverage</c>: how often nominal 95 % intervals hold the truth.</summary>
internal static class ValidateCoverageCommand
{
    private const int LeastReplicates = 20;

    public static CurieCommand Create(Session session)
    {
        Option<int> replicates = new("--replicates")
        {
            Description = "Independent experiments in every case.",
            HelpName = "N",
            DefaultValueFactory = _ => 400,
        };
        replicates.Validators.Add(SharedOptions.AtLeast(LeastReplicates));
        Option<string?> filter = new("--filter") { Description = "Only the cases whose name contains this text.", HelpName = "TEXT" };
        Option<long> seed = SharedOptions.Seed();
        Option<int?> threads = SharedOptions.Threads();
        CurieCommand command = new(
            session,
            "coverage",
            "Repeat whole experiments on a posterior with closed-form answers and count how often the nominal 95 % intervals hold the "
                + "truth. All cases with 400 replicates take some 25 minutes of one processor. "
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"The exit code is {ExitCode.ValidationFailed} if intervals are short where they should not be."
                ),
            "curie validate coverage --replicates 100 --filter independent"
        )
        {
            replicates,
            filter,
            seed,
            threads,
        };
        command.Runs(parsed =>
        {
            string text = parsed.GetValue(filter) ?? "";
            CoverageCase[] cases = [.. CoverageCase.Study.Where(one => one.Name.Contains(text, StringComparison.OrdinalIgnoreCase))];
            if (cases.Length == 0)
            {
                throw new InputException(
                    $"no case has '{text}' in its name: leave --filter out, or give part of one of "
                        + $"{string.Join("; ", CoverageCase.Study.Select(one => one.Name))}."
                );
            }

            int workers = parsed.GetValue(threads) is > 0 and int given ? given : Environment.ProcessorCount;
            session.Say($"Repeating {cases.Length} known experiments {Counted.Of(parsed.GetValue(replicates), "time")} each.");
            CoverageResult[] results =
            [
                .. cases.Select(one =>
                    CoverageStudy.Run(
                        one,
                        parsed.GetValue(replicates),
                        parsed.GetValue(seed),
                        Kernels.FromEnvironment(),
                        workers,
                        session.Cancellation
                    )
                ),
            ];
            session.Report(CoverageReport.Text(results), CoverageReport.Json(results));
            return results.Any(result => result.FallsShort) ? ExitCode.ValidationFailed : ExitCode.Done;
        });
        return command;
    }
}
