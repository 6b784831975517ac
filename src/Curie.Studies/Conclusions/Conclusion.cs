namespace Curie.Studies.Conclusions;

/// <summary>What was found out, said in sentences: the first is what to remember, the others what it rests on.</summary>
/// <param name="Sentences">The sentences, each with its figures and their errors.</param>
public sealed record Conclusion(IReadOnlyList<string> Sentences)
{
    /// <summary>The first sentence; empty where there is none.</summary>
    public string Headline => Sentences.Count == 0 ? "" : Sentences[0];
}
