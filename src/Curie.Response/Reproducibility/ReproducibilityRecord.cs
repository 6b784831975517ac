namespace Curie.Response.Reproducibility;

/// <summary>What a run folder keeps of how well the structure of a run is known: `reproducibility-PART.json`.</summary>
/// <param name="Part">The name of the part.</param>
/// <param name="SampledTokens">The tokens whose batch means the run keeps.</param>
/// <param name="Tokens">All tokens.</param>
/// <param name="Bootstraps">Bootstrap samples.</param>
/// <param name="Permutations">Permutations.</param>
/// <param name="Seed">The seed of both.</param>
/// <param name="Matrix">How the response matrix repeats itself; null where that cannot be said.</param>
/// <param name="Groups">The groups of components.</param>
/// <param name="Control">The comparison with a control; null where there is none.</param>
public sealed record ReproducibilityRecord(
    string Part,
    int SampledTokens,
    int Tokens,
    int Bootstraps,
    int Permutations,
    long Seed,
    MatrixReproducibility? Matrix,
    IReadOnlyList<GroupReproducibility> Groups,
    ControlComparison? Control = null
)
{
    /// <summary>What is kept of a result.</summary>
    public static ReproducibilityRecord Of(RunReproducibility result, ControlComparison? control = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new ReproducibilityRecord(
            result.Part,
            result.SampledTokens,
            result.Tokens,
            result.Bootstraps,
            result.Permutations,
            result.Seed,
            result.Matrix,
            result.Groups,
            control
        );
    }
}
