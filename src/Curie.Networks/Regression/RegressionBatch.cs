using Curie.Networks.Data;
using Curie.Numerics.Memory;

namespace Curie.Networks.Regression;

/// <summary>Sequences of in-context regression: inputs, targets and the tasks they were made with.</summary>
public sealed unsafe class RegressionBatch : IBatch
{
    private readonly AlignedBuffer<float> _inputs;
    private readonly AlignedBuffer<float> _targets;
    private readonly AlignedBuffer<float> _tasks;

    /// <summary>Room for sequences of a task's size.</summary>
    public RegressionBatch(RegressionTask task, int sequences)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentOutOfRangeException.ThrowIfLessThan(sequences, 1);
        Count = sequences;
        Examples = task.Examples;
        Dimension = task.Dimension;
        _inputs = new AlignedBuffer<float>((long)sequences * Examples * Dimension);
        _targets = new AlignedBuffer<float>((long)sequences * Examples);
        _tasks = new AlignedBuffer<float>((long)sequences * Dimension);
    }

    /// <summary>The number of sequences.</summary>
    public int Count { get; }

    /// <summary>K.</summary>
    public int Examples { get; }

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>K: the target of every example is predicted.</summary>
    public int Predictions => Examples;

    /// <summary>Empty: all predictions count alike.</summary>
    public ReadOnlySpan<float> Weights(int row) => [];

    /// <summary>The inputs of one sequence, K × D.</summary>
    public MatrixView Inputs(int sequence) => new(_inputs.Pointer + ((long)Checked(sequence) * Examples * Dimension), Examples, Dimension);

    /// <summary>The targets of one sequence, K.</summary>
    public Span<float> Targets(int sequence) => _targets.Slice((long)Checked(sequence) * Examples, Examples);

    /// <summary>The task t of one sequence, D.</summary>
    public Span<float> Task(int sequence) => _tasks.Slice((long)Checked(sequence) * Dimension, Dimension);

    /// <summary>Writes sequences as tokens of D + 1 numbers: (0, x_k), then (y_k, 0, …, 0), for k = 1 … K.</summary>
    internal void CopyTokens(int first, int count, MatrixView tokens)
    {
        tokens.Clear();
        for (int s = 0; s < count; s++)
        {
            MatrixView inputs = Inputs(first + s);
            Span<float> targets = Targets(first + s);
            for (int k = 0; k < Examples; k++)
            {
                int row = 2 * ((s * Examples) + k);
                inputs.Row(k).CopyTo(tokens.Row(row)[1..]);
                tokens.Row(row + 1)[0] = targets[k];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inputs.Dispose();
        _targets.Dispose();
        _tasks.Dispose();
    }

    private int Checked(int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)sequence, (uint)Count);
        return sequence;
    }
}
