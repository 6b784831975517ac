using Curie.Numerics;
using Curie.Response.Runs;
using Curie.Text.Packing;

namespace Curie.Studies.Designs;

/// <summary>Puts the weights of a probe's tokens into the places of the probe's rows.</summary>
public static class DesignedRows
{
    /// <summary>The weights of all predictions of the rows, rows × (n_ctx − 1): 1 where the run has no token.</summary>
    /// <param name="tokens">Where the run's tokens come from.</param>
    /// <param name="first">The run's token that has the first weight.</param>
    /// <param name="weights">The weights of tokens that follow one another.</param>
    /// <param name="rows">The probe's rows.</param>
    /// <param name="path">Their file, for errors.</param>
    /// <exception cref="InputException">The rows are not those of the run.</exception>
    public static float[] Place(TokenTable tokens, int first, IReadOnlyList<double> weights, TokenRows rows, string path)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(rows);
        int positions = rows.ContextLength - 1;
        float[] placed = new float[checked(rows.Count * positions)];
        Array.Fill(placed, 1f);
        for (int i = 0; i < weights.Count; i++)
        {
            (int row, int position) = (tokens.Row[first + i], tokens.Position[first + i]);
            if (row >= rows.Count || position >= positions || rows[row, position + 1] != tokens.Id[first + i])
            {
                throw new InputException($"{path} no longer holds the rows that the run was made with; put them back.");
            }

            placed[(row * positions) + position] = (float)weights[i];
        }

        return placed;
    }
}
