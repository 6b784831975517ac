using Curie.Response.Accumulation;
using Curie.Response.Estimators;

namespace Curie.Response.Runs;

/// <summary>
/// The covariance −Cov_full(φ, ℓ_i − P) of all weights together, which a run holds where `full` was named among its components; per token
/// and per probe, nats².
/// </summary>
public sealed class FullCovariance
{
    private readonly RunShape _shape;

    /// <summary>Allocates the arrays of a run.</summary>
    public FullCovariance(RunShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        _shape = shape;
        Tokens = new PartMatrices<float>(1, shape.Tokens, [ResponsePart.Covariance]);
        Probes = new PartMatrices<double>(1, shape.Probes, [ResponsePart.Covariance]);
    }

    /// <summary>Per token, one row.</summary>
    public PartMatrices<float> Tokens { get; }

    /// <summary>Per probe, one row.</summary>
    public PartMatrices<double> Probes { get; }

    /// <summary>Takes the sums of the run `full`.</summary>
    /// <exception cref="Numerics.InputException">The healthy chains hold fewer than two batches.</exception>
    public void Set(ComponentMoments full, FullShift tokens, FullShift probes)
    {
        ArgumentNullException.ThrowIfNull(full);
        Tokens.SetRow(0, full.Tokens, tokens);
        Probes.SetRow(0, full.Probes, probes);
    }

    /// <summary>The arrays of the file, in its order.</summary>
    internal IEnumerable<RunArray> Arrays()
    {
        ResponsePart part = ResponsePart.Covariance;
        yield return new RunArray<float>(
            "full_covariance",
            ["tokens"],
            "-Cov_full(phi, loss of the token - P), nats squared",
            Tokens.Values(part),
            _shape
        );
        yield return new RunArray<float>(
            "full_covariance_se",
            ["tokens"],
            "standard error of full_covariance",
            Tokens.StandardErrors(part),
            _shape
        );
        yield return new RunArray<double>(
            "full_covariance_dataset",
            ["probes"],
            "mean of full_covariance over the probe's tokens",
            Probes.Values(part),
            _shape
        );
        yield return new RunArray<double>(
            "full_covariance_dataset_se",
            ["probes"],
            "standard error of full_covariance_dataset",
            Probes.StandardErrors(part),
            _shape
        );
    }
}
