using System.Globalization;
using Microsoft.Playwright;

namespace Curie.Page.Tests;

/// <summary>
/// Two runs of one page side by side: the means of the second are 100 times those of the first, (h + 1) of either sign, with errors of .25;
/// its tokens have the opposite χ but for a little more.
/// </summary>
public sealed class ComparisonPageTests : IClassFixture<BrowserFixture>, IDisposable
{
    private readonly BrowserFixture _browser;
    private readonly HostileRun _run = new();

    public ComparisonPageTests(BrowserFixture browser)
    {
        _browser = browser;
        _run.AddRun("other", "model", (component, token) => HostileRun.Chi(component, token) + Math.Sin(7 * token), means: 100);
        HostileRun.Curie("report", _run.File("run"), _run.File("other"), "--out", _run.Report, "--overwrite");
    }

    public void Dispose() => _run.Dispose();

    [BrowserFact]
    public async Task Differences_stand_with_both_values_their_intervals_and_what_stands_out()
    {
        await using OpenReport report = await _browser.OpenAsync(_run.Report, width: 1400);
        string[] sections = [.. await report["main section > h2"].AllInnerTextsAsync()];
        Assert.Equal(["How far to trust it", "Response matrix", "Two runs side by side", "Head card"], sections.Take(4));
        string section = await report["#beside"].InnerTextAsync();
        Assert.Contains("The second run, other, which this page shows, less the first, run", section, StringComparison.Ordinal);

        // Eight responses differ by 99·(h + 1), by errors of .35; four λ̂ are the same.
        Assert.Contains("8 stand out beyond their errors", section, StringComparison.Ordinal);
        ILocator rows = report["#beside tbody tr"];
        Assert.Equal(8, await rows.CountAsync());
        string[] cells =
        [
            .. await rows.Filter(new() { HasText = "l1h1" }).Filter(new() { HasText = "calm" }).Locator("td").AllInnerTextsAsync(),
        ];
        Assert.Equal("χ, nats²", cells[0]);
        Assert.Equal(["l1h1", "calm"], cells[1..3]);
        Assert.Equal(["+4.0 ± 0.3", "+400.0 ± 0.3", "+396.0 ± 0.4"], cells[3..6]);
        Assert.Equal("yes", cells[^1]);
        Assert.Equal(4, await report["#beside .chart svg"].Last.Locator("circle:not(.unclear)").CountAsync());
        Assert.Equal(0, await report["#beside .chart svg"].First.Locator("circle:not(.unclear)").CountAsync());

        await report["#beside input[type=checkbox]"].CheckAsync();
        int all = await rows.CountAsync();
        Assert.True(all > 8, $"{all}");
        string[] same = [.. await rows.Filter(new() { HasText = "λ̂" }).First.Locator("td").AllInnerTextsAsync()];
        Assert.Equal("no", same[^1]);
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Another_part_or_probe_changes_what_is_compared_in_one_unit()
    {
        await using OpenReport report = await _browser.OpenAsync(_run.Report, width: 1400);
        await report["aside select"].First.SelectOptionAsync("excess");
        Assert.StartsWith("Difference of excess", await report["#beside h3"].Nth(1).InnerTextAsync(), StringComparison.Ordinal);
        Assert.EndsWith(", nats", await report["#beside h3"].Nth(1).InnerTextAsync(), StringComparison.Ordinal);
        await report["#beside select"].SelectOptionAsync("1");
        Assert.Contains("on calm", await report["#beside h3"].Nth(1).InnerTextAsync(), StringComparison.Ordinal);
        await report.PointAtAsync(report["#beside .chart svg"].Last.Locator("[role=button]").First);
        Assert.Matches(@"run\s+\+1\.0 ± 0\.3\s+other\s+\+100\.0 ± 0\.3", await report["#tip"].InnerTextAsync());
        report.AssertQuiet();
    }

    /// <summary>Heads of a layer whose tokens differ by the same all over are their own twins, and the errors are those of rows.</summary>
    [BrowserFact]
    public async Task A_card_names_the_twin_in_the_other_run_with_an_error()
    {
        await using OpenReport report = await _browser.OpenAsync(_run.Report, width: 1400);
        await report.Head("l1h0").ClickAsync();
        ILocator row = report["#head .scroll[aria-label^='Twins of l1h0'] tbody tr"];
        string[] cells = [.. await row.Locator("td").AllInnerTextsAsync()];
        Assert.Equal(["run", "l1h0"], cells[..2]);
        string[] numbers = cells[2].Split(" ± ");
        Assert.InRange(double.Parse(numbers[0], CultureInfo.InvariantCulture), 0.5, 1);
        Assert.InRange(double.Parse(numbers[1], CultureInfo.InvariantCulture), 0, 0.2);
        report.AssertQuiet();
    }
}
