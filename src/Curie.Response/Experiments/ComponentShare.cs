using Curie.Networks.Components;
using Curie.Numerics;
using Curie.Response.Accumulation;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>
/// What the sampling of a range of a component's chains leaves behind: the report of these chains, and the sums of every healthy unit by
/// itself. What is measured once for a component, and not for each chain, is with chain 0.
/// </summary>
internal sealed class ComponentShare : IDisposable
{
    private ComponentMoments? _gaussian;

    /// <summary>Traces and health of the chains of a range.</summary>
    public required ComponentReport Report { get; init; }

    /// <summary>How the shadows were perturbed; null where no response was measured.</summary>
    public required Perturbation? Perturbation { get; init; }

    /// <summary>The sums of the healthy units, in order.</summary>
    public required IReadOnlyList<PairAccumulator> Units { get; init; }

    /// <summary>Their differences to the twins that do not feel the loss; empty where levels were not measured.</summary>
    public required IReadOnlyList<PairAccumulator> Differences { get; init; }

    /// <summary>φ of every chain at every draw, nats, NaN outside the range; null where φ is P − L0.</summary>
    public double[]? PhiTrace { get; init; }

    /// <summary>The localisation's Gaussian; null where it was not measured, and without chain 0.</summary>
    public ComponentMoments? Gaussian
    {
        get => _gaussian;
        init => _gaussian = value;
    }

    /// <summary>The check of the perturbation's size; null where there is no response, and without chain 0.</summary>
    public OppositeCheck? OppositeCheck { get; init; }

    /// <summary>
    /// What <see cref="GradientAlignment"/> predicts, one value per token, nats²; null where there is no prediction, and without chain 0.
    /// </summary>
    public float[]? Alignment { get; init; }

    /// <summary>Hands the Gaussian over to the caller, who disposes of it.</summary>
    public ComponentMoments? TakeGaussian()
    {
        ComponentMoments? taken = _gaussian;
        _gaussian = null;
        return taken;
    }

    /// <summary>Writes the share; <see cref="Read"/> reads it back bit for bit.</summary>
    public void Write(Stream stream)
    {
        ReportStream.Write(stream, Report);
        StateStream.WriteCounts(
            stream,
            [
                Units.Count,
                Differences.Count,
                Perturbation is null ? 0 : 1,
                Gaussian is null ? 0 : 1,
                OppositeCheck is null ? 0 : 1,
                Alignment?.Length ?? 0,
            ]
        );
        foreach (PairAccumulator unit in Units.Concat(Differences))
        {
            StateStream.WriteCounts(stream, [unit.Batches.Pair]);
            unit.Save(stream);
        }

        if (Perturbation is { } made)
        {
            StateStream.WriteValues(stream, [made.Strength, made.Corrected ? 1 : 0, made.Displacement, made.Resolution]);
        }

        if (PhiTrace is not null)
        {
            StateStream.WriteValues(stream, PhiTrace);
        }

        Gaussian?.Save(stream);
        OppositeCheck?.Save(stream);
        StateStream.Write<float>(stream, Alignment);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="stream">Where it begins.</param>
    /// <param name="component">The component.</param>
    /// <param name="context">The experiment.</param>
    /// <exception cref="InputException">The stream ends early or belongs to another experiment.</exception>
    /// <exception cref="IOException">It ends early.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static ComponentShare Read(Stream stream, Component component, ShareContext context)
    {
        ComponentReport report = ReportStream.Read(stream, context.Whole.For(component).Sampling);
        Span<long> counts = stackalloc long[6];
        StateStream.Read(stream, counts);
        long units = report.Range.Count / report.Options.ChainsPerUnit;
        if (
            report.Component != component.Name
            || counts[0] < 0
            || counts[0] > units
            || (counts[1] != 0 && counts[1] != counts[0])
            || (counts[5] != 0 && counts[5] != context.Layout.Tokens)
        )
        {
            throw new InvalidDataException($"It is not a share of {component.Name}, or is damaged.");
        }

        List<PairAccumulator> sums = [];
        List<PairAccumulator> differences = [];
        ComponentMoments? gaussian = null;
        try
        {
            // Whether there is a response does not matter to how batches are cut.
            ComponentCompany company = context.CompanyOf(component, null);
            for (long unit = 0; unit < counts[0]; unit++)
            {
                sums.Add(ReadUnit(stream, context, context.Batches(component)));
            }

            for (long unit = 0; unit < counts[1]; unit++)
            {
                differences.Add(ReadUnit(stream, context, context.DifferenceBatches(component, company)));
            }

            Perturbation? perturbation = counts[2] == 0 ? null : ReadPerturbation(stream);
            double[]? phi = context.PhiTrace(component);
            StateStream.Read<double>(stream, phi);
            if (counts[3] != 0)
            {
                CovarianceEstimator estimator = ExperimentDesign.EstimatorOf(context.CompanyOf(component, perturbation));
                gaussian = new ComponentMoments(component.Name, context.Layout, estimator);
                gaussian.Restore(stream);
            }

            OppositeCheck? check = counts[4] == 0 ? null : new OppositeCheck(context.Layout.Tokens);
            check?.Restore(stream);
            float[]? alignment = counts[5] == 0 ? null : new float[counts[5]];
            StateStream.Read<float>(stream, alignment);
            return new ComponentShare
            {
                Report = report,
                Perturbation = perturbation,
                Units = sums,
                Differences = differences,
                PhiTrace = phi,
                Gaussian = gaussian,
                OppositeCheck = check,
                Alignment = alignment,
            };
        }
        catch
        {
            sums.ForEach(unit => unit.Dispose());
            differences.ForEach(unit => unit.Dispose());
            gaussian?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PairAccumulator unit in Units.Concat(Differences))
        {
            unit.Dispose();
        }

        Gaussian?.Dispose();
    }

    private static PairAccumulator ReadUnit(Stream stream, ShareContext context, Numerics.Statistics.BatchPlan plan)
    {
        Span<long> unit = stackalloc long[1];
        StateStream.Read(stream, unit);
        PairAccumulator sums = new(context.Layout, plan, checked((int)unit[0]));
        try
        {
            sums.Restore(stream);
            return sums;
        }
        catch
        {
            sums.Dispose();
            throw;
        }
    }

    private static Perturbation ReadPerturbation(Stream stream)
    {
        double[] values = new double[4];
        StateStream.Read<double>(stream, values);
        return new Perturbation(values[0], values[1] != 0, values[2], values[3]);
    }
}
