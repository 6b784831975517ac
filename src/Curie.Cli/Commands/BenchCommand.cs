using System.CommandLine;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Reports;
using Curie.Networks.Benchmarking;
using Curie.Numerics;
using Curie.Numerics.Benchmarking;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;

namespace Curie.Cli.Commands;

/// <summary><c>curie bench</c>: what this machine reaches, against its own measured peak.</summary>
internal static class BenchCommand
{
    public static Command Create(Session session)
    {
        Option<int?> threads = SharedOptions.Threads();
        CurieCommand command = new(
            session,
            "bench",
            $"Measure kernels, and a model's passes, against the peak of this processor; takes under a minute. {Kernels.WidthVariable} "
                + "chooses the vector width.",
            "curie bench --threads 2"
        )
        {
            threads,
        };
        command.Runs(parsed =>
        {
            int all = parsed.GetValue(threads) is > 0 and int given ? given : Environment.ProcessorCount;
            Kernels kernels = Kernels.FromEnvironment();
            session.Say(
                $"Measuring on 1{(all > 1 ? $" and {all}" : "")} {Counted.Word(all, "thread")}; other load on the machine lowers every "
                    + "number."
            );
            List<BenchResults> results = [];
            foreach (int count in all > 1 ? new[] { 1, all } : [1])
            {
                session.Cancellation.ThrowIfCancellationRequested();
                using Machine machine = new(kernels, count);
                results.Add(Measure(machine));
            }

            string processor = ProcessorName.Read();
            ReportConsole.Report(
                session,
                () =>
                    new JsonObject
                    {
                        ["processor"] = processor,
                        ["vector_width"] = kernels.Width.ToString(),
                        ["runs"] = new JsonArray([.. results.Select(BenchView.ToJson)]),
                    },
                console => BenchView.Draw(console, processor, kernels.Width, results)
            );
            return ExitCode.Done;
        });
        return command;
    }

    private static BenchResults Measure(Machine machine)
    {
        using KernelBenchmark benchmark = new(machine, milliseconds: 100);
        using ModelBenchmark model = new(machine);
        return new BenchResults(machine.Pool.Workers, benchmark.Run(), benchmark.RunMemoryBound(), model.Run());
    }
}
