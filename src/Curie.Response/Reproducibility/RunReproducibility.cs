using Curie.Numerics.Parallelism;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;

namespace Curie.Response.Reproducibility;

/// <summary>
/// How well the structure of a run is known, by what its own chains say: intervals, agreement of halves, and a permutation null.
/// </summary>
/// <param name="Part">The name of the part.</param>
/// <param name="SampledTokens">The tokens whose batch means the run keeps; intervals and halves rest on these.</param>
/// <param name="Tokens">All tokens, from which the values come.</param>
/// <param name="Bootstraps">Bootstrap samples.</param>
/// <param name="Permutations">Permutations.</param>
/// <param name="Seed">The seed of both.</param>
/// <param name="Matrix">
/// How the response matrix of probes × components repeats itself, each component less its mean over probes; null for a single probe, or
/// where the
/// components have no chains in common.
/// </param>
/// <param name="Groups">The groups of components.</param>
public sealed record RunReproducibility(
    string Part,
    int SampledTokens,
    int Tokens,
    int Bootstraps,
    int Permutations,
    long Seed,
    MatrixReproducibility? Matrix,
    IReadOnlyList<GroupReproducibility> Groups
)
{
    /// <summary>Tries a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="part">The part.</param>
    /// <param name="groups">Its modes, as <see cref="GroupModes.Of(SusceptibilityRun, ResponsePart, WorkerPool?)"/> gives them.</param>
    /// <param name="options">How.</param>
    /// <param name="pool">Shares the work when given; the result is the same to the last bit.</param>
    public static RunReproducibility Of(
        SusceptibilityRun run,
        ResponsePart part,
        IReadOnlyList<GroupModes> groups,
        ReproducibilityOptions options,
        WorkerPool? pool = null
    )
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(options);
        return new RunReproducibility(
            part.Name,
            run.Manifest.Shape.SampledTokens,
            run.Manifest.Shape.Tokens,
            options.Bootstraps,
            options.Permutations,
            options.Seed,
            MatrixReproducibility.Of(run, part),
            [.. groups.Select(group => GroupReproducibility.Of(run, part, group, options, pool))]
        );
    }
}
