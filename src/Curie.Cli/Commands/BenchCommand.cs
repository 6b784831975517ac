using System.CommandLine;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Reports;
using Curie.Networks.Benchmarking;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
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
        Option<string?> model = new("--model")
        {
            Description =
                "Measure the passes of this model alone, by kinds of components: a folder or a file, as curie model inspect reads.",
            HelpName = "PATH",
        };
        CurieCommand command = new(
            session,
            "bench",
            $"Measure kernels, and a model's passes, against the peak of this processor; takes about a minute. {Kernels.WidthVariable} "
                + "chooses the vector width.",
            "curie bench --threads 2"
        )
        {
            threads,
            model,
        };
        command.Runs(parsed =>
        {
            int all = parsed.GetValue(threads) is > 0 and int given ? Math.Min(given, Machine.Cores) : Machine.Cores;
            Kernels kernels = Kernels.FromEnvironment();
            string? path = parsed.GetValue(model);
            using ParameterSet parameters = path is null ? ModelBenchmark.ReferenceModel(kernels) : ModelReader.Load(path);
            session.Say(
                $"Measuring on 1{(all > 1 ? $" and {all}" : "")} {Counted.Word(all, "thread")}; other load on the machine lowers every "
                    + "number."
            );
            List<BenchResults> results = [];
            foreach (int count in all > 1 ? new[] { 1, all } : [1])
            {
                session.Cancellation.ThrowIfCancellationRequested();
                using Machine machine = new(kernels, count);
                results.Add(Measure(parameters, path, machine));
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

    /// <summary>Kernels and training where no model is given, for which they would say nothing.</summary>
    private static BenchResults Measure(ParameterSet parameters, string? path, Machine machine)
    {
        using ModelBenchmark model = new(parameters, machine);
        BenchResults results = new()
        {
            Threads = machine.Pool.Workers,
            ModelName = path ?? "3.36M-parameter model",
            RowLength = model.RowLength,
            Model = model.Run(),
        };
        if (path is not null)
        {
            return results;
        }

        using KernelBenchmark benchmark = new(machine, milliseconds: 100);
        return results with
        {
            Kernels = benchmark.Run(),
            Memory = benchmark.RunMemoryBound(),
            Model = [.. results.Model, model.RunTraining()],
        };
    }
}
