using Curie.Tests;

namespace Curie.Cli.Tests;

/// <summary>
/// Small stand-ins for every file and folder that the examples in the commands' help read, under the names that they use.
/// </summary>
public sealed class ExampleFiles : IDisposable
{
    private static readonly string[] WrittenTo = ["--out", "--csv"];
    private readonly TemporaryFolder _folder = new();

    /// <summary>Makes them, each by the command that makes the real one.</summary>
    public ExampleFiles()
    {
        Make("corpus build --source arithmetic --limit 64K --out corpus");
        Make("tokenizer train --data corpus/train.jsonl --vocab 300 --out tokenizer.json");
        File.WriteAllText(_folder.File("ids.jsonl"), "[40, 41]\n[]\n");
        Make("pack --tokenizer tokenizer.json --data corpus/train.jsonl --n-ctx 32 --out train.npy");
        Make("pack --tokenizer tokenizer.json --data corpus/heldout.jsonl --n-ctx 32 --out heldout.npy");
        Make("pack --tokenizer tokenizer.json --repeats 40 --n-ctx 32 --out repeats.npy");
        foreach (
            (string copy, string original) in new[]
            {
                ("pile.npy", "train.npy"),
                ("github.npy", "heldout.npy"),
                ("arxiv.npy", "repeats.npy"),
            }
        )
        {
            File.Copy(_folder.File(original), _folder.File(copy));
        }

        Directory.CreateDirectory(_folder.File("runs"));
        File.WriteAllText(
            _folder.File("train.yaml"),
            $$"""
            model: {n_layers: 2, d_model: 16, n_heads: 4, d_head: 8, n_ctx: 32, d_vocab: 300, attn_only: true, positional_embedding_type: shortformer}
            tokenizer: {{_folder.File("tokenizer.json")}}
            data: {{_folder.File("train.npy")}}
            validation: {{_folder.File("heldout.npy")}}
            out: runs/pile
            steps: 60
            batch_size: 8
            learning_rate: 0.01
            checkpoints: {log: 10, linear: 6}
            """
        );
        Make("train --config train.yaml");

        // A checkpoint's step is the number in its name.
        Directory.Move(_folder.File("runs/pile/checkpoint-60"), _folder.File("runs/pile/checkpoint-50000"));
        Copy(_folder.File("runs/pile/checkpoint-50000"), _folder.File("model/checkpoint-1000"));
        File.WriteAllText(
            _folder.File("experiment.yaml"),
            $$"""
            model: {{_folder.File("model/checkpoint-1000")}}
            sampling:
              {data: {{_folder.File("train.npy")}},
               step_size: 0.001, nbeta: 30, localization: 300, batch_size: 4, chains: 4, draws: 8, burn_in: 20, steps_between_draws: 2, loss_rows: 8}
            probes:
              - {name: text, data: {{_folder.File("heldout.npy")}}, rows: 4}
              - {name: repeats, data: {{_folder.File("repeats.npy")}}, rows: 4}
            """
        );
        Make("susceptibility --config experiment.yaml --out runs/chi");
        foreach (string copy in (string[])["runs/chi-1500", "runs/chi-20000"])
        {
            Copy(_folder.File("runs/chi"), _folder.File(copy));
        }

        Make(
            "llc --model runs/pile --data train.npy --component full --component heads --draws 8 --burn-in 20 --loss-rows 8 --out runs/llc"
        );
        Make("stages runs/llc/llc.csv --posterior-draws 200 --out runs/stages");
        Make("scores runs/pile --samples 20 --rows 4 --data heldout.npy --out runs/scores");
        Directory.CreateDirectory(_folder.File("examples/development"));
        string regression = File.ReadAllText(RepositoryFiles.Of("examples/development/regression.yaml"));
        Assert.Contains("steps: 20000\nbatch_size: 256", regression, StringComparison.Ordinal);
        File.WriteAllText(
            _folder.File("examples/development/regression.yaml"),
            regression.Replace("steps: 20000\nbatch_size: 256", "steps: 20\nbatch_size: 16", StringComparison.Ordinal)
        );
        Make("regression train --config examples/development/regression.yaml --out runs/regression");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Copies what a command line reads, and only that, into a folder; what it writes must not be there. Names have a dot or a slash, as
    /// words of commands have not.
    /// </summary>
    internal void CopyInputs(string[] arguments, string folder)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = arguments[i][(arguments[i].IndexOf('=', StringComparison.Ordinal) + 1)..];
            if (i > 0 && WrittenTo.Contains(arguments[i - 1]))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            }
            else if (name.AsSpan().ContainsAny('.', '/') && Path.Exists(_folder.File(name)))
            {
                Copy(_folder.File(name), Path.Combine(folder, name));
            }
        }
    }

    /// <summary>The path of a file among them.</summary>
    internal string PathOf(string name) => _folder.File(name);

    /// <summary>Copies all of it into a folder.</summary>
    internal void CopyEverything(string folder) => Copy(_folder.Path, folder);

    private static void Copy(string source, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (File.Exists(source))
        {
            File.Copy(source, target, overwrite: true);
            return;
        }

        foreach (string entry in Directory.GetFileSystemEntries(source))
        {
            Copy(entry, Path.Combine(target, Path.GetFileName(entry)));
        }
    }

    private void Make(string arguments) => BuiltProgram.Run(_folder.Path, arguments.Split(' ')).AssertDone();
}
