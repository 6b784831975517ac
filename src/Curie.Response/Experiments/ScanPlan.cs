using Curie.Networks.Components;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>
/// Which components are scanned side by side, and with how many weight vectors each, so that a scan stays within a limit of memory. The
/// results have the same bits
/// whatever the plan.
/// </summary>
internal sealed class ScanPlan
{
    /// <summary>
    /// The weight vectors of a component that are evaluated together at most: with more, what they share is hardly cheaper and their own no
    /// longer stays in cache.
    /// </summary>
    public const int MostSlots = 16;

    private ScanPlan(IReadOnlyList<ScanGroup> groups, long bytesThroughout)
    {
        Groups = groups;
        PeakBytes = bytesThroughout + groups.Max(group => group.Bytes + group.FrozenMemory);
    }

    /// <summary>The groups, in the order in which they are scanned.</summary>
    public IReadOnlyList<ScanGroup> Groups { get; }

    /// <summary>The most that may be held at any time.</summary>
    public long PeakBytes { get; }

    /// <summary>
    /// Plans a scan: all components that share a group side by side, with as many weight vectors as fit; only where not even a pair of each
    /// fits, fewer components.
    /// </summary>
    /// <param name="work">The scan.</param>
    /// <param name="memory">The limit in bytes.</param>
    /// <exception cref="InputException">Even one component at a time needs more memory.</exception>
    public static ScanPlan Make(ScanWork work, long memory)
    {
        long throughout = SamplingPlan.BytesOf(work.Layout, work.Workers, work.RowLength) + work.BytesThroughout;
        List<ScanGroup> groups = [];
        foreach (IReadOnlyList<Component> together in RestrictedGroups.Partition(work.Layout, work.Components))
        {
            int slots = Math.Min(MostSlots, work.Vectors);
            while (slots > 2 && throughout + BytesOf(work, together[0], slots, together.Count) > memory)
            {
                slots = Math.Max(2, slots / 4 * 2);
            }

            int most = together.Count;
            while (most > 1 && throughout + BytesOf(work, together[0], slots, most) > memory)
            {
                most--;
            }

            int parts = (together.Count + most - 1) / most;
            for (int part = 0; part < parts; part++)
            {
                Component[] members = [.. together.Where((_, place) => place * parts / together.Count == part)];
                long bytes = BytesOf(work, members[0], slots, members.Length);
                long left = memory - throughout - bytes;
                if (left < 0)
                {
                    throw new InputException(
                        $"scanning {members[0].Name} needs about {SamplingPlan.Size(throughout + bytes)}, more than the "
                            + $"{SamplingPlan.Size(memory)} allowed; raise `memory`, or follow fewer rows."
                    );
                }

                GroupCost cost = GroupCost.Of(work.Layout, members[0], slots, work.Workers, rowLength: work.RowLength);
                long useful = (cost.FrozenShared + (members.Length * cost.FrozenEach)) * (work.RowLength - 1) * work.Rows;
                long frozen = SamplingPlan.FrozenMemory(useful, left);
                groups.Add(new ScanGroup(members, slots, frozen, useful == 0 ? 1 : Math.Min(1, (double)frozen / useful), bytes));
            }
        }

        return new ScanPlan(groups, throughout);
    }

    private static long BytesOf(ScanWork work, Component component, int slots, int members)
    {
        GroupCost cost = GroupCost.Of(work.Layout, component, slots, work.Workers, rowLength: work.RowLength);
        long draws = GaussianLevel.BytesFor(component.Restriction.Dimension, cost.Slots);
        return cost.BytesShared + (members * (cost.BytesEach + draws + work.BytesPerComponent + (cost.Slots * work.BytesPerEvaluation)));
    }
}
