using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Text.Packing;

namespace Curie.Response.Experiments;

/// <summary>The losses at w*.</summary>
/// <param name="Mean">L0, nats per token, on the rows that give P.</param>
/// <param name="MeanStandardError">The standard error of L0 over those rows: s.d. of the row means / √rows; NaN for a single row.</param>
/// <param name="Tokens">ℓ_i(w*) of every followed token, nats.</param>
public sealed record InitialLosses(double Mean, double MeanStandardError, float[] Tokens)
{
    /// <summary>Measures them along the path that every shortcut is tested against.</summary>
    /// <param name="network">The network.</param>
    /// <param name="full">All its parameters.</param>
    /// <param name="selections">The followed tokens.</param>
    /// <param name="rows">The rows of which some give P; null where P is the mean over the followed tokens.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="counted">Which of their positions count; null for all.</param>
    /// <exception cref="InputException">A loss is not finite.</exception>
    internal static InitialLosses Measure(
        FrozenNetwork network,
        Component full,
        IReadOnlyList<ProbeSelection> selections,
        TokenRows? rows,
        int[] indices,
        CountedPositions? counted = null
    )
    {
        LoadedWeights[] origin = [new LoadedWeights(0, 0)];
        using IRestrictedGroup group = RestrictedGroups.Create(network, [full], slots: 1);
        using ProbeLosses probes = new(group, selections, frozenMemory: 0);
        using MeanLoss? meanLoss = rows is null ? null : new MeanLoss(group, rows, indices, capacity: 1, frozenMemory: 0, counted);
        meanLoss?.Evaluate(origin);
        probes.Evaluate(origin);
        double mean = meanLoss?.Mean(0) ?? probes.Mean(0);
        float[] tokens = probes.Losses(0).ToArray();
        if (!double.IsFinite(mean) || !tokens.All(float.IsFinite))
        {
            throw new InputException(
                "the model's loss at the checkpoint is not finite; check that the model and the token rows belong together."
            );
        }

        double[] means = meanLoss is null ? probes.RowMeans(0) : meanLoss.RowMeans(0).ToArray();
        return new InitialLosses(mean, MeanEstimate.OfIndependent(means).StandardError, tokens);
    }

    /// <summary>Writes them; <see cref="Read"/> reads them back bit for bit.</summary>
    internal void Write(Stream stream)
    {
        StateStream.WriteValues(stream, [Mean, MeanStandardError]);
        StateStream.Write<float>(stream, Tokens);
    }

    /// <summary>Reads the losses of so many tokens.</summary>
    /// <exception cref="InputException">The stream ends early.</exception>
    internal static InitialLosses Read(Stream stream, int tokens)
    {
        double[] means = new double[2];
        float[] losses = new float[tokens];
        StateStream.Read<double>(stream, means);
        StateStream.Read<float>(stream, losses);
        return new InitialLosses(means[0], means[1], losses);
    }
}
