using Curie.Networks.Architecture;
using Curie.Numerics;
using Curie.Text.Packing;

namespace Curie.Networks.Data;

/// <summary>Token rows that a model can read: every token has an embedding, and every token that is predicted has a logit.</summary>
public static class ModelRows
{
    /// <summary>Reads token rows for a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="config">The model.</param>
    /// <exception cref="InputException">
    /// The file cannot be read, or a row is longer than the model's context, holds a token that the model does not know, or has one to
    /// predict that is none of its outputs.
    /// </exception>
    public static TokenRows Load(string path, TransformerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        TokenRows rows = TokenRows.Load(path, config.Vocabulary, config.ContextLength);
        try
        {
            CheckTargets(path, rows, config);
            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>Checks that the model has a logit for every token but the first of each row.</summary>
    /// <param name="name">What the message calls the rows, e.g. their file.</param>
    /// <param name="rows">The rows, all of tokens that the model knows.</param>
    /// <param name="config">The model.</param>
    /// <exception cref="InputException">It has none for a token; the message names the first such row and position.</exception>
    public static void CheckTargets(string name, TokenRows rows, TransformerConfig config)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(config);
        if (config.Logits >= config.Vocabulary)
        {
            return;
        }

        int[] row = new int[rows.ContextLength];
        for (int i = 0; i < rows.Count; i++)
        {
            rows.CopyRow(i, row);
            int place = row.AsSpan(1).IndexOfAnyExceptInRange(0, config.Logits - 1) + 1;
            if (place > 0)
            {
                throw new InputException(
                    $"{name}: row {i}, position {place} is to be predicted and holds token id {row[place]}, but the model's d_vocab_out is "
                        + $"{config.Logits}; give rows whose tokens behind the first are its outputs, below that."
                );
            }
        }
    }
}
