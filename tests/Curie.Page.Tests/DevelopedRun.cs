using System.Globalization;
using System.Text;
using Curie.Text.Packing;

namespace Curie.Page.Tests;

/// <summary>
/// A development with known turns: λ̂ of `full` is 10 + 5·sin(x) at x = log(step + 1), of heads one of two shapes; a tiny model's
/// trajectory; scores of which the
/// one of `l0h1` is 0.5 throughout. Runs of three checkpoints have χ of 1/16, −1 and 1 times that of the hostile run.
/// </summary>
internal sealed class DevelopedRun : IDisposable
{
    public static readonly int[] Steps = [1, 10, 100];

    // A power of two leaves relative colours as they are, to the last bit.
    private static readonly double[] Factors = [0.0625, -1, 1];
    private readonly HostileRun _run = new();

    public DevelopedRun()
    {
        Train();
        File.WriteAllText(_run.File("llc.csv"), Coefficients());
        HostileRun.Curie(
            "stages",
            _run.File("llc.csv"),
            "--checkpoints",
            _run.File("training"),
            "--data",
            _run.File("rows.npy"),
            "--posterior-draws",
            "100",
            "--out",
            _run.File("stages"),
            "--quiet"
        );
        Directory.CreateDirectory(_run.File("scores"));
        File.WriteAllText(Path.Combine(_run.File("scores"), "scores.csv"), Scores());
        string[] shown = ["--stages", _run.File("stages"), "--scores", _run.File("scores")];
        HostileRun.Curie(["report", .. shown, "--out", Alone]);
        foreach ((int step, double factor) in Steps.Zip(Factors))
        {
            _run.AddRun($"chi-{step}", $"checkpoint-{step}", (component, token) => factor * HostileRun.Chi(component, token));
        }

        HostileRun.Curie([
            "report",
            .. Steps.Reverse().Select(step => _run.File($"chi-{step}")),
            .. shown,
            "--model",
            _run.File("model"),
            "--out",
            Together,
        ]);
    }

    /// <summary>The page of the development without a run.</summary>
    public string Alone => _run.File("development.html");

    /// <summary>The page of the runs and the development.</summary>
    public string Together => _run.File("together.html");

    public void Dispose() => _run.Dispose();

    private void Train()
    {
        using TokenRows rows = RepeatedBlocks.Rows(count: 6, contextLength: 9, vocabularySize: 20, bosId: 0, seed: 1);
        rows.Save(_run.File("rows.npy"));
        File.WriteAllText(
            _run.File("train.yaml"),
            """
            model: {n_layers: 1, d_model: 16, n_heads: 2, d_head: 8, n_ctx: 9, d_vocab: 20, attn_only: true}
            data: rows.npy
            out: training
            steps: 24
            batch_size: 4
            checkpoints: {log: 2, linear: 12}
            """
        );
        HostileRun.Curie("train", "--config", _run.File("train.yaml"), "--quiet");
    }

    private static string Coefficients()
    {
        StringBuilder csv = new("checkpoint,step,component,data,value,se,health,loss,loss_se\n");
        foreach (int step in Checkpoints)
        {
            double x = Math.Log(step + 1);
            foreach (
                (string component, double value) in new[]
                {
                    ("full", 10 + (5 * Math.Sin(x))),
                    ("l0h0", x),
                    ("l0h1", x + 0.1),
                    ("l0h2", -x),
                    ("l0h3", 0.1 - x),
                }
            )
            {
                string health = component == "full" && step == 3 ? "still-rising" : "ok";
                csv.Append(
                    CultureInfo.InvariantCulture,
                    $"checkpoint-{step},{step},{component},calm,{value:R},0.1,{health},{4 - (x / 5):R},0.01\n"
                );
            }
        }

        return csv.Append("checkpoint-7,7,full,calm,,,all-chains-stopped,3,0.01\n").ToString();
    }

    private static string Scores()
    {
        StringBuilder csv = new("checkpoint,step,component,score,value,se\n");
        foreach (int step in Checkpoints)
        {
            csv.Append(CultureInfo.InvariantCulture, $"checkpoint-{step},{step},full,in_context_learning,{-step / 100.0:R},0.02\n");
            csv.Append(CultureInfo.InvariantCulture, $"checkpoint-{step},{step},l0h0,prefix_matching,{step / 1000.0:R},0.01\n");
            csv.Append(CultureInfo.InvariantCulture, $"checkpoint-{step},{step},l0h1,prefix_matching,0.5,0.01\n");
            csv.Append(CultureInfo.InvariantCulture, $"checkpoint-{step},{step},full,weight_norm,{step},\n");
        }

        return csv.ToString();
    }

    private static int[] Checkpoints => [0, 1, 2, 3, 5, 8, 12, 18, 27, 40, 60, 90, 130, 200, 300];
}
