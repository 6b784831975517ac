using Curie.Cli.Reports;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Cli.Tests.Reports;

public sealed class ComponentTokensViewTests
{
    [Fact]
    public void Expressed_and_suppressed_tokens_show_their_errors_and_contexts()
    {
        using KnownRun known = new();
        SusceptibilityRun run = RunFolder.Read(known.Run);
        using ProbeText text = ProbeText.Open(run, model: null);
        using StringWriter output = new();
        ComponentTokensView.Draw(
            ReportConsole.Create(output),
            ComponentTokens.Of(run, component: 3, count: 2)!,
            new TokenContextView(text, 2, 1)
        );

        // Head l1h0 is χ = 2u: −15 and −13 at the first two tokens, +15 and +13 at the last two.
        string[] lines = output.ToString().Split('\n');
        Assert.Contains("▼ l1h0 expresses (ψ < 0), nats²", lines[0], StringComparison.Ordinal);
        Assert.Matches(@"1 +-15\.000 ±0\.500 +letters +a⟦b⟧c$", lines[1]);
        Assert.Matches(@"2 +-13\.000 ±0\.500 +letters +ab⟦c⟧d$", lines[2]);
        Assert.Contains("▲ l1h0 suppresses (ψ > 0), nats²", lines[3], StringComparison.Ordinal);
        Assert.Matches(@"1 +\+15\.000 ±0\.500 +signs, ""etc"" +3␣⟦4⟧;$", lines[4]);
        Assert.Matches(@"2 +\+13\.000 ±0\.500 +signs, ""etc"" +⏎3⟦␣⟧4$", lines[5]);
    }
}
