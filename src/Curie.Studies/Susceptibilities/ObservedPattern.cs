using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Numerics;
using Curie.Response.Experiments;
using Curie.Response.Patterns;
using Curie.Response.Runs;
using Curie.Studies.Configuration;
using Curie.Text.Packing;
using Curie.Text.Tokenization;

namespace Curie.Studies.Susceptibilities;

/// <summary>Decides which followed tokens an experiment observes, where its configuration names a pattern.</summary>
internal static class ObservedPattern
{
    /// <summary>The observable of an experiment; null where it is P.</summary>
    /// <exception cref="InputException">The pattern is not defined, or the tokenizer, which says what a token's text is, cannot be
    /// read.</exception>
    public static ObservableInput? Of(ExperimentConfiguration configuration, LoadedExperiment loaded)
    {
        if (configuration.Sampling.Observable is not { } observable)
        {
            return null;
        }

        if (observable.Pattern is not { } name)
        {
            return new ObservableInput(observable.Probe);
        }

        IReadOnlyList<TokenPattern> patterns = PatternFile.Read(observable.PatternFile);
        int place = patterns.ToList().FindIndex(pattern => pattern.Name == name);
        if (place < 0)
        {
            throw new InputException(
                $"sampling.observable: there is no pattern {name} in {observable.PatternFile ?? "the default patterns"}; name one of "
                    + $"{string.Join(", ", patterns.Select(pattern => pattern.Name))}."
            );
        }

        Tokenizer tokenizer = TokenizerFile.Find(configuration.Model) is { } path
            ? TokenizerFile.Load(path)
            : throw new InputException(
                $"sampling.observable names the pattern {name}, which looks at tokens' text, and "
                    + $"{Path.Combine(configuration.Model, ModelFolder.TokenizerName)} does not exist; put the model's "
                    + "tokenizer there, or observe all tokens of a probe."
            );

        // A pattern may except others, which stand before it.
        PatternClassifier classifier = new(
            [.. patterns.Take(place + 1)],
            id => tokenizer.Passage([id]),
            [.. loaded.Probes.Select(probe => (TokenRows?)probe.Rows)],
            wanted => BigramCounts.Of(loaded.Data, wanted, BigramCounts.MostPairs)
        );
        return new ObservableInput(observable.Probe) { Pattern = name, Members = tokens => Members(classifier.Classify(tokens), name) };
    }

    private static bool[] Members(TokenClasses classes, string name) => classes.Members[classes.Names.ToList().IndexOf(name)];
}
