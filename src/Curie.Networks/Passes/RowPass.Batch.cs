using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Passes;

/// <content>A row of tokens as part of a batch.</content>
public sealed partial class RowPass : IBatchPass
{
    private RowBackward? _backward;

    int IBatchPass.Together => 1;

    BlockStack IBatchPass.Stack => Stack;

    /// <summary>The backward pass of the row, whose memory is taken when it is first asked for.</summary>
    internal RowBackward Backward => _backward ??= new RowBackward(_config, _kernels, this);

    void IBatchPass.Begin(IBatch batch, int first, int count)
    {
        TokenBatch tokens = batch as TokenBatch ?? throw new ArgumentException("This network reads rows of tokens.", nameof(batch));
        tokens.Rows.CopyRow(tokens.Index(first), BeginRow(tokens.Rows.ContextLength));
    }

    void IBatchPass.Forward(TransformerWeights weights, NetworkPoint from) => Forward(weights, from, new NetworkPoint(_config.Layers));

    void IBatchPass.Backward(TransformerWeights weights, GradientPlan plan, LossScale scale, Span<double> losses, ParameterSet? gradient) =>
        Backward.Run(weights, plan, scale, losses, gradient);
}
