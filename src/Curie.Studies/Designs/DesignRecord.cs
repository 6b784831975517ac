using Curie.Response.Designs;

namespace Curie.Studies.Designs;

/// <summary>What stands beside a file of weights: what they are for, and what is predicted of them.</summary>
/// <param name="Run">The folder of the run.</param>
/// <param name="Data">The token rows that the weights are for.</param>
/// <param name="Group">The group of components.</param>
/// <param name="Mode">The mode, from 1; null where a component is the target.</param>
/// <param name="Component">The component; null where a mode is the target.</param>
/// <param name="Part">The part of the response whose modes are used.</param>
/// <param name="ModesUsed">The modes in the inverse.</param>
/// <param name="NBeta">nβ.</param>
/// <param name="Amount">The change that was asked for along the target, nats.</param>
/// <param name="Spread">The standard deviation of the weights about 1.</param>
/// <param name="CutShare">The share of tokens whose weight was negative and became 0.</param>
/// <param name="Reliability">How the weights repeat themselves between halves of the draws.</param>
/// <param name="Shuffled">The seed with which the weights were dealt out to random tokens; null where they were not.</param>
/// <param name="Along">What is predicted along the target; nothing of shuffled weights.</param>
/// <param name="Predictions">What is predicted of every component; nothing of shuffled weights.</param>
/// <param name="Patterns">The mean weight of every pattern.</param>
public sealed record DesignRecord(
    string Run,
    string Data,
    string Group,
    int? Mode,
    string? Component,
    string Part,
    IReadOnlyList<int> ModesUsed,
    double NBeta,
    double Amount,
    double Spread,
    double CutShare,
    double Reliability,
    long? Shuffled,
    DesignPrediction? Along,
    IReadOnlyList<DesignPrediction> Predictions,
    IReadOnlyList<PatternWeight> Patterns
)
{
    /// <summary>The probe whose tokens have the weights; null in files of earlier versions.</summary>
    public string? Probe { get; init; }

    /// <summary>The run's digest of its settings, model and data; null where the run has none, and in files of earlier versions.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The file of a record, beside that of the weights.</summary>
    public static string PathBeside(string weights) => Path.ChangeExtension(weights, ".json");
}
