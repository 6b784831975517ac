using Curie.Networks.Benchmarking;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Sampling.Networks;

/// <summary>How long a plan takes, by a trial of each kind of its groups on the machine that will do it.</summary>
public sealed class PlanTrial
{
    private readonly IReadOnlyList<double> _seconds;

    private PlanTrial(IReadOnlyList<double> seconds) => _seconds = seconds;

    /// <summary>Of each group of the plan, in order, the seconds that it takes.</summary>
    public IReadOnlyList<double> GroupSeconds => _seconds;

    /// <summary>The time of the whole plan.</summary>
    public TimeSpan Time => TimeSpan.FromSeconds(Math.Min(_seconds.Sum(), TimeSpan.MaxValue.TotalSeconds / 2));

    /// <summary>Tries. Takes some tenths of a second for each kind of component.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="model">w*.</param>
    /// <param name="rows">The rows of minibatches.</param>
    /// <param name="evaluated">Which of them are evaluated at draws.</param>
    /// <param name="batchSize">The rows of a minibatch.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    public static PlanTrial Measure(
        SamplingPlan plan,
        ParameterSet model,
        TokenRows rows,
        IReadOnlyList<int> evaluated,
        int batchSize,
        Machine machine
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(machine);
        using TransformerEvaluator evaluator = new(model.Layout.Config, machine);
        using FrozenNetwork network = new(model, evaluator);
        Dictionary<string, GroupPace> paces = [];
        List<double> seconds = [];
        foreach (PlannedGroup group in plan.Groups)
        {
            string kind = GroupTrial.KindOf(model.Layout, group.Components[0]);
            if (!paces.TryGetValue(kind, out GroupPace? pace))
            {
                pace = GroupTrial.Measure(
                    network,
                    group.Components,
                    group.Slots,
                    group.GradientSlots,
                    rows,
                    evaluated,
                    batchSize,
                    group.FrozenShare
                );
                paces.Add(kind, pace);
            }

            seconds.Add((group.UpdateOperations * pace.Gradient) + (group.DrawOperations * pace.Losses));
        }

        return new PlanTrial(seconds);
    }
}
