using Curie.Development.Roles;
using Curie.Development.Scores;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Text.Packing;
using Curie.Text.Tokenization;

namespace Curie.Cli.Demo;

/// <summary>What the demo measures on one checkpoint before any sampling.</summary>
/// <param name="Losses">The mean loss of every probe, nats per token, with its standard error over rows.</param>
/// <param name="Repeats">The loss on both copies of repeated blocks.</param>
/// <param name="Roles">What every head attends to.</param>
internal sealed record DemoMeasurements(IReadOnlyDictionary<string, MeanEstimate> Losses, RepeatScore Repeats, AttentionRoles Roles)
{
    /// <summary>Measures a checkpoint.</summary>
    public static DemoMeasurements Of(DemoFolder folder, DemoSettings settings, int step, Machine machine)
    {
        using ParameterSet parameters = ModelReader.Load(folder.Checkpoint(step));
        using TransformerWeights weights = new(parameters, machine);
        using TransformerEvaluator evaluator = new(settings.Architecture, machine);
        Dictionary<string, MeanEstimate> losses = [];
        RepeatScore? repeats = null;
        foreach (string probe in DemoSettings.Sources.Append(DemoSettings.Repeats))
        {
            using TokenRows rows = TokenRows.Load(folder.Rows(probe));
            int[] indices = [.. Enumerable.Range(0, Math.Min(settings.LossRows, rows.Count))];
            float[] tokens = new float[indices.Length * (rows.ContextLength - 1)];
            double[] means = new double[indices.Length];
            evaluator.TokenLosses(weights, rows, indices, tokens, means);
            losses[probe] = MeanEstimate.OfIndependent(means);
            repeats = probe == DemoSettings.Repeats ? RepeatScore.Of(tokens, indices.Length, settings.ProbeBlock) : repeats;
        }

        Tokenizer tokenizer = TokenizerFile.Load(folder.Tokenizer);
        AttentionSamples samples = new(
            settings.Architecture.ContextLength,
            settings.Architecture.Vocabulary,
            tokenizer.RequireBos(),
            [tokenizer.RequireEos()]
        );
        return new DemoMeasurements(losses, repeats!, AttentionRoles.Of(weights, samples, settings.ScoreSamples, settings.Seed, machine));
    }
}
