using Curie.Networks.Architecture;
using Curie.Networks.Passes;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Numerics.Parallelism;
using Curie.Response.Modes;

namespace Curie.Development.Attention;

/// <summary>
/// Where some heads attend in some rows of text: the weight a_qk of every query position q on every key position k ≤ q among the first T,
/// in a byte as round(255·a), which is off by at most 1/510.
/// </summary>
public sealed class AttentionPatterns
{
    private const string WeightName = "attention";
    private const string ComponentName = "component";
    private const string ProbeName = "row_probe";
    private const string RowName = "row";
    private readonly byte[] _weights;

    /// <summary>Takes weights as they are stored.</summary>
    /// <param name="components">The heads, as places among the components of a run.</param>
    /// <param name="rows">The rows, each of a probe.</param>
    /// <param name="positions">T.</param>
    /// <param name="weights">Rows × heads × T(T + 1)/2, query by query.</param>
    /// <exception cref="ArgumentException">There are more or fewer weights.</exception>
    public AttentionPatterns(IReadOnlyList<int> components, IReadOnlyList<(int Probe, int Row)> rows, int positions, byte[] weights)
    {
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Length != rows.Count * components.Count * AttentionPlan.Triangle(positions))
        {
            throw new ArgumentException("There is a weight for every row, head, query and key up to it.", nameof(weights));
        }

        (Components, Rows, Positions, _weights) = (components, rows, positions, weights);
    }

    /// <summary>The heads, as places among the components of a run.</summary>
    public IReadOnlyList<int> Components { get; }

    /// <summary>The rows: the probe, and the row of its data.</summary>
    public IReadOnlyList<(int Probe, int Row)> Rows { get; }

    /// <summary>T, the first so many positions of every row.</summary>
    public int Positions { get; }

    /// <summary>The stored weights of a head from one position, on positions 0 … query.</summary>
    /// <param name="row">The row, as a place in <see cref="Rows"/>.</param>
    /// <param name="head">The head, as a place in <see cref="Components"/>.</param>
    /// <param name="query">The position that attends, below <see cref="Positions"/>.</param>
    public ReadOnlySpan<byte> Weights(int row, int head, int query)
    {
        long start = (((long)row * Components.Count) + head) * AttentionPlan.Triangle(Positions);
        return _weights.AsSpan((int)(start + AttentionPlan.Triangle(query)), query + 1);
    }

    /// <summary>
    /// Measures the heads among some components by one forward pass a row. Of heads that share keys and values, a component, it is the mean
    /// weight.
    /// </summary>
    /// <param name="weights">The model, in which no position sees a later one.</param>
    /// <param name="components">The components of a run; those that are no heads are passed over.</param>
    /// <param name="rows">The rows, each of a probe.</param>
    /// <param name="tokens">Their tokens, at least T + 1.</param>
    /// <param name="positions">T, below n_ctx.</param>
    /// <param name="machine">The arithmetic and the threads; no bit depends on their number.</param>
    public static AttentionPatterns Of(
        TransformerWeights weights,
        IReadOnlyList<string> components,
        IReadOnlyList<(int Probe, int Row)> rows,
        IReadOnlyList<int[]> tokens,
        int positions,
        Machine machine
    )
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(machine);
        TransformerConfig config = weights.Parameters.Layout.Config;
        int[] heads = HeadsOf(components);
        byte[] stored = new byte[checked(rows.Count * heads.Length * (int)AttentionPlan.Triangle(positions))];
        RowPass[] passes = [.. Enumerable.Range(0, machine.Pool.Workers).Select(_ => new RowPass(config, machine.Kernels))];
        try
        {
            (int Layer, int First, int Count)[] places = [.. heads.Select(head => PlaceOf(components[head], config))];
            PatternBody body = new(weights, passes, places, tokens, positions, stored);
            machine.Pool.Run(rows.Count, ref body);
        }
        finally
        {
            Array.ForEach(passes, pass => pass.Dispose());
        }

        return new AttentionPatterns(heads, rows, positions, stored);
    }

    /// <summary>The heads among some components, as places.</summary>
    public static int[] HeadsOf(IReadOnlyList<string> components) =>
        [.. Enumerable.Range(0, components.Count).Where(component => HeadName.Is(components[component]))];

    /// <summary>Writes `attention`, `component`, `row_probe` and `row` into an .npz file.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Write(string path) => NpzFile.Write(path, NpzCompression.Deflated, writer =>
        {
            writer.Add<byte>(WeightName, _weights, [Rows.Count, Components.Count, AttentionPlan.Triangle(Positions)]);
            writer.Add<int>(ComponentName, [.. Components], [Components.Count]);
            writer.Add<int>(ProbeName, [.. Rows.Select(row => row.Probe)], [Rows.Count]);
            writer.Add<int>(RowName, [.. Rows.Select(row => row.Row)], [Rows.Count]);
        });

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InputException">The file is missing or damaged.</exception>
    public static AttentionPatterns Read(string path)
    {
        using NpzReader reader = NpzFile.Open(path);
        using NpyArray<byte> weights = reader.Read<byte>(WeightName);
        using NpyArray<int> components = reader.Read<int>(ComponentName);
        using NpyArray<int> probes = reader.Read<int>(ProbeName);
        using NpyArray<int> rows = reader.Read<int>(RowName);
        long triangle = weights.Shape.Count == 3 ? weights.Shape[2] : -1;
        int positions = (int)((Math.Sqrt((8.0 * triangle) + 1) - 1) / 2);
        if (
            positions < 1
            || triangle != AttentionPlan.Triangle(positions)
            || weights.Shape[0] != rows.Length
            || weights.Shape[1] != components.Length
            || probes.Length != rows.Length
        )
        {
            throw new InputException($"{path} holds arrays that do not fit each other; delete it, and write it anew.");
        }

        return new AttentionPatterns(components.ToArray(), [.. probes.ToArray().Zip(rows.ToArray())], positions, weights.ToArray());
    }

    /// <summary>The layer of a head, and which query heads it is: one, or those of a group that share keys and values.</summary>
    private static (int Layer, int First, int Count) PlaceOf(string component, TransformerConfig config)
    {
        (int layer, int index) = (HeadName.LayerOf(component)!.Value, HeadName.IndexOf(component)!.Value);
        return component.Contains('g', StringComparison.Ordinal)
            ? (layer, index * config.HeadsPerGroup, config.HeadsPerGroup)
            : (layer, index, 1);
    }

    private readonly struct PatternBody(
        TransformerWeights weights,
        RowPass[] passes,
        (int Layer, int First, int Count)[] heads,
        IReadOnlyList<int[]> tokens,
        int positions,
        byte[] stored
    ) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            RowPass pass = passes[worker];
            tokens[item].AsSpan(0, positions + 1).CopyTo(pass.BeginRow(positions + 1));
            pass.Forward(weights);
            long at = (long)item * heads.Length * AttentionPlan.Triangle(positions);
            foreach ((int layer, int first, int count) in heads)
            {
                for (int query = 0; query < positions; query++)
                {
                    for (int key = 0; key <= query; key++)
                    {
                        double weight = 0;
                        for (int head = first; head < first + count; head++)
                        {
                            weight += pass.AttentionProbability(layer, head, query, key);
                        }

                        stored[at++] = (byte)Math.Round(byte.MaxValue * Math.Min(1, weight / count));
                    }
                }
            }
        }
    }
}
