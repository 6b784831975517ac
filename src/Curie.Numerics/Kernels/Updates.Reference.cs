namespace Curie.Numerics.Kernels;

public sealed unsafe partial class ReferenceKernels
{
    /// <inheritdoc/>
    public override void AdamWUpdate(
        Span<float> parameters,
        ReadOnlySpan<float> gradient,
        Span<float> firstMoment,
        Span<float> secondMoment,
        AdamWOptions options,
        long step
    )
    {
        double correction1 = 1 - Math.Pow(options.Beta1, step);
        double correction2 = 1 - Math.Pow(options.Beta2, step);
        for (int i = 0; i < parameters.Length; i++)
        {
            double g = gradient[i];
            double m = (options.Beta1 * firstMoment[i]) + ((1 - options.Beta1) * g);
            double v = (options.Beta2 * secondMoment[i]) + ((1 - options.Beta2) * g * g);
            double w = parameters[i] * (1 - (options.LearningRate * options.WeightDecay));
            parameters[i] = (float)(w - (options.LearningRate * (m / correction1) / (Math.Sqrt(v / correction2) + options.Epsilon)));
            firstMoment[i] = (float)m;
            secondMoment[i] = (float)v;
        }
    }
}
