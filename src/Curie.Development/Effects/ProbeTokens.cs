using Curie.Response.Runs;

namespace Curie.Development.Effects;

/// <summary>The rows of one probe that a run follows, and where its tokens lie in them.</summary>
internal sealed class ProbeTokens
{
    private readonly List<(int Token, int Place)> _places = [];

    public ProbeTokens(TokenTable tokens, int probe, int positions)
    {
        List<int> rows = [];
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens.Probe[i] != probe)
            {
                continue;
            }

            if (rows.Count == 0 || rows[^1] != tokens.Row[i])
            {
                rows.Add(tokens.Row[i]);
            }

            _places.Add((i, ((rows.Count - 1) * positions) + tokens.Position[i]));
        }

        Rows = [.. rows];
    }

    public int[] Rows { get; }

    public void Copy(float[] values, float[]? less, float[] to)
    {
        foreach ((int token, int place) in _places)
        {
            to[token] = values[place] - (less is null ? 0 : less[place]);
        }
    }
}
