using Curie.Networks.Components;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Response.Runs;
using Curie.Sampling.Chains;

namespace Curie.Response.Experiments;

/// <summary>What one component gathers while it is sampled, and the file from which a stopped run continues it.</summary>
internal sealed class ComponentInProgress : IDisposable
{
    private readonly ComponentStateFile? _file;
    private ComponentRunState? _state;

    /// <param name="component">The component.</param>
    /// <param name="layout">The probes.</param>
    /// <param name="design">What is measured.</param>
    /// <param name="company">What goes beside its chains.</param>
    /// <param name="observesLoss">Whether φ is P − L0; otherwise it has a trace of its own.</param>
    /// <param name="file">Where it is saved; null for nowhere.</param>
    public ComponentInProgress(
        Component component,
        ProbeLayout layout,
        ExperimentDesign design,
        ComponentCompany company,
        bool observesLoss,
        ComponentStateFile? file
    )
    {
        Component = component;
        Company = company;
        _file = file;
        Units = [.. Enumerable.Range(0, design.Sampling.Units).Select(unit => new PairAccumulator(layout, design.Batches, unit))];
        Moments = new ComponentMoments(component.Name, layout, ExperimentDesign.EstimatorOf(company));
        if (company.LossFree is not null)
        {
            BatchPlan plan = DifferencePlan(design, company);
            Differences = [.. Units.Select((_, unit) => new PairAccumulator(layout, plan, unit))];
            Difference = new ComponentMoments(component.Name, layout);
            Gaussian = new ComponentMoments(component.Name, layout, Moments.Estimator);
        }

        OppositeCheck = company.Opposite is null ? null : new OppositeCheck(layout.Tokens);
        if (!observesLoss)
        {
            PhiTrace = new double[design.Sampling.Chains * design.Sampling.Draws];
            Array.Fill(PhiTrace, double.NaN);
        }
    }

    /// <summary>The bytes that a component of a run takes while it is sampled.</summary>
    public static long BytesFor(RunShape shape, bool hasLevels)
    {
        long unit = TokenAccumulator.BytesFor(shape.Tokens) + BatchRecord.BytesFor(shape.SampledTokens, shape.Batches);
        long levels = hasLevels ? (shape.Units * unit) + (GaussianLevel.Units * unit) + (2 * TokenMoments.BytesFor(shape.Tokens)) : 0;
        return (shape.Units * unit) + TokenMoments.BytesFor(shape.Tokens) + levels + (2L * sizeof(double) * shape.Tokens);
    }

    /// <summary>What is sampled.</summary>
    public Component Component { get; }

    /// <summary>What goes beside its chains.</summary>
    public ComponentCompany Company { get; }

    /// <summary>The sums so far, of every pair of chains or chain.</summary>
    public PairAccumulator[] Units { get; }

    /// <summary>The sums over healthy pairs, once the component is finished.</summary>
    public ComponentMoments Moments { get; }

    /// <summary>The differences to the twins that do not feel the loss, of every pair; empty where there are none.</summary>
    public PairAccumulator[] Differences { get; } = [];

    /// <summary>The sums of these over healthy pairs, once the component is finished; null where there are none.</summary>
    public ComponentMoments? Difference { get; }

    /// <summary>The localisation's Gaussian, once it is measured; null where levels are not.</summary>
    public ComponentMoments? Gaussian { get; private set; }

    /// <summary>The check of the perturbation's size; null where there is no response.</summary>
    public OppositeCheck? OppositeCheck { get; }

    /// <summary>
    /// φ of every chain at every draw, nats, NaN where there is none yet; null where φ is P − L0, which the chains' own trace says.
    /// </summary>
    public double[]? PhiTrace { get; }

    /// <summary>Whether the sums over healthy pairs are there.</summary>
    public bool Finished { get; private set; }

    /// <summary>Takes the localisation's Gaussian, unless an earlier run has measured it.</summary>
    public void TakeGaussian(ComponentMoments measured)
    {
        ComponentMoments? unneeded = Gaussian!.Pairs > 0 ? measured : Gaussian;
        Gaussian = Gaussian.Pairs > 0 ? Gaussian : measured;
        unneeded.Dispose();
    }

    /// <summary>Reads back what an earlier run saved of this component, if it did.</summary>
    /// <exception cref="Numerics.InputException">The file is damaged or another run's.</exception>
    public void Restore()
    {
        if (_file is { Exists: true })
        {
            (_state, Finished) = _file.Restore(this);
        }
    }

    /// <summary>Puts the chains where they were when the component was saved.</summary>
    /// <exception cref="Numerics.InputException">The state belongs to other settings.</exception>
    public void Continue(ComponentRun run)
    {
        if (_state is not null)
        {
            run.Restore(_state);
        }
    }

    /// <summary>Saves a component in progress, at a completed draw, if it has a file.</summary>
    /// <exception cref="Numerics.InputException">The file cannot be written.</exception>
    public void Save(ComponentRun run) => _file?.Save(run, this);

    /// <summary>Adds up the healthy pairs after the last draw, and saves that if there is a file.</summary>
    /// <exception cref="Numerics.InputException">The file cannot be written.</exception>
    /// <exception cref="Numerics.DivergenceException">A token's loss was not finite at some draw.</exception>
    public void Finish(ComponentRun run)
    {
        for (int unit = 0; unit < Units.Length; unit++)
        {
            // A stopped chain takes its partner with it.
            if (run.IsHealthy(unit * run.Options.ChainsPerUnit))
            {
                Moments.Add(Units[unit]);
                Difference?.Add(Differences[unit]);
            }
        }

        Finished = true;
        _file?.Save(run, this);
    }

    /// <summary>Everything but the chains, for a file.</summary>
    public void SaveSums(Stream stream)
    {
        if (Finished)
        {
            Moments.Save(stream);
            Difference?.Save(stream);
        }
        else
        {
            Array.ForEach(Units, unit => unit.Save(stream));
            Array.ForEach(Differences, unit => unit.Save(stream));
        }

        Gaussian?.Save(stream);
        OppositeCheck?.Save(stream);
        if (PhiTrace is not null)
        {
            StateStream.WriteValues(stream, PhiTrace);
        }
    }

    /// <summary>Reads back what <see cref="SaveSums"/> wrote.</summary>
    /// <exception cref="Numerics.InputException">The stream ends early or belongs to another experiment.</exception>
    public void RestoreSums(Stream stream, bool finished)
    {
        if (finished)
        {
            Moments.Restore(stream);
            Difference?.Restore(stream);
        }
        else
        {
            Array.ForEach(Units, unit => unit.Restore(stream));
            Array.ForEach(Differences, unit => unit.Restore(stream));
        }

        Gaussian?.Restore(stream);
        OppositeCheck?.Restore(stream);
        if (PhiTrace is not null)
        {
            StateStream.Read<double>(stream, PhiTrace);
        }
    }

    public void Dispose()
    {
        Array.ForEach(Units, unit => unit.Dispose());
        Array.ForEach(Differences, unit => unit.Dispose());
        Moments.Dispose();
        Difference?.Dispose();
        Gaussian?.Dispose();
    }

    private static BatchPlan DifferencePlan(ExperimentDesign design, ComponentCompany company)
    {
        int draws = ((design.Sampling.Draws - 1) / company.LossFreeEvery) + 1;
        return BatchPlan.ForDraws(draws, design.Sampling.Units);
    }
}
