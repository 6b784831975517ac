using System.Text.Json;
using Curie.Development.Roles;
using Curie.Development.Scores;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Text.Tokenization;

namespace Curie.Studies.Analysis;

/// <summary>What the heads of a run's model attend to: measured when the run is done, and kept in its folder.</summary>
public static class RunRoles
{
    /// <summary>The file's name in a run folder.</summary>
    public const string FileName = "roles.json";

    /// <summary>Random sequences of each score: enough for errors of a few hundredths, in seconds.</summary>
    public const int DefaultSamples = 200;

    private const int ShortestContext = 8;

    /// <summary>Measures the heads of a run's model.</summary>
    /// <param name="run">The run.</param>
    /// <param name="model">The model in place of the one that the run names, or null.</param>
    /// <param name="samples">Random sequences of each score.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <returns>
    /// Null where there is nothing to measure: the run has no heads, its model is not there any more, or has no tokenizer with a
    /// beginning-of-row token, or a context of fewer than 8 tokens.
    /// </returns>
    /// <exception cref="InputException">The model or its tokenizer is damaged.</exception>
    public static AttentionRoles? Measure(SusceptibilityRun run, string? model, int samples, long seed, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(machine);
        string? path = model ?? RunSources.Of(run.Manifest).Model;
        if (path is null || !run.Manifest.Components.Any(HeadName.Is) || TokenizerFile.Find(path) is not { } tokenizer)
        {
            return null;
        }

        using ParameterSet parameters = ModelReader.Load(path);
        using TransformerWeights weights = new(parameters, machine);
        return Measure(weights, TokenizerFile.Load(tokenizer), samples, seed, machine);
    }

    /// <summary>Keeps them in the run folder.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static void Store(string folder, AttentionRoles roles) => RecordJson.WriteFile(Path.Combine(folder, FileName), roles);

    /// <summary>
    /// What a run folder keeps of them: what <see cref="HeadMeasures"/> stored, of more sequences, or else what was stored here; null where
    /// there is neither.
    /// </summary>
    /// <exception cref="InputException">A file is damaged.</exception>
    public static AttentionRoles? Find(string folder)
    {
        if (Measures(folder) is { Attention.Count: > 0 } stored)
        {
            return new AttentionRoles(
                Scores(stored, HeadMeasures.PreviousTokenName),
                Scores(stored, HeadMeasures.CurrentTokenName),
                Scores(stored, HeadMeasures.PrefixMatchingName)
            );
        }

        return Read<AttentionRoles>(Path.Combine(folder, FileName));
    }

    /// <summary>What a run folder keeps of <see cref="HeadMeasures"/>; null where they were not stored.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    public static HeadScoresRecord? Measures(string folder) => Read<HeadScoresRecord>(Path.Combine(folder, HeadScoresRecord.FileName));

    /// <summary>The seed of a run's random sequences: that of its sampling.</summary>
    public static long Seed(SusceptibilityRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Manifest.Seeds.GetValueOrDefault("sampling", 1);
    }

    /// <summary>Scores need a beginning-of-row token and a few tokens of context; null without.</summary>
    internal static AttentionRoles? Measure(TransformerWeights weights, Tokenizer? tokenizer, int samples, long seed, Machine machine)
    {
        (int context, int vocabulary) = (weights.Parameters.Layout.Config.ContextLength, weights.Parameters.Layout.Config.Vocabulary);
        return tokenizer?.BosId is { } bos && context >= ShortestContext
            ? AttentionRoles.Of(
                weights,
                new AttentionSamples(context, vocabulary, bos, [.. tokenizer.Specials.Select(special => special.Id)]),
                samples,
                seed,
                machine
            )
            : null;
    }

    private static T? Read<T>(string path)
        where T : class
    {
        try
        {
            return File.Exists(path) ? RecordJson.ReadFile<T>(path) : null;
        }
        catch (JsonException error)
        {
            throw new InputException($"{path} is damaged ({MessageLine.Of(error.Message)}); delete it, and it is measured again.");
        }
    }

    private static HeadScore[] Scores(HeadScoresRecord stored, string name) =>
        stored.Attention.TryGetValue(name, out IReadOnlyDictionary<string, StoredScore>? scores)
            ? [.. scores.Select(score => Score(score.Key, score.Value))]
            : [];

    private static HeadScore Score(string component, StoredScore score) =>
        new(HeadName.LayerOf(component) ?? 0, HeadName.IndexOf(component) ?? 0, score.Value, score.StandardError);
}
