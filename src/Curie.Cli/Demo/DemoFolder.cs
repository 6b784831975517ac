using Curie.Networks.Models;
using Curie.Networks.Training;
using Curie.Studies.Configuration;

namespace Curie.Cli.Demo;

/// <summary>Where the demo puts its files.</summary>
internal sealed class DemoFolder(string root)
{
    /// <summary>The whole demo.</summary>
    public string Root => root;

    /// <summary>The text.</summary>
    public string Corpus => Path.Combine(root, "corpus");

    /// <summary>The tokenizer.</summary>
    public string Tokenizer => Path.Combine(root, TokenizerName);

    /// <summary>The training run.</summary>
    public string Training => Path.Combine(root, "training");

    /// <summary>The susceptibility run.</summary>
    public string Susceptibility => Path.Combine(root, "susceptibility");

    /// <summary>The settings of the training run.</summary>
    public string TrainingConfiguration => Path.Combine(root, TrainingConfigurationName);

    /// <summary>The settings of the susceptibility run.</summary>
    public string ExperimentConfiguration => Path.Combine(root, ExperimentConfigurationName);

    /// <summary>The page of the susceptibility run.</summary>
    public string Page => Path.Combine(root, PageName);

    /// <summary>The files directly in the root, for its ledger.</summary>
    public static IEnumerable<string> OwnFiles =>
        [
            TokenizerName,
            TrainingConfigurationName,
            ExperimentConfigurationName,
            PageName,
            .. DemoSettings.Sources.Append("").SelectMany(source => new[] { CorpusName(source, "train"), CorpusName(source, "heldout") }),
            .. DemoSettings.Sources.Concat([DemoSettings.Repeats, "train", "heldout"]).Select(RowsName),
        ];

    private const string TokenizerName = "tokenizer.json";
    private const string TrainingConfigurationName = "train.yaml";
    private const string ExperimentConfigurationName = "experiment.yaml";
    private const string PageName = "report.html";

    /// <summary>A file of token rows.</summary>
    public string Rows(string name) => Path.Combine(root, RowsName(name));

    /// <summary>The model folder of a checkpoint.</summary>
    public string Checkpoint(int step) => TrainingRun.CheckpointFolder(Training, step);

    private static string RowsName(string name) => Path.Combine("rows", name + ".npy");

    private static string CorpusName(string source, string part) =>
        Path.Combine("corpus", (source.Length == 0 ? "" : source + ".") + part + ".jsonl");
}
