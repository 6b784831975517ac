using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;

namespace Curie.Networks.Regression;

/// <summary>
/// Makes sequences of a task. A sequence is addressed by a key, a step and its place in the batch, so the same ones can be made again, in
/// any order and
/// by any number of threads: sequence i of a step takes normal numbers i·n …, n = D + K(D + 1) rounded up to a multiple of 4, for t, all x
/// and the noise.
/// </summary>
public sealed unsafe class RegressionGenerator : IDisposable
{
    private const int Together = 32;
    private const int LargestOnStack = 512;
    private const ulong ChoiceIndex = 1UL << 62;
    private readonly Kernels _kernels;
    private readonly AlignedBuffer<float>? _pool;
    private readonly int _numbers;
    private readonly float _deviation;

    /// <summary>Prepares a task; draws its fixed tasks, where it has them.</summary>
    /// <exception cref="Numerics.InputException">A value of the task is out of range.</exception>
    public RegressionGenerator(RegressionTask task, Kernels kernels)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(kernels);
        task.Validate("regression");
        Task = task;
        _kernels = kernels;
        _numbers = (task.Dimension + (task.Examples * (task.Dimension + 1)) + 3) / 4 * 4;
        _deviation = (float)Math.Sqrt(task.NoiseVariance);
        if (task.Tasks is { } count)
        {
            _pool = new AlignedBuffer<float>((long)count * task.Dimension);
            kernels.FillGaussian(PhiloxKey.Derive(task.TaskSeed, RandomPurpose.RegressionTasks), 0, 0, _pool.Span);
        }
    }

    /// <summary>The task.</summary>
    public RegressionTask Task { get; }

    /// <summary>One of the fixed tasks, D.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public ReadOnlySpan<float> FixedTask(int index) =>
        (_pool ?? throw new InvalidOperationException("Every sequence has a task of its own.")).Slice(
            (long)index * Task.Dimension,
            Task.Dimension
        );

    /// <summary>Makes all sequences of a batch.</summary>
    /// <param name="batch">Receives them.</param>
    /// <param name="key">The key of the stream.</param>
    /// <param name="step">Which batch of the stream.</param>
    /// <param name="scale">What inputs and tasks are multiplied by.</param>
    /// <param name="pool">The threads.</param>
    public void Fill(RegressionBatch batch, PhiloxKey key, long step, RegressionScale scale, WorkerPool pool)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(pool);
        if (batch.Examples != Task.Examples || batch.Dimension != Task.Dimension)
        {
            throw new ArgumentException("The batch is of another task's size.", nameof(batch));
        }

        FillBody body = new(this, batch, key, step, scale);
        pool.Run((batch.Count + Together - 1) / Together, ref body);
    }

    /// <inheritdoc/>
    public void Dispose() => _pool?.Dispose();

    private void FillPart(RegressionBatch batch, PhiloxKey key, long step, RegressionScale scale, int first)
    {
        int count = Math.Min(Together, batch.Count - first);
        bool small = _numbers <= LargestOnStack;
        int together = small ? count : 1;
        Span<float> numbers = small ? stackalloc float[count * _numbers] : new float[_numbers];
        for (int i = 0; i < count; i += together)
        {
            _kernels.FillGaussian(key, step, (long)(first + i) * _numbers, numbers);
            for (int j = 0; j < together; j++)
            {
                FillOne(batch, first + i + j, numbers.Slice(j * _numbers, _numbers), key, step, scale);
            }
        }
    }

    private void FillOne(RegressionBatch batch, int sequence, ReadOnlySpan<float> numbers, PhiloxKey key, long step, RegressionScale scale)
    {
        (int d, int examples) = (Task.Dimension, Task.Examples);
        Span<float> task = batch.Task(sequence);
        (_pool is null ? numbers[..d] : FixedTask(Choose(key, step, sequence))).CopyTo(task);
        MatrixView inputs = batch.Inputs(sequence);
        Span<float> targets = batch.Targets(sequence);
        ReadOnlySpan<float> noise = numbers.Slice(d * (examples + 1), examples);
        for (int i = 0; i < d; i++)
        {
            task[i] *= scale.Tasks;
        }

        for (int k = 0; k < examples; k++)
        {
            Span<float> x = inputs.Row(k);
            numbers.Slice(d * (k + 1), d).CopyTo(x);
            double y = _deviation * noise[k];
            for (int i = 0; i < d; i++)
            {
                x[i] *= scale.Inputs;
                y += (double)task[i] * x[i];
            }

            targets[k] = (float)y;
        }
    }

    /// <summary>Uniform over the fixed tasks, but for a bias of M·2⁻⁶⁴.</summary>
    private int Choose(PhiloxKey key, long step, int sequence)
    {
        PhiloxBlock block = Philox.Block(key, (ulong)step, ChoiceIndex + (ulong)sequence);
        return (int)Math.BigMul(((ulong)block.W0 << 32) | block.W1, (ulong)Task.Tasks!.Value, out _);
    }

    private readonly struct FillBody(RegressionGenerator owner, RegressionBatch batch, PhiloxKey key, long step, RegressionScale scale)
        : IParallelBody
    {
        public void Invoke(int item, int worker) => owner.FillPart(batch, key, step, scale, item * Together);
    }
}
