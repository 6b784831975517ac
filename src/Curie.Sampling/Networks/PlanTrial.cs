using Curie.Networks.Benchmarking;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Samplers;
using Curie.Text.Packing;

namespace Curie.Sampling.Networks;

/// <summary>How long a plan takes, by a trial of each kind of its groups on the machine that will do it.</summary>
public sealed class PlanTrial
{
    private readonly ParameterLayout _layout;
    private readonly IReadOnlyDictionary<string, GroupPace> _paces;
    private readonly double _secondsPerWeight;

    private PlanTrial(SamplingPlan plan, ParameterLayout layout, IReadOnlyDictionary<string, GroupPace> paces, double secondsPerWeight)
    {
        _layout = layout;
        _paces = paces;
        _secondsPerWeight = secondsPerWeight;
        GroupSeconds = SecondsOf(plan);
    }

    /// <summary>Of each group of the plan, in order, the seconds that it takes.</summary>
    public IReadOnlyList<double> GroupSeconds { get; }

    /// <summary>The time of the whole plan.</summary>
    public TimeSpan Time => Sum(GroupSeconds);

    /// <summary>The time of another plan on the same model, of the same kinds of components, at the same paces.</summary>
    /// <param name="plan">The plan.</param>
    /// <exception cref="KeyNotFoundException">A kind of its components was not tried.</exception>
    public TimeSpan TimeOf(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Sum(SecondsOf(plan));
    }

    /// <summary>Tries. Takes some tenths of a second for each kind of component.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="model">w*.</param>
    /// <param name="rows">The rows of minibatches.</param>
    /// <param name="evaluated">Which of them are evaluated at draws.</param>
    /// <param name="batchSize">The rows of a minibatch.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <param name="target">The model from which losses are divergences; null, the default, for losses of the next token.</param>
    public static PlanTrial Measure(
        SamplingPlan plan,
        ParameterSet model,
        TokenRows rows,
        IReadOnlyList<int> evaluated,
        int batchSize,
        Machine machine,
        CoefficientTarget? target = null
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(machine);
        using DivergenceTarget? frozen = target?.Create(machine);
        using TransformerEvaluator evaluator = new(model.Layout.Config, machine, frozen);
        using FrozenNetwork network = new(model, evaluator);
        Dictionary<string, GroupPace> paces = [];
        foreach (PlannedGroup group in plan.Groups)
        {
            string kind = GroupTrial.KindOf(model.Layout, group.Components[0]);
            if (!paces.ContainsKey(kind))
            {
                paces.Add(
                    kind,
                    GroupTrial.Measure(
                        network,
                        group.Components,
                        group.Slots,
                        group.GradientSlots,
                        rows,
                        evaluated,
                        batchSize,
                        group.FrozenShare
                    )
                );
            }
        }

        long most = plan.Groups.Max(group => group.Components.Max(component => component.Restriction.Dimension));
        return new PlanTrial(plan, model.Layout, paces, UpdateTrial.SecondsPerWeight(machine, most));
    }

    private static TimeSpan Sum(IReadOnlyList<double> seconds) =>
        TimeSpan.FromSeconds(Math.Min(seconds.Sum(), TimeSpan.MaxValue.TotalSeconds / 2));

    private double[] SecondsOf(SamplingPlan plan) =>
        [
            .. plan.Groups.Select(group =>
            {
                GroupPace pace = _paces[GroupTrial.KindOf(_layout, group.Components[0])];
                return (group.UpdateOperations * pace.Gradient)
                    + (group.WeightUpdates * _secondsPerWeight)
                    + (group.DrawOperations * pace.Losses);
            }),
        ];
}
