using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Passes;

/// <summary>
/// Gradients that workers add up side by side: part i of a batch adds to shard i mod <see cref="Count"/>, and shards are added in order,
/// so that the sum has the same bits for any number of workers.
/// </summary>
internal sealed unsafe class GradientShards : IDisposable
{
    /// <summary>The number of shards. Part of what defines a result's bits, so it does not depend on the machine.</summary>
    public const int Count = 8;

    private readonly ParameterSet?[] _shards = new ParameterSet?[Count];

    /// <summary>Makes room for the gradients of so many parts; how many shards they are added to.</summary>
    public int Begin(ParameterLayout layout, int parts)
    {
        int shards = Math.Min(parts, Count);
        for (int s = 0; s < shards; s++)
        {
            _shards[s] ??= new ParameterSet(layout);
        }

        return shards;
    }

    /// <summary>A shard with zeros in all that a plan asks for.</summary>
    public ParameterSet Clear(int shard, GradientPlan plan)
    {
        ParameterSet values = _shards[shard]!;
        foreach (ReductionBlock block in plan.Blocks)
        {
            values.Values.Slice(block.Start, block.Length).Clear();
        }

        return values;
    }

    /// <summary>The sum of the first so many shards, in the restriction's order.</summary>
    public void Reduce(Machine machine, GradientPlan plan, int shards, Span<float> gradient)
    {
        fixed (float* output = gradient)
        {
            ReduceBody reduce = new(this, machine, plan, shards, output);
            machine.Pool.Run(plan.Blocks.Length, ref reduce);
        }
    }

    public void Dispose() => Array.ForEach(_shards, shard => shard?.Dispose());

    private readonly struct ReduceBody(GradientShards owner, Machine machine, GradientPlan plan, int shards, float* output) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            ReductionBlock block = plan.Blocks[item];
            Span<float> sum = new(output + block.Position, block.Length);
            owner._shards[0]!.Values.Slice(block.Start, block.Length).CopyTo(sum);
            for (int s = 1; s < shards; s++)
            {
                machine.Kernels.Add(owner._shards[s]!.Values.Slice(block.Start, block.Length), sum);
            }
        }
    }
}
