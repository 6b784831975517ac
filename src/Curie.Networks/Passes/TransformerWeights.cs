using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Passes;

/// <summary>
/// The parameters of a transformer in the form that the passes read: the flat set, and its weight matrices packed for the matrix
/// products, heads side by side. Shared by all workers; <see cref="Refresh"/> after every change of the parameters.
/// </summary>
public sealed class TransformerWeights : IDisposable
{
    private readonly Kernels _kernels;
    private readonly PackTask[] _tasks;
    private readonly PackTask[] _selected;
    private readonly AlignedBuffer<float> _ones;
    private readonly AlignedBuffer<float> _zeros;

    /// <summary>Packs all weights of <paramref name="parameters"/>, which stays the owner of the values.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="machine">The kernels that will read the packed weights, and the threads that pack.</param>
    public TransformerWeights(ParameterSet parameters, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(machine);
        Parameters = parameters;
        _kernels = machine.Kernels;
        ParameterLayout layout = parameters.Layout;
        TransformerConfig config = layout.Config;
        Blocks = [.. layout.Blocks.Select(block => new PackedBlock(config, machine.Kernels))];
        Embed = config.VectorTokens ? new PackedPair(machine.Kernels, config.Vocabulary, config.ModelWidth) : null;
        Unembed = new PackedPair(machine.Kernels, config.ModelWidth, config.Logits);
        Rotary = config.Rotary is { } rotary ? new RotaryTable(rotary, config.ContextLength) : null;
        int widest = Math.Max(Math.Max(config.ModelWidth, config.MlpWidth), Math.Max(config.HeadWidth, config.Logits));
        _ones = new AlignedBuffer<float>(widest);
        _ones.Span.Fill(1);
        _zeros = new AlignedBuffer<float>(widest);
        _tasks = [.. Tasks(layout)];
        _selected = new PackTask[_tasks.Length];
        Refresh(machine.Pool, new Restriction([new ParameterSegment(0, layout.Length)]));
    }

    /// <summary>The values.</summary>
    public ParameterSet Parameters { get; }

    internal IReadOnlyList<PackedBlock> Blocks { get; }

    /// <summary>W_E where tokens are vectors; null otherwise.</summary>
    internal PackedPair? Embed { get; }

    internal PackedPair Unembed { get; }

    /// <summary>How queries and keys are turned where positions are rotary; null otherwise.</summary>
    internal RotaryTable? Rotary { get; }

    /// <summary>b_U, or zeros where there is none, V.</summary>
    internal ReadOnlySpan<float> UnembeddingBias => OrZeros(Parameters.Layout.UnembeddingBias, Parameters.Layout.Config.Logits);

    /// <summary>The values of a tensor, or ones where there is none.</summary>
    internal ReadOnlySpan<float> OrOnes(ParameterTensor tensor, int length) =>
        tensor.Length > 0 ? Parameters[tensor] : _ones.Slice(0, length);

    /// <summary>The values of a tensor, or zeros where there is none.</summary>
    internal ReadOnlySpan<float> OrZeros(ParameterTensor? tensor, int length) =>
        tensor is { Length: > 0 } ? Parameters[tensor] : _zeros.Slice(0, length);

    /// <summary>Packs again what <paramref name="changed"/> touches.</summary>
    public void Refresh(WorkerPool pool, Restriction changed)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(changed);
        int count = 0;
        foreach (PackTask task in _tasks)
        {
            if (task.Head < 0 ? changed.Touches(task.Tensor) : changed.TouchesSlice(task.Tensor, task.Head))
            {
                _selected[count++] = task;
            }
        }

        PackBody body = new(this);
        pool.Run(count, ref body);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PackedBlock block in Blocks)
        {
            block.Dispose();
        }

        Embed?.Dispose();
        Unembed.Dispose();
        Rotary?.Dispose();
        _ones.Dispose();
        _zeros.Dispose();
    }

    private IEnumerable<PackTask> Tasks(ParameterLayout layout)
    {
        TransformerConfig config = layout.Config;
        int e = config.HeadWidth;
        yield return new PackTask(config.TiedEmbeddings ? layout.TokenEmbedding : layout.Unembedding, -1, Unembed, 0, 0);
        if (Embed is not null)
        {
            yield return new PackTask(layout.TokenEmbedding, -1, Embed, 0, 0);
        }

        for (int l = 0; l < Blocks.Count; l++)
        {
            (BlockTensors tensors, PackedBlock packed) = (layout.Blocks[l], Blocks[l]);
            for (int h = 0; h < config.Heads; h++)
            {
                yield return new PackTask(tensors.Query, h, packed.QueryKey, 0, h * e);
                yield return new PackTask(tensors.Output, h, packed.Output, h * e, 0);
            }

            for (int g = 0; g < config.Groups; g++)
            {
                yield return new PackTask(tensors.Key, g, packed.QueryKey, 0, (config.Heads + g) * e);
                yield return new PackTask(tensors.Value, g, packed.Value, 0, packed.ValueColumn + (g * e));
            }

            if (packed.MlpIn is not null && packed.MlpOut is not null)
            {
                yield return new PackTask(tensors.MlpIn, -1, packed.MlpIn, 0, 0);
                yield return new PackTask(tensors.MlpOut, -1, packed.MlpOut, 0, 0);
            }

            if (packed.MlpGate is not null)
            {
                yield return new PackTask(tensors.MlpGate, -1, packed.MlpGate, 0, 0);
            }
        }
    }

    /// <summary>Where one tensor, or one head's slice of it, goes.</summary>
    private readonly record struct PackTask(ParameterTensor Tensor, int Head, PackedPair Destination, int Row, int Column);

    private readonly struct PackBody(TransformerWeights owner) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            PackTask task = owner._selected[item];
            ParameterSet parameters = owner.Parameters;
            if (parameters.Layout.Config.TiedEmbeddings && ReferenceEquals(task.Tensor, parameters.Layout.TokenEmbedding))
            {
                task.Destination.PackTransposed(owner._kernels, parameters.Matrix(task.Tensor));
                return;
            }

            task.Destination.Pack(
                owner._kernels,
                task.Head < 0 ? parameters.Matrix(task.Tensor) : parameters.Slice(task.Tensor, task.Head),
                task.Row,
                task.Column
            );
        }
    }
}
