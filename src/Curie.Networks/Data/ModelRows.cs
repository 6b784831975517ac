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
    public static TokenRows Load(string path, TransformerConfig config) => Load(path, config, positions: null, out _);

    /// <summary>Reads token rows for a model, and which of their positions count.</summary>
    /// <param name="path">The file.</param>
    /// <param name="config">The model.</param>
    /// <param name="positions">Which positions count; null for all.</param>
    /// <param name="counted">Receives them; null where all count.</param>
    /// <exception cref="InputException">As of the other; tokens to predict at positions that do not count need not be outputs.</exception>
    public static TokenRows Load(string path, TransformerConfig config, PositionRule? positions, out CountedPositions? counted)
    {
        ArgumentNullException.ThrowIfNull(config);
        TokenRows rows = TokenRows.Load(path, config.Vocabulary, config.ContextLength);
        try
        {
            counted = positions?.Of(path, rows);
            CheckTargets(path, rows, config, counted);
            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>Checks that the model has a logit for every token that is predicted where it counts.</summary>
    /// <param name="name">What the message calls the rows, e.g. their file.</param>
    /// <param name="rows">The rows, all of tokens that the model knows.</param>
    /// <param name="config">The model.</param>
    /// <param name="counted">Which positions count; null for all.</param>
    /// <exception cref="InputException">It has none for a token; the message names the first such row and position.</exception>
    public static void CheckTargets(string name, TokenRows rows, TransformerConfig config, CountedPositions? counted = null)
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
            for (int place = 1; place < row.Length; place++)
            {
                if (row[place] < config.Logits || counted?.Row(i)[place - 1] == false)
                {
                    continue;
                }

                throw new InputException(
                    $"{name}: row {i}, position {place} is to be predicted and holds token id {row[place]}, but the model's d_vocab_out is "
                        + $"{config.Logits}; give rows whose tokens behind the first are its outputs, below that, or leave the "
                        + "position out with `sampling.positions`."
                );
            }
        }
    }
}
