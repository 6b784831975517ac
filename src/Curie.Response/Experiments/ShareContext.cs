using Curie.Networks.Components;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>What the sums of every component of an experiment have in common, whoever samples which of its chains.</summary>
/// <param name="Layout">The probes.</param>
/// <param name="Whole">What is measured.</param>
/// <param name="ObservesLoss">Whether φ is P − L0; otherwise it has a trace of its own.</param>
internal sealed record ShareContext(ProbeLayout Layout, ExperimentDesign Whole, bool ObservesLoss)
{
    /// <summary>What goes beside the chains of a component.</summary>
    /// <param name="component">The component.</param>
    /// <param name="perturbation">How its shadows are perturbed; null where it has none.</param>
    public ComponentCompany CompanyOf(Component component, Perturbation? perturbation) =>
        new(perturbation, Whole.HasLevels, component.IsFull ? Whole.FullDrawFactor : 1);

    /// <summary>How the draws of a unit are cut into batches.</summary>
    public BatchPlan Batches(Component component) => Whole.For(component).Batches;

    /// <summary>How the draws at which a unit is compared with its loss-free twins are cut into batches.</summary>
    public BatchPlan DifferenceBatches(Component component, ComponentCompany company)
    {
        ExperimentDesign design = Whole.For(component);
        int draws = ((design.Sampling.Draws - 1) / company.LossFreeEvery) + 1;
        return BatchPlan.ForDraws(draws, design.Sampling.Units);
    }

    /// <summary>Where φ of every chain at every draw goes, NaN at first; null where the chains' own trace says it.</summary>
    public double[]? PhiTrace(Component component)
    {
        if (ObservesLoss)
        {
            return null;
        }

        ExperimentDesign design = Whole.For(component);
        double[] trace = new double[design.Sampling.Chains * design.Sampling.Draws];
        Array.Fill(trace, double.NaN);
        return trace;
    }
}
