using Curie.Response.Modes;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws the tokens that one component expresses and suppresses, with their standard errors, in context.</summary>
internal static class ComponentTokensView
{
    /// <summary>Draws both sides of a component.</summary>
    /// <param name="console">Where.</param>
    /// <param name="tokens">The component's tokens.</param>
    /// <param name="view">Draws the contexts.</param>
    /// <param name="unit">The unit of the values.</param>
    public static void Draw(IAnsiConsole console, ComponentTokens tokens, TokenContextView view, string unit = "nats²")
    {
        view.Draw(console, $"{tokens.Component} expresses (ψ < 0)", positive: false, unit, Lines(tokens.Expressed));
        view.Draw(console, $"{tokens.Component} suppresses (ψ > 0)", positive: true, unit, Lines(tokens.Suppressed));
    }

    private static TokenLine[] Lines(IReadOnlyList<TokenResponse> tokens) =>
        [.. tokens.Select(token => new TokenLine(token.Token, token.Value, token.StandardError))];
}
