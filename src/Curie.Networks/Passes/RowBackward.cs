using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>
/// The backward pass of the row that a <see cref="RowPass"/> holds: gradients of scale·Σ_t ℓ_t for the parameters that a
/// <see cref="GradientPlan"/> asks for, added to a gradient set. It stops at the lowest block that is asked for and computes no other
/// weight gradient.
/// </summary>
internal sealed unsafe class RowBackward : IDisposable
{
    private readonly TransformerConfig _config;
    private readonly Kernels _kernels;
    private readonly RowPass _row;
    private readonly BlockStackBackward _stack;

    public RowBackward(TransformerConfig config, Kernels kernels, RowPass row)
    {
        _config = config;
        _kernels = kernels;
        _row = row;
        _stack = new BlockStackBackward(config, kernels, row.Stack);
    }

    /// <summary>The gradient of the residual stream at the plan's start, after <see cref="Run"/>.</summary>
    public MatrixView Residual => _stack.Residual;

    /// <summary>
    /// Losses of the row, and its gradients added to <paramref name="gradient"/>; call after the forward pass. A plan without parameters
    /// needs no gradient set.
    /// </summary>
    public void Run(TransformerWeights weights, GradientPlan plan, LossScale scale, Span<double> losses, ParameterSet? gradient)
    {
        bool continues = BlockStackBackward.IsNeeded(plan);
        MatrixView dx = continues ? _stack.Readout(_row.Positions) : default;
        BackwardReadout(weights, plan, scale, losses, dx, gradient);
        if (continues)
        {
            // A last token that is embedded and predicts nothing has no gradient here.
            _stack.Run(weights, plan, dx, gradient);
        }

        if (plan.NeedsEmbedding)
        {
            BackwardEmbedding(plan, gradient);
        }
    }

    public void Dispose() => _stack.Dispose();

    private static Span<float> Wanted(GradientPlan plan, ParameterTensor tensor, ParameterSet? gradient) =>
        plan.Wants(tensor) ? gradient![tensor] : [];

    private static MatrixView WantedMatrix(GradientPlan plan, ParameterTensor tensor, ParameterSet? gradient) =>
        plan.Wants(tensor) ? gradient!.Matrix(tensor) : default;

    private void BackwardReadout(
        TransformerWeights weights,
        GradientPlan plan,
        LossScale scale,
        Span<double> losses,
        MatrixView dx,
        ParameterSet? gradient
    )
    {
        ParameterLayout layout = weights.Parameters.Layout;
        int n = _row.Positions;
        MatrixView matrix = WantedMatrix(plan, _config.TiedEmbeddings ? layout.TokenEmbedding : layout.Unembedding, gradient);
        Span<float> bias = Wanted(plan, layout.UnembeddingBias, gradient);
        _row.Stack.NormalizeFinal(weights, n);
        MatrixView norm = _row.Stack.FinalNorm(n);
        if (_row.Direction is { } direction)
        {
            _kernels.DivergenceBackward(
                norm,
                weights.Unembed.Forward,
                weights.Unembed.Backward,
                weights.UnembeddingBias,
                _row.LogTarget(_row.AllPositions),
                direction,
                scale,
                losses[..n],
                dx,
                matrix,
                bias,
                _row.Scratch,
                _config.TiedEmbeddings
            );
        }
        else
        {
            _kernels.CrossEntropyBackward(
                norm,
                weights.Unembed.Forward,
                weights.Unembed.Backward,
                weights.UnembeddingBias,
                _row.Targets,
                scale,
                losses[..n],
                dx,
                matrix,
                bias,
                _row.Scratch,
                _config.TiedEmbeddings
            );
        }
    }

    private void BackwardEmbedding(GradientPlan plan, ParameterSet? gradient)
    {
        if (plan.Wants(plan.Layout.TokenEmbedding))
        {
            _kernels.ScatterAdd(Residual, _row.Inputs, gradient!.Matrix(plan.Layout.TokenEmbedding));
        }

        if (_config.Positions == PositionalEmbedding.Standard && plan.Wants(plan.Layout.PositionEmbedding))
        {
            int count = Residual.Rows * Residual.Columns;
            _kernels.Add(new ReadOnlySpan<float>(Residual.Data, count), gradient![plan.Layout.PositionEmbedding][..count]);
        }
    }
}
