using Curie.Networks.Components;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Shards;

/// <summary>
/// Cuts runs into shards that take about equally long. The longest piece is cut first by the units of its chains, so that what is frozen
/// stays shared by the components of a group, then by its components. The result depends on the costs alone and never on where a shard
/// runs.
/// </summary>
public static class ShardCut
{
    /// <summary>Pieces are cut further while the longest shard takes more than this many times its fair part.</summary>
    private const double Balance = 1.05;

    /// <summary>Pieces of less than this share of a fair part are not cut: it would change the longest shard by less.</summary>
    private const double SmallPiece = 0.05;

    /// <summary>Cuts runs that are alike, such as those of several checkpoints.</summary>
    /// <param name="runs">The number of runs.</param>
    /// <param name="groups">The components of each, in groups that share what is frozen.</param>
    /// <param name="options">How each is sampled: units are its antithetic pairs, or its chains.</param>
    /// <param name="shards">How many shards are wanted, at least 1.</param>
    /// <param name="cost">What a part costs, such as its operations.</param>
    /// <returns>As many shards as wanted, or fewer where there are not so many units of components.</returns>
    public static IReadOnlyList<Shard> Make(
        int runs,
        IReadOnlyList<IReadOnlyList<Component>> groups,
        SamplingOptions options,
        int shards,
        Func<ShardPart, double> cost
    )
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(cost);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        Piece[] whole =
        [
            .. groups.Select(group => new ShardPart(group, ChainRange.All(options))).Select(part => new Piece(0, part, cost(part))),
        ];
        List<Piece> pieces = [.. Enumerable.Range(0, runs).SelectMany(run => whole.Select(piece => piece with { Run = run }))];
        List<Piece>[] best = Pack(pieces, shards);
        double bestLongest = Longest(best);
        while (pieces.Count < shards || bestLongest > Balance * Fair(pieces, shards))
        {
            if (!CutDearest(pieces, options, shards, cost))
            {
                break;
            }

            List<Piece>[] packed = Pack(pieces, shards);
            double longest = Longest(packed);
            if (longest < bestLongest || Used(packed) > Used(best))
            {
                (best, bestLongest) = (packed, longest);
            }
        }

        return [.. best.Where(shard => shard.Count > 0).Select(shard => Joined(shard, groups))];
    }

    private static double Fair(List<Piece> pieces, int shards) => pieces.Sum(piece => piece.Cost) / shards;

    private static int Used(List<Piece>[] packed) => packed.Count(shard => shard.Count > 0);

    /// <summary>Cuts the dearest piece that can be cut into two, unless it is too small to matter.</summary>
    private static bool CutDearest(List<Piece> pieces, SamplingOptions options, int shards, Func<ShardPart, double> cost)
    {
        int dearest = -1;
        for (int i = 0; i < pieces.Count; i++)
        {
            ShardPart part = pieces[i].Part;
            bool divisible = part.Chains.Count > options.ChainsPerUnit || part.Components.Count > 1;
            if (divisible && (dearest < 0 || pieces[i].Cost > pieces[dearest].Cost))
            {
                dearest = i;
            }
        }

        if (dearest < 0 || (pieces.Count >= shards && pieces[dearest].Cost < SmallPiece * Fair(pieces, shards)))
        {
            return false;
        }

        Piece piece = pieces[dearest];
        (ShardPart first, ShardPart second) = Halves(piece.Part, options);
        pieces[dearest] = piece with { Part = first, Cost = cost(first) };
        pieces.Insert(dearest + 1, piece with { Part = second, Cost = cost(second) });
        return true;
    }

    private static (ShardPart First, ShardPart Second) Halves(ShardPart part, SamplingOptions options)
    {
        int units = part.Chains.Count / options.ChainsPerUnit;
        if (units > 1)
        {
            int unit = part.Chains.First / options.ChainsPerUnit;
            int firstUnits = (units + 1) / 2;
            return (
                part with
                {
                    Chains = ChainRange.OfUnits(options, unit, firstUnits),
                },
                part with
                {
                    Chains = ChainRange.OfUnits(options, unit + firstUnits, units - firstUnits),
                }
            );
        }

        int half = (part.Components.Count + 1) / 2;
        return (part with { Components = [.. part.Components.Take(half)] }, part with { Components = [.. part.Components.Skip(half)] });
    }

    /// <summary>The longest pieces first, each to the shard that has least.</summary>
    private static List<Piece>[] Pack(List<Piece> pieces, int shards)
    {
        List<Piece>[] packed = [.. Enumerable.Range(0, shards).Select(_ => new List<Piece>())];
        PriorityQueue<int, (double Cost, int Shard)> least = new(Enumerable.Range(0, shards).Select(shard => (shard, (0.0, shard))));
        foreach (Piece piece in pieces.OrderByDescending(piece => piece.Cost))
        {
            least.TryDequeue(out int shard, out (double Cost, int) load);
            packed[shard].Add(piece);
            least.Enqueue(shard, (load.Cost + piece.Cost, shard));
        }

        return packed;
    }

    private static double Longest(List<Piece>[] packed) => packed.Max(shard => shard.Sum(piece => piece.Cost));

    /// <summary>A shard in the order of runs and groups; components of a group with the same chains go together again.</summary>
    private static Shard Joined(List<Piece> shard, IReadOnlyList<IReadOnlyList<Component>> groups)
    {
        SortedDictionary<int, IReadOnlyList<ShardPart>> runs = [];
        foreach (IGrouping<int, Piece> run in shard.GroupBy(piece => piece.Run))
        {
            List<ShardPart> parts = [];
            foreach (IReadOnlyList<Component> group in groups)
            {
                IEnumerable<IGrouping<ChainRange, Component>> together = run.Select(piece => piece.Part)
                    .Where(part => group.Contains(part.Components[0]))
                    .SelectMany(part => part.Components.Select(component => (component, part.Chains)))
                    .GroupBy(pair => pair.Chains, pair => pair.component)
                    .OrderBy(same => same.Key.First);
                parts.AddRange(together.Select(same => new ShardPart([.. group.Where(same.Contains)], same.Key)));
            }

            runs.Add(run.Key, parts);
        }

        return new Shard(runs, shard.Sum(piece => piece.Cost));
    }

    private readonly record struct Piece(int Run, ShardPart Part, double Cost);
}
