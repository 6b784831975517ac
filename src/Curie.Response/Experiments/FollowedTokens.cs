using Curie.Response.Runs;

namespace Curie.Response.Experiments;

/// <summary>Writes down where the followed tokens of all probes come from.</summary>
internal static class FollowedTokens
{
    /// <summary>Fills a run's table but for the losses, probe by probe.</summary>
    /// <param name="table">The table, of as many tokens as the probes follow.</param>
    /// <param name="selections">The followed tokens of every probe.</param>
    public static void Fill(TokenTable table, IReadOnlyList<ProbeSelection> selections)
    {
        int next = 0;
        for (int p = 0; p < selections.Count; p++)
        {
            for (int i = 0; i < selections[p].Count; i++, next++)
            {
                table.Probe[next] = p;
                table.Row[next] = selections[p].RowOf(i);
                table.Position[next] = selections[p].PositionOf(i);
                table.Id[next] = selections[p].TokenIdOf(i);
            }
        }
    }
}
