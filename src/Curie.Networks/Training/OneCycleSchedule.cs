namespace Curie.Networks.Training;

/// <summary>
/// The one-cycle schedule (Smith and Topin 2017) with straight lines: with n = steps/2 − 1, the learning rate rises from η/n at update 0 to
/// η at update n
/// and falls back to η/n at the last. Momentum is not cycled.
/// </summary>
/// <param name="Peak">η.</param>
/// <param name="Steps">The number of updates.</param>
public readonly record struct OneCycleSchedule(double Peak, int Steps)
{
    /// <summary>The learning rate of an update, from 0.</summary>
    public double RateAt(int step)
    {
        int turn = Math.Max((Steps / 2) - 1, 0);
        int fall = Math.Max(Steps - 1 - turn, 1);
        double end = Peak / Math.Max(turn, 1);
        return step <= turn && turn > 0 ? end + ((Peak - end) * step / turn) : Peak + ((end - Peak) * (step - turn) / fall);
    }
}
