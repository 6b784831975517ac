using System.Text.Json;

namespace Curie.Versus;

/// <summary>The sizes and settings of the comparison, as both sides read them from <c>workload.json</c>.</summary>
internal sealed record Workload
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Rows of per-token losses.</summary>
    public required int LossRows { get; init; }

    /// <summary>Rows of a training step.</summary>
    public required int TrainBatch { get; init; }

    /// <summary>AdamW's η.</summary>
    public required double LearningRate { get; init; }

    /// <summary>AdamW's λ.</summary>
    public required double WeightDecay { get; init; }

    /// <summary>Rows of a sampling step.</summary>
    public required int SampleBatch { get; init; }

    /// <summary>ε.</summary>
    public required double StepSize { get; init; }

    /// <summary>nβ.</summary>
    public required double Nbeta { get; init; }

    /// <summary>γ.</summary>
    public required double Localization { get; init; }

    /// <summary>Chains of a restricted evaluation and of the experiment.</summary>
    public required int Chains { get; init; }

    /// <summary>Draws of the experiment.</summary>
    public required int Draws { get; init; }

    /// <summary>Loss rows of the experiment.</summary>
    public required int ExperimentLossRows { get; init; }

    /// <summary>Probes of the experiment.</summary>
    public required int Probes { get; init; }

    /// <summary>Rows of each probe.</summary>
    public required int ProbeRows { get; init; }

    /// <summary>Reads <c>workload.json</c>.</summary>
    public static Workload Read(string path) => JsonSerializer.Deserialize<Workload>(File.ReadAllText(path), Snake)!;
}
