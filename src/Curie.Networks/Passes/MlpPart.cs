using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>
/// The MLP of a block, forward and backward: f(x·W_in + b_in)·W_out + b_out, or with a gate
/// [f(x·W_gate + b_gate) ⊙ (x·W_in + b_in)]·W_out + b_out, and a layer norm behind f where there is one. n positions, m = d_mlp.
/// </summary>
internal sealed class MlpPart(TransformerConfig config, Kernels kernels)
{
    private NormPart HiddenNorm => new(kernels, NormKind.Layer, config.Epsilon);

    private bool HasEarlyBias => config.MlpInputBias == MlpInputBias.BeforeActivation;

    /// <summary>Adds the MLP of a normed input to the output, n × d each.</summary>
    public void Forward(TransformerWeights weights, int layer, BlockActivations block, MatrixView x, MatrixView output)
    {
        (BlockTensors tensors, PackedBlock packed) = (weights.Parameters.Layout.Blocks[layer], weights.Blocks[layer]);
        (int n, ParameterSet parameters) = (x.Rows, weights.Parameters);
        kernels.Multiply(x, packed.MlpIn!.Forward, block.Hidden(n), accumulate: false);
        if (HasEarlyBias)
        {
            kernels.AddRow(parameters[tensors.MlpInBias], block.Hidden(n));
        }

        if (config.GatedMlp)
        {
            ForwardGate(weights, layer, block, x);
        }
        else if (config.MlpNorm)
        {
            kernels.ActivationForward(config.Activation, block.Hidden(n), block.Gated(n));
            HiddenNorm.Forward(
                weights,
                tensors.MlpNormWeight,
                tensors.MlpNormBias,
                block.Gated(n),
                block.Active(n),
                block.HiddenMean(n),
                block.HiddenInverseScale(n)
            );
        }
        else
        {
            kernels.ActivationForward(config.Activation, block.Hidden(n), block.Active(n));
        }

        kernels.Multiply(block.Active(n), packed.MlpOut!.Forward, output, accumulate: true);
        if (config.MlpOutputBias)
        {
            kernels.AddRow(parameters[tensors.MlpOutBias], output);
        }
    }

    /// <summary>
    /// Adds the gradients that the plan asks for, given that of the block's output; that of the normed input overwrites
    /// <paramref name="norm"/> where it has rows.
    /// </summary>
    /// <param name="weights">The network.</param>
    /// <param name="plan">What is asked for.</param>
    /// <param name="layer">The block.</param>
    /// <param name="block">What the forward pass has kept.</param>
    /// <param name="x">The normed input, n × d.</param>
    /// <param name="upstream">The gradient of the block's output, n × d.</param>
    /// <param name="hidden">Room for the gradient of the hidden layer, n × m.</param>
    /// <param name="norm">Receives the gradient of the normed input, n × d; without rows if it is not needed.</param>
    /// <param name="gradient">Receives the parameters' gradients; null if the plan asks for none.</param>
    /// <param name="scratch">The worker's scratch memory.</param>
    public void Backward(
        TransformerWeights weights,
        GradientPlan plan,
        int layer,
        BlockActivations block,
        MatrixView x,
        MatrixView upstream,
        MatrixView hidden,
        MatrixView norm,
        ParameterSet? gradient,
        Scratch scratch
    )
    {
        int n = upstream.Rows;
        (BlockTensors tensors, PackedBlock packed) = (plan.Layout.Blocks[layer], weights.Blocks[layer]);
        if (plan.Wants(tensors.MlpOut))
        {
            kernels.MultiplyTransposed(block.Active(n), upstream, gradient!.Matrix(tensors.MlpOut), accumulate: true, scratch);
        }

        if (plan.Wants(tensors.MlpOutBias))
        {
            kernels.AddColumnSums(upstream, gradient![tensors.MlpOutBias]);
        }

        kernels.Multiply(upstream, packed.MlpOut!.Backward, hidden, accumulate: false);
        using Scratch.Frame frame = scratch.Enter();
        MatrixView gate = config.GatedMlp ? frame.Matrix(n, config.MlpWidth) : default;
        if (config.GatedMlp)
        {
            if (config.MlpInputBias == MlpInputBias.AfterProduct && plan.Wants(tensors.MlpInBias))
            {
                kernels.AddColumnSums(hidden, gradient![tensors.MlpInBias]);
            }

            BackwardGate(block, hidden, gate);
            AddInputGradient(plan, x, gate, tensors.MlpGate, tensors.MlpGateBias, gradient, scratch);
        }
        else
        {
            BackwardNorm(weights, plan, tensors, block, hidden, gradient, frame);
            kernels.ActivationBackward(config.Activation, block.Hidden(n), hidden, hidden);
        }

        AddInputGradient(plan, x, hidden, tensors.MlpIn, HasEarlyBias ? tensors.MlpInBias : null, gradient, scratch);
        if (norm.Rows > 0)
        {
            kernels.Multiply(hidden, packed.MlpIn!.Backward, norm, accumulate: false);
            if (config.GatedMlp)
            {
                kernels.Multiply(gate, packed.MlpGate!.Backward, norm, accumulate: true);
            }
        }
    }

