using System.Globalization;
using Curie.Numerics;
using Curie.Response.Runs;

namespace Curie.Cli.Commands;

/// <summary>Finds a token of a run by PROBE:ROW:POSITION.</summary>
internal static class TokenPlace
{
    /// <summary>The token's index in the run.</summary>
    /// <exception cref="InputException">The text is no place, or the run does not follow the token there.</exception>
    public static int Find(SusceptibilityRun run, string place)
    {
        // A probe's name may hold colons itself.
        int second = place.LastIndexOf(':');
        int first = second > 0 ? place.LastIndexOf(':', second - 1) : -1;
        if (
            first < 0
            || !int.TryParse(place.AsSpan(first + 1, second - first - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int row)
            || !int.TryParse(place.AsSpan(second + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int position)
        )
        {
            throw new InputException(
                $"'{place}' is not a place of a token; write PROBE:ROW:POSITION, such as {run.Manifest.ProbeNames[0]}:0:5."
            );
        }

        int probe = run.Manifest.ProbeNames.ToList().IndexOf(place[..first]);
        TokenTable tokens = run.Data.Tokens;
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens.Probe[i] == probe && tokens.Row[i] == row && tokens.Position[i] == position)
            {
                return i;
            }
        }

        throw new InputException(
            $"the run follows no token at {place}; tokens.csv of --csv lists places, and the probes are "
                + $"{string.Join(", ", run.Manifest.ProbeNames)}."
        );
    }
}
