using System.Text;
using Curie.Numerics;
using Curie.Numerics.Random;

namespace Curie.Text.Sources;

/// <summary>
/// Generated questions of arithmetic with their answers, a page of them per document. Needs no files. A document depends on the seed and
/// its own
/// number alone, so a longer corpus begins with a shorter one.
/// </summary>
public sealed class ArithmeticSource : ICorpusSource
{
    private readonly PhiloxKey _key;
    private readonly int _documents;
    private readonly int _questions;

    /// <summary>Chooses how much to generate.</summary>
    /// <param name="seed">The user's seed.</param>
    /// <param name="documents">How many documents. Default 6000, about 5 MB.</param>
    /// <param name="questions">Questions in each. Default 16.</param>
    /// <exception cref="InputException">A count is below 1.</exception>
    public ArithmeticSource(long seed, int documents = 6000, int questions = 16)
    {
        if (documents < 1 || questions < 1)
        {
            throw new InputException($"{documents} documents of {questions} questions are no corpus; give at least one of each.");
        }

        _key = PhiloxKey.Derive(seed, RandomPurpose.GeneratedText, "arithmetic");
        _documents = documents;
        _questions = questions;
    }

    /// <inheritdoc/>
    public string Name => "arithmetic";

    /// <inheritdoc/>
    public IEnumerable<Document> Read()
    {
        for (int document = 0; document < _documents; document++)
        {
            ArithmeticQuestions questions = new(new PhiloxStream(_key, (ulong)document));
            StringBuilder text = new();
            for (int i = 0; i < _questions; i++)
            {
                (string question, string answer) = questions.Next();
                text.Append("Q: ").Append(question).Append("\nA: ").Append(answer).Append("\n\n");
            }

            yield return new Document(text.ToString().TrimEnd('\n') + "\n", Name);
        }
    }
}
