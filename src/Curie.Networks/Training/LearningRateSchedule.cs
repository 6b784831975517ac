namespace Curie.Networks.Training;

/// <summary>How the learning rate goes over the updates of a run, with η its largest.</summary>
public enum LearningRateSchedule
{
    /// <summary>η·min(1, (s + 1)/warmup) at update s, from 0.</summary>
    Warmup,

    /// <summary>Up to η and down again (<see cref="OneCycleSchedule"/>).</summary>
    OneCycle,
}
