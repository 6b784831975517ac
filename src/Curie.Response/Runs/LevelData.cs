using Curie.Response.Accumulation;
using Curie.Response.Estimators;

namespace Curie.Response.Runs;

/// <summary>
/// The two levels of a run, E_C[e] = E_gauss[e] + E[e(w) − e(w⁰)]: what the localisation's Gaussian does alone, from independent draws, and
/// what the loss surface adds,
/// from the differences of chains to twins with the same noise that do not feel the loss. Rows are `full` first, then the components.
/// </summary>
public sealed class LevelData
{
    private readonly RunShape _shape;

    /// <summary>Allocates the arrays, all NaN.</summary>
    public LevelData(RunShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        _shape = shape;
        Gaussian = new LevelValues(shape);
        Loss = new LevelValues(shape);
        Covariance = new LevelValues(shape);
        Phi = Missing(shape.Runs);
        PhiErrors = Missing(shape.Runs);
    }

    /// <summary>The excess of the localisation's Gaussian, nats.</summary>
    public LevelValues Gaussian { get; }

    /// <summary>What the loss surface adds to the excess, nats.</summary>
    public LevelValues Loss { get; }

    /// <summary>The covariance −Cov(φ, ℓ_i − P) under the localisation's Gaussian, nats².</summary>
    public LevelValues Covariance { get; }

    /// <summary>E_C[φ] of every run, nats: from the chains.</summary>
    public double[] Phi { get; }

    /// <summary>The standard errors of <see cref="Phi"/>.</summary>
    public double[] PhiErrors { get; }

    /// <summary>The bytes that the arrays take.</summary>
    public static long BytesFor(RunShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return 6L * shape.Runs * (((long)shape.Tokens * sizeof(float)) + ((long)shape.Probes * sizeof(double)));
    }

    /// <summary>Fills in a run; a level with fewer than two batches of healthy chains stays NaN.</summary>
    /// <param name="run">The run; 0 is `full`.</param>
    /// <param name="own">The sums of its chains.</param>
    /// <param name="gaussian">Those of the localisation's Gaussian.</param>
    /// <param name="difference">Those of the differences to the twins.</param>
    public void Set(int run, ComponentMoments own, ComponentMoments gaussian, ComponentMoments difference)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(gaussian);
        ArgumentNullException.ThrowIfNull(difference);
        if (own.Tokens.Batches >= 2)
        {
            BatchCovariance chains = new(own.Tokens);
            (Phi[run], PhiErrors[run]) = (chains.Phi, Math.Sqrt(Math.Max(0, chains.PhiPhi)));
        }

        Gaussian.SetExcess(run, gaussian);
        Covariance.SetCovariance(run, gaussian);
        Loss.SetExcess(run, difference);
    }

    /// <summary>The arrays of the file, in its order.</summary>
    internal IEnumerable<RunArray> Arrays()
    {
        foreach (
            RunArray array in Gaussian
                .Arrays("excess_gaussian", "excess under the localisation's Gaussian alone, nats", "phi_gaussian", "E_gauss[phi], nats")
                .Concat(
                    Loss.Arrays(
                        "excess_loss",
                        "what the loss surface adds to the excess, nats",
                        "phi_loss",
                        "what the loss surface adds to E[phi], nats"
                    )
                )
                .Concat(
                    Covariance.Arrays(
                        "covariance_gaussian",
                        "-Cov(phi, loss of the token - P) under the localisation's Gaussian alone, nats squared",
                        null,
                        null
                    )
                )
        )
        {
            yield return array;
        }

        yield return new RunArray<double>("phi", ["runs"], "E_C[phi], nats; full first", Phi, _shape);
        yield return new RunArray<double>("phi_se", ["runs"], "standard error of phi", PhiErrors, _shape);
    }

    internal static double[] Missing(int count)
    {
        double[] values = new double[count];
        Array.Fill(values, double.NaN);
        return values;
    }
}