    private void ForwardGate(TransformerWeights weights, int layer, BlockActivations block, MatrixView x)
    {
        int n = x.Rows;
        (BlockTensors tensors, ParameterSet parameters) = (weights.Parameters.Layout.Blocks[layer], weights.Parameters);
        kernels.Multiply(x, weights.Blocks[layer].MlpGate!.Forward, block.Gate(n), accumulate: false);
        if (HasEarlyBias)
        {
            kernels.AddRow(parameters[tensors.MlpGateBias], block.Gate(n));
        }

        kernels.ActivationForward(config.Activation, block.Gate(n), block.Gated(n));
        kernels.MultiplyElements(block.Gated(n), block.Hidden(n), block.Active(n));
        if (config.MlpInputBias == MlpInputBias.AfterProduct)
        {
            kernels.AddRow(parameters[tensors.MlpInBias], block.Active(n));
        }
    }

    /// <summary>From the gradient of f(gate) ⊙ hidden to those of the two.</summary>
    private void BackwardGate(BlockActivations block, MatrixView hidden, MatrixView gate)
    {
        int n = hidden.Rows;
        kernels.MultiplyElements(hidden, block.Hidden(n), gate);
        kernels.ActivationBackward(config.Activation, block.Gate(n), gate, gate);
        kernels.MultiplyElements(hidden, block.Gated(n), hidden);
    }

    private void BackwardNorm(
        TransformerWeights weights,
        GradientPlan plan,
        BlockTensors tensors,
        BlockActivations block,
        MatrixView hidden,
        ParameterSet? gradient,
        Scratch.Frame frame
    )
    {
        if (!config.MlpNorm)
        {
            return;
        }

        int n = hidden.Rows;
        MatrixView dy = frame.Matrix(n, config.MlpWidth);
        RowCopy.All(hidden, dy);
        hidden.Clear();
        HiddenNorm.Backward(
            weights,
            plan,
            tensors.MlpNormWeight,
            tensors.MlpNormBias,
            block.Gated(n),
            block.HiddenMean(n),
            block.HiddenInverseScale(n),
            dy,
            hidden,
            gradient
        );
    }

    private void AddInputGradient(
        GradientPlan plan,
        MatrixView x,
        MatrixView dy,
        ParameterTensor weight,
        ParameterTensor? bias,
        ParameterSet? gradient,
        Scratch scratch
    )
    {
        if (plan.Wants(weight))
        {
            kernels.MultiplyTransposed(x, dy, gradient!.Matrix(weight), accumulate: true, scratch);
        }

        if (plan.Wants(bias))
        {
            kernels.AddColumnSums(dy, gradient![bias!]);
        }
    }
}
