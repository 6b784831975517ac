using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>The norm in front of a part of the network, forward and backward. Weights that there are not count as 1, biases as 0.</summary>
internal readonly struct NormPart(Kernels kernels, NormKind kind, float epsilon)
{
    /// <summary>The norm of one head's queries or keys.</summary>
    public static NormPart OfHeads(Kernels kernels, TransformerConfig config) => new(kernels, NormKind.Rms, config.Epsilon);

    /// <summary>y = norm(x), and each row's mean and 1/σ. x, y n × d.</summary>
    public void Forward(
        TransformerWeights weights,
        ParameterTensor weight,
        ParameterTensor? bias,
        MatrixView x,
        MatrixView y,
        Span<float> mean,
        Span<float> inverseScale
    )
    {
        if (kind == NormKind.None)
        {
            RowCopy.All(x, y);
            return;
        }

        kernels.NormForward(
            x,
            weights.OrOnes(weight, x.Columns),
            weights.OrZeros(bias, x.Columns),
            epsilon,
            y,
            mean,
            inverseScale,
            kind == NormKind.Layer
        );
    }

    /// <summary>
    /// Adds the gradient of x to dx, if it has rows, and those of weights and biases that the plan asks for to the gradient.
    /// </summary>
    public void Backward(
        TransformerWeights weights,
        GradientPlan plan,
        ParameterTensor weight,
        ParameterTensor? bias,
        MatrixView x,
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> inverseScale,
        MatrixView dy,
        MatrixView dx,
        ParameterSet? gradient
    )
    {
        if (kind == NormKind.None)
        {
            RowCopy.Add(kernels, dy, dx);
            return;
        }

        kernels.NormBackward(
            x,
            weights.OrOnes(weight, x.Columns),
            mean,
            inverseScale,
            dy,
            dx,
            plan.Wants(weight) ? gradient![weight] : [],
            plan.Wants(bias) ? gradient![bias!] : [],
            kind == NormKind.Layer
        );
    }
}
