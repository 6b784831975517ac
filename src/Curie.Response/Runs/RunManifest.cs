using System.Text.Json;
using System.Text.Json.Serialization;
using Curie.Response.Estimators;
using Curie.Sampling;

namespace Curie.Response.Runs;

/// <summary>`manifest.json` of a susceptibility run: everything that is not an array.</summary>
public sealed record RunManifest
{
    /// <summary>The value of <see cref="Format"/> of this kind of run.</summary>
    public const string CurrentFormat = "curie-susceptibility";

    /// <summary>The value of <see cref="FormatVersion"/> that this version writes, and the highest it reads.</summary>
    public const int CurrentFormatVersion = 1;

    /// <summary>The kind of run.</summary>
    public string Format { get; init; } = CurrentFormat;

    /// <summary>The version of the format.</summary>
    public int FormatVersion { get; init; } = CurrentFormatVersion;

    /// <summary>Whether the arrays are there. A run in progress, or one that was stopped, is not complete.</summary>
    public bool Complete { get; init; }

    /// <summary>How the covariance was estimated; runs of earlier versions do not say, and hold the product.</summary>
    public CovarianceEstimator Estimator { get; init; } = CovarianceEstimator.Product;

    /// <summary>How the chains were coupled; null for runs of earlier versions, whose chains were not.</summary>
    public CouplingRecord? Coupling { get; init; }

    /// <summary>What is observed, where that is not P; null for P.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ObservableRecord? Observable { get; init; }

    /// <summary>The names of the parts that the run holds; null for all of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Parts { get; init; }

    /// <summary>The parts that the run holds, in the order of the files.</summary>
    [JsonIgnore]
    public IReadOnlyList<ResponsePart> HeldParts =>
        Parts is null ? ResponsePart.All : [.. ResponsePart.All.Where(part => Parts.Contains(part.Name))];

    /// <summary>
    /// The part that is looked at first: χ where the run holds it, otherwise the excess, otherwise the first that there is.
    /// </summary>
    [JsonIgnore]
    public ResponsePart MainPart => Holds(ResponsePart.Susceptibility) || !Holds(ResponsePart.Excess) ? HeldParts[0] : ResponsePart.Excess;

    /// <summary>
    /// Whether the first rows of the file, which give P, are a fair sample of it; null where the rows were random or all there are, and in
    /// runs of earlier versions.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LossRowsRecord? LossRows { get; init; }

    /// <summary>
    /// Whether the chains were sampled at nβ = 0, where the loss does not act on them: what such a run shows is the geometry of the weights
    /// around w*, not of the loss.
    /// </summary>
    public bool Control { get; init; }

    /// <summary>
    /// Whether the draws are independent ones of the localisation's Gaussian, without any chain: a first look. What stands for a pair of
    /// chains then is a set of pairs
    /// of opposite draws.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Scan { get; init; }

    /// <summary>
    /// Whether the draws of a control are independent ones of the localisation's Gaussian, without any chain; what stands for a pair of
    /// chains then is a set of pairs of opposite draws.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDrawnDirectly { get; init; }

    /// <summary>Whether no chain was excluded.</summary>
    public bool Healthy => Health.All(component => component.Chains.All(chain => chain.Status != ChainStatus.Excluded));

    /// <summary>Versions of what computed the run, by name: `curie`, `dotnet`, `isa` ….</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>Seeds by purpose.</summary>
    public required IReadOnlyDictionary<string, long> Seeds { get; init; }

    /// <summary>The name in <see cref="Seeds"/> of the seed of the chains' noise and minibatches.</summary>
    public const string ChainSeedName = "chains";

    /// <summary>The seed of the chains' noise; runs of earlier versions have that of the sampling.</summary>
    [JsonIgnore]
    public long ChainSeed => Seeds.GetValueOrDefault(ChainSeedName, Seeds.GetValueOrDefault("sampling", 1));

    /// <summary>
    /// Whether chains of this run and of another had the same noise: of one seed and a component of one name. What correlates between the
    /// two may be that noise.
    /// </summary>
    public bool SharesNoiseWith(RunManifest other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ChainSeed == other.ChainSeed && Components.Intersect(other.Components).Any();
    }

    /// <summary>The configuration with every default filled in.</summary>
    public required JsonElement Configuration { get; init; }

    /// <summary>
    /// A digest of the settings, the model and the data, so that a run is continued with the same ones only; null if unknown.
    /// </summary>
    public string? Fingerprint { get; init; }

    /// <summary>The names of the rows of `chi`, in order; `full` is not one of them.</summary>
    public required IReadOnlyList<string> Components { get; init; }

    /// <summary>The names of the first axis of `trace_loss`: `full`, then the components.</summary>
    public IReadOnlyList<string> Runs => [FullName, .. Components];

    /// <summary>The probes, in the order of `token_probe`.</summary>
    public required IReadOnlyList<string> ProbeNames { get; init; }

    /// <summary>The sizes of the arrays.</summary>
    public required RunShape Shape { get; init; }

    /// <summary>The arrays of `susceptibility.npz` by name; empty until the run is complete.</summary>
    public IReadOnlyDictionary<string, ArrayEntry> Arrays { get; init; } = new Dictionary<string, ArrayEntry>();

    /// <summary>The arrays of `batches.npz` by name; empty where there is none.</summary>
    public IReadOnlyDictionary<string, ArrayEntry> BatchArrays { get; init; } = new Dictionary<string, ArrayEntry>();

    /// <summary>The health of every component, `full` first.</summary>
    public IReadOnlyList<ComponentHealth> Health { get; init; } = [];

    private const string FullName = "full";

    /// <summary>Whether the run holds a part.</summary>
    public bool Holds(ResponsePart part) => HeldParts.Contains(part);

    /// <summary>
    /// The degrees of freedom of the standard errors of a part of one component: the batches of its healthy pairs of chains less one, or
    /// where `full`
    /// enters the part and has fewer, those of `full`. Null where the run does not say how many batches it has.
    /// </summary>
    /// <param name="part">The part.</param>
    /// <param name="component">The component's row.</param>
    public int? DegreesOfFreedom(ResponsePart part, int component)
    {
        int own = Batches(component + 1);
        int degrees = (part.UsesFull ? Math.Min(own, Batches(0)) : own) - 1;
        return degrees > 0 ? degrees : null;
    }

    private int Batches(int run) =>
        run < Health.Count
            ? Shape.Batches
                * Health[run].Chains.Chunk(Shape.ChainsPerUnit).Count(unit => unit.All(chain => chain.Status == ChainStatus.Healthy))
            : 0;
}
