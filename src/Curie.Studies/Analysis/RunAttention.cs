using Curie.Development.Attention;
using Curie.Networks.Architecture;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Response.Experiments;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Studies.Configuration;

namespace Curie.Studies.Analysis;

/// <summary>
/// Where the heads of a run attend in the first of the rows whose tokens it follows: measured when the run is done, and kept in its folder
/// for the report page.
/// </summary>
public static class RunAttention
{
    /// <summary>The file's name in a run folder.</summary>
    public const string FileName = "attention.npz";

    /// <summary>What of the probes' attention fits into a configuration's bytes; the rows are those that may be followed.</summary>
    /// <param name="config">The model's shapes.</param>
    /// <param name="components">The names of the run's components.</param>
    /// <param name="probes">The probes.</param>
    /// <param name="megabytes">The most, in 10⁶ bytes.</param>
    /// <returns>The plan, of no rows where every position sees all others.</returns>
    internal static AttentionPlan Plan(
        TransformerConfig config,
        IEnumerable<string> components,
        IReadOnlyList<ProbeInput> probes,
        double megabytes
    ) =>
        Plan(
            config,
            components,
            probes.Select(probe => probe.Rows.ContextLength).DefaultIfEmpty(1).Min(),
            [.. probes.Select(probe => Math.Min(probe.RowLimit ?? probe.Rows.Count, probe.Rows.Count))],
            AttentionKey.Bytes(megabytes)
        );

    /// <summary>Measures the heads of a run's model.</summary>
    /// <param name="run">The run.</param>
    /// <param name="model">The model in place of the one that the run names, or null.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <returns>
    /// Null where there is nothing to measure: the run has no heads, its model or the rows of a probe are not there any more, every
    /// position sees all others, or the configuration leaves no bytes for it.
    /// </returns>
    /// <exception cref="InputException">The model is damaged.</exception>
    public static AttentionPatterns? Measure(SusceptibilityRun run, string? model, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(machine);
        RunSources sources = RunSources.Of(run.Manifest);
        string? path = model ?? sources.Model;
        if (path is null || !Path.Exists(path) || sources.AttentionBytes == 0 || !run.Manifest.Components.Any(HeadName.Is))
        {
            return null;
        }

        using ProbeText text = ProbeText.Open(run, model);
        int[][] followed = Followed(run, text);
        if (followed.All(rows => rows.Length == 0))
        {
            return null;
        }

        using ParameterSet parameters = ModelReader.Load(path);
        int length = followed.SelectMany((rows, probe) => rows.Take(1).Select(row => text.Row(probe, row)!.Length)).Min();
        AttentionPlan plan = Plan(
            parameters.Layout.Config,
            run.Manifest.Components,
            length,
            [.. followed.Select(rows => rows.Length)],
            sources.AttentionBytes
        );
        if (plan.Bytes == 0)
        {
            return null;
        }

        (int Probe, int Row)[] rows = [.. InTurn(followed, plan.Rows)];
        using TransformerWeights weights = new(parameters, machine);
        return AttentionPatterns.Of(
            weights,
            run.Manifest.Components,
            rows,
            [.. rows.Select(row => text.Row(row.Probe, row.Row)!)],
            plan.Positions,
            machine
        );
    }

    /// <summary>Measures, and keeps them in the run folder; what it keeps of this run already stays.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="run">The run.</param>
    /// <param name="model">The model in place of the one that the run names, or null.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <exception cref="InputException">The model is damaged, the folder cannot be written, or its file is another run's.</exception>
    public static void Keep(string folder, SusceptibilityRun run, string? model, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (Find(folder, run.Manifest) is null && Measure(run, model, machine) is { } patterns)
        {
            patterns.Write(Path.Combine(folder, FileName));
        }
    }

    /// <summary>What a run folder keeps of them; null where it keeps none.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="run">Its manifest.</param>
    /// <exception cref="InputException">The file is damaged, or is of other components or probes than the run.</exception>
    public static AttentionPatterns? Find(string folder, RunManifest run)
    {
        ArgumentNullException.ThrowIfNull(run);
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        AttentionPatterns patterns = AttentionPatterns.Read(path);
        return
            patterns.Components.SequenceEqual(AttentionPatterns.HeadsOf(run.Components))
            && patterns.Rows.All(row => row.Probe >= 0 && row.Probe < run.ProbeNames.Count)
            ? patterns
            : throw new InputException($"{path} is of another run; delete it, and write it anew.");
    }

    private static AttentionPlan Plan(TransformerConfig config, IEnumerable<string> components, int length, int[] rows, long bytes) =>
        AttentionPlan.Of(config.Bidirectional ? 0 : components.Count(HeadName.Is), Math.Min(length, config.ContextLength) - 1, rows, bytes);

    /// <summary>The rows of every probe of which the run follows tokens, rising; none where they are not there any more.</summary>
    private static int[][] Followed(SusceptibilityRun run, ProbeText text)
    {
        SortedSet<int>[] rows = [.. run.Manifest.ProbeNames.Select(_ => new SortedSet<int>())];
        TokenTable tokens = run.Data.Tokens;
        for (int token = 0; token < tokens.Count; token++)
        {
            rows[tokens.Probe[token]].Add(tokens.Row[token]);
        }

        return [.. rows.Select((found, probe) => found.Count > 0 && text.Row(probe, found.Min) is not null ? found.ToArray() : [])];
    }

    /// <summary>The first rows of every probe, one of each in turn: whoever has room for some has rows of every probe.</summary>
    private static IEnumerable<(int Probe, int Row)> InTurn(int[][] followed, IReadOnlyList<int> counts) =>
        from place in Enumerable.Range(0, counts.Max())
        from probe in Enumerable.Range(0, counts.Count)
        where place < counts[probe]
        select (probe, followed[probe][place]);
}
