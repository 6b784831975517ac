using System.CommandLine;
using System.Globalization;
using Curie.Cli.Invocation;
using Curie.Cli.Reports;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Sampling.Validation;

namespace Curie.Cli.Commands;

/// <summary><c>curie validate</c>: samples posteriors of which something is known exactly, and says whether the estimates agree.</summary>
internal static class ValidateCommand
{
    public static Command Create(Session session)
    {
        Option<string?> filter = new("--filter") { Description = "Run only the cases whose name contains this text.", HelpName = "TEXT" };
        Option<long> seed = SharedOptions.Seed();
        Option<int?> threads = SharedOptions.Threads();
        CurieCommand command = new(
            session,
            "validate",
            "Sample surfaces whose posteriors are known exactly and compare: every estimate must be within "
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ValidationQuantity.LargestZ} of its own standard errors; takes under a minute. The exit code is "
                        + $"{ExitCode.ValidationFailed} if one is not. "
                )
                + "The subcommands run one case with settings of your own; coverage measures the intervals.",
            "curie validate --filter crossing"
        )
        {
            filter,
            seed,
            threads,
        };
        foreach (Command one in ValidateCases.Create(session))
        {
            command.Add(one);
        }

        command.Add(ValidateCoverageCommand.Create(session));
        command.Runs(parsed =>
        {
            string text = parsed.GetValue(filter) ?? "";
            IReadOnlyList<IValidationCase> all = ValidationSuite.Create(parsed.GetValue(seed));
            IValidationCase[] cases = [.. all.Where(one => one.Name.Contains(text, StringComparison.OrdinalIgnoreCase))];
            if (cases.Length == 0)
            {
                throw new InputException(
                    $"no case has '{text}' in its name: leave --filter out, or give part of one of "
                        + $"{string.Join("; ", all.Select(one => one.Name))}."
                );
            }

            int workers = parsed.GetValue(threads) is > 0 and int given ? given : Environment.ProcessorCount;
            session.Say($"Sampling {cases.Length} surfaces whose answers are known exactly.");
            IReadOnlyList<ValidationResult> results = ValidationSuite.Run(
                cases,
                Kernels.FromEnvironment(),
                workers,
                cancellation: session.Cancellation
            );
            session.Report(ValidateReport.Text(results), ValidateReport.Json(results));
            return Finish(session, results);
        });
        return command;
    }

    /// <summary>Runs one case and reports it.</summary>
    public static int RunOne(Session session, IValidationCase one)
    {
        session.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Sampling {one.Name}: {Counted.Of(one.Options.Chains, "chain")} of "
                    + $"{Counted.Of(one.Options.UpdatesPerChain, "update")}, step_size "
                    + $"{one.Options.StepSize:G4}, nbeta {one.Options.NBeta:G6}, localization {one.Options.Localization:G6}."
            )
        );
        ValidationResult result = one.Run(Kernels.FromEnvironment(), session.Cancellation);
        session.Report(ValidateReport.Text([result]), ValidateReport.Json(result));
        return Finish(session, [result]);
    }

    private static int Finish(Session session, IReadOnlyList<ValidationResult> results)
    {
        foreach (ValidationResult result in results.Where(result => result.Failures.Count > 0))
        {
            session.Terminal.Error.WriteLine($"curie: {result.Name}: {string.Join(' ', result.Failures)}");
        }

        return results.All(result => result.Passed) ? ExitCode.Done : ExitCode.ValidationFailed;
    }
}
