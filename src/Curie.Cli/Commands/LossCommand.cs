using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Options;
using Curie.Cli.Output;
using Curie.Networks.Data;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Response.Runs;
using Curie.Studies.Folders;
using Curie.Text.Packing;

namespace Curie.Cli.Commands;

/// <summary><c>curie loss</c>: the loss of every token.</summary>
internal static class LossCommand
{
    private const int RowsAtOnce = 64;

    public static Command Create(Session session)
    {
        Option<string> model = new("--model")
        {
            Description = SharedOptions.ModelDescription,
            HelpName = "PATH",
            Required = true,
        };
        Option<string> tokens = new("--tokens")
        {
            Description = "The token rows.",
            HelpName = "ROWS.npy",
            Required = true,
        };
        Option<string> file = SharedOptions.Out("The file for the losses, float32, shape (rows, n_ctx - 1), nats.", "LOSSES.npy");
        Option<string?> positions = SamplingOverrides.Positions();
        Option<int?> threads = SharedOptions.Threads();
        Option<bool> overwrite = SharedOptions.OverwriteFile();
        CurieCommand command = new(
            session,
            "loss",
            "Compute the loss of every token: minus the logarithm of the probability that the model gives it after the tokens before it.",
            "curie loss --model runs/pile/checkpoint-50000 --tokens heldout.npy --out losses.npy"
        )
        {
            model,
            tokens,
            file,
            positions,
            threads,
            overwrite,
        };
        command.Runs(parsed =>
            Run(
                session,
                parsed.GetRequiredValue(model),
                parsed.GetRequiredValue(tokens),
                parsed.GetRequiredValue(file),
                parsed.GetValue(positions),
                parsed.GetValue(threads) ?? 0,
                parsed.GetValue(overwrite)
            )
        );
        return command;
    }

    private static int Run(Session session, string model, string tokens, string file, string? which, int threads, bool overwrite)
    {
        PositionRule? rule = which is null or "all" ? null : PositionRule.Parse(which);
        OutputFile.Prepare(file, overwrite, model, tokens);
        using ParameterSet parameters = ModelReader.Load(model);
        using TokenRows rows = ModelRows.Load(tokens, parameters.Layout.Config, rule, out CountedPositions? counted);
        session.Say($"Computing the losses of {Counted.Of(rows.Count, "row")} of {Counted.Of(rows.ContextLength, "token")} under {model}.");
        double[] means = new double[rows.Count];
        using Machine machine = Machine.Create(threads);
        using TransformerWeights weights = new(parameters, machine);
        using TransformerEvaluator evaluator = new(parameters.Layout.Config, machine);
        int positions = rows.ContextLength - 1;
        WorkProgress.Run(session, "evaluating", "tokens", (double)rows.Count * positions, progress =>
        {
            NpyFile.Write<float>(file, [rows.Count, positions], writer =>
            {
                float[] losses = new float[RowsAtOnce * positions];
                for (int start = 0; start < rows.Count; start += RowsAtOnce)
                {
                    session.Cancellation.ThrowIfCancellationRequested();
                    int[] block = [.. Enumerable.Range(start, Math.Min(RowsAtOnce, rows.Count - start))];
                    Span<float> blockLosses = losses.AsSpan(0, block.Length * positions);
                    evaluator.TokenLosses(weights, rows, block, blockLosses, means.AsSpan(start, block.Length));
                    if (counted is not null)
                    {
                        Count(counted, block, blockLosses, means);
                    }

                    RequireFinite(model, block, means);
                    writer.Write(blockLosses);
                    progress.Advance(blockLosses.Length);
                }
            });
            return true;
        });
        if (counted is not null)
        {
            double[] shares = counted.Shares([.. Enumerable.Range(0, rows.Count)]);
            means = [.. means.Zip(shares, (mean, share) => mean * share)];
        }

        MeanEstimate loss = MeanEstimate.OfIndependent(means);
        double? error = double.IsNaN(loss.StandardError) ? null : loss.StandardError;
        session.Report(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{file}: mean loss {loss.Mean:F6}{(error is null ? "" : $" ± {error:F6}")} nats per token"
            ),
            new JsonObject
            {
                ["path"] = file,
                ["rows"] = rows.Count,
                ["mean_loss"] = RecordJson.Number(loss.Mean),
                ["mean_loss_se"] = RecordJson.Number(error),
            }
        );
        return ExitCode.Done;
    }

    /// <summary>Refuses rows whose loss is no number, before anything stands in the file.</summary>
    private static void RequireFinite(string model, int[] rows, double[] means)
    {
        int bad = Array.FindIndex(rows, row => !double.IsFinite(means[row]));
        if (bad >= 0)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{model}: the loss of row {rows[bad]} is {means[rows[bad]]}; use a checkpoint whose training did not diverge."
                )
            );
        }
    }

    /// <summary>The means over the counted positions of rows in place of those over all; the other losses are none.</summary>
    private static void Count(CountedPositions counted, int[] rows, Span<float> losses, double[] means)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<bool> counts = counted.Row(rows[i]);
            Span<float> line = losses.Slice(i * counts.Length, counts.Length);
            double sum = 0;
            for (int t = 0; t < line.Length; t++)
            {
                sum += counts[t] ? line[t] : 0;
                line[t] = counts[t] ? line[t] : float.NaN;
            }

            means[rows[i]] = sum / Math.Max(1, counted.CountIn(rows[i]));
        }
    }
}
