using System.Globalization;
using Curie.Response.Influence;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws the strongest partners of one token.</summary>
internal static class InfluenceView
{
    /// <summary>Draws both sides, each token in its context.</summary>
    public static void Draw(IAnsiConsole console, TokenInfluence influence, TokenContextView view)
    {
        console.Heading("Tokens whose losses move with that of one token under the localised posterior");
        view.Draw(console, "the token", positive: true, "r", [new TokenLine(influence.Token, 1)]);
        view.Draw(console, "together", positive: true, "r", Lines(influence.Together));
        view.Draw(console, "against", positive: false, "r", Lines(influence.Against));
        int sure = influence.Together.Concat(influence.Against).Count(partner => partner.Q <= 0.05);
        console.Note(
            string.Create(
                CultureInfo.InvariantCulture,
                $"r is Pearson's, of {influence.DegreesOfFreedom:0.0} degrees of freedom from {string.Join(", ", influence.Components)}; "
                    + $"of the tokens shown, {sure} differ from 0 at a false discovery rate of 5 %."
            )
        );
    }

    private static TokenLine[] Lines(IReadOnlyList<TokenPartner> partners) =>
        [.. partners.Select(partner => new TokenLine(partner.Token, partner.Correlation))];
}
