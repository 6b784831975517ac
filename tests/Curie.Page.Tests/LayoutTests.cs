using System.Globalization;
using Microsoft.Playwright;

namespace Curie.Page.Tests;

/// <summary>
/// The page at the widths of a small window, a laptop and a wide screen, in light and dark, of runs with few and many components and probes and
/// with names of any length: it scrolls down only, and no text is wider than its box without a way to see the rest.
/// </summary>
public sealed class LayoutTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private static readonly int[] Widths = [900, 1400, 2500];

    [BrowserTheory]
    [InlineData(16, 1, 1)]
    [InlineData(16, 40, 50)]
    [InlineData(150, 1, 500)]
    [InlineData(150, 40, 50)]
    public async Task Nothing_is_cut_off_and_nothing_scrolls_sideways(int components, int probes, int length)
    {
        using SizedRun run = new(components, probes, length);
        foreach (ColorScheme colours in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (int width in Widths)
            {
                await using OpenReport report = await browser.OpenAsync(run.Report, width, colours);
                string where = $"{components} components, {probes} probes of {length} letters, {width} pixels, {colours}";
                int[] sizes = await report.Page.EvaluateAsync<int[]>(
                    "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
                );
                Assert.True(sizes[0] <= sizes[1], $"{where}: {sizes[0]} > {sizes[1]}");
                string[] cut = await report.Page.EvaluateAsync<string[]>(CutOff);
                Assert.True(cut.Length == 0, $"{where}: {string.Join("; ", cut.Take(5))}");
                report.AssertQuiet();
            }
        }
    }

    [BrowserFact]
    public async Task A_page_of_a_run_without_structure_says_that_first()
    {
        using SizedRun run = new(16, 2, 10);
        await using OpenReport report = await browser.OpenAsync(run.Report, 1400, ColorScheme.Light);
        string first = await report["#conclusion li"].First.InnerTextAsync();
        Assert.Contains("structure of this run has not been analysed", first, StringComparison.Ordinal);
        Assert.True(
            await report.Page.EvaluateAsync<bool>(
                "() => !!(document.querySelector('#conclusion').compareDocumentPosition(document.querySelector('main')) & 4)"
            )
        );
    }

    [BrowserFact]
    public async Task The_first_screen_has_which_heads_beside_what_was_found()
    {
        using SizedRun run = new(16, 2, 10);
        foreach (int width in Widths)
        {
            await using OpenReport report = await browser.OpenAsync(run.Report, width, ColorScheme.Light);
            LocatorBoundingBoxResult found = (await report["#conclusion .found"].BoundingBoxAsync())!;
            LocatorBoundingBoxResult figure = (await report["#conclusion .leading"].BoundingBoxAsync())!;
            Assert.Contains("Which heads: mode", await report["#conclusion h3"].InnerTextAsync(), StringComparison.Ordinal);
            if (width < 1150)
            {
                Assert.True(figure.Y >= found.Y + found.Height, $"{width}");
            }
            else
            {
                Assert.True(figure.X >= found.X + found.Width, $"{width}");
                Assert.True(figure.Y + figure.Height <= 900, $"{width}: {figure.Y + figure.Height}");
            }

            report.AssertQuiet();
        }
    }

    [BrowserFact]
    public async Task A_sentence_of_more_than_five_lines_is_unfolded_by_a_button()
    {
        using SizedRun run = new(16, 2, 10);
        await using OpenReport report = await browser.OpenAsync(run.Report, 1400, ColorScheme.Light);
        ILocator item = report["#conclusion li"].First;
        ILocator button = item.GetByRole(AriaRole.Button);
        await report.Page.EvaluateAsync("() => (document.querySelector('#conclusion .clamp').textContent = 'many words '.repeat(99))");
        await Assertions.Expect(button).ToHaveTextAsync("more");
        double[] heights = await item.EvaluateAsync<double[]>(
            "e => [e.querySelector('.clamp').clientHeight, parseFloat(getComputedStyle(e).lineHeight)]"
        );
        Assert.InRange(heights[0], heights[1], (5 * heights[1]) + 2);

        await button.ClickAsync();

        Assert.Equal("true", await button.GetAttributeAsync("aria-expanded"));
        Assert.True(await item.EvaluateAsync<double>("e => e.querySelector('.clamp').clientHeight") > (6 * heights[1]));
        Assert.Equal("less", await button.InnerTextAsync());
        report.AssertQuiet();
    }

    /// <summary>A run beside itself, with every difference listed.</summary>
    [BrowserTheory]
    [InlineData(16, 2, 10)]
    [InlineData(150, 3, 50)]
    public async Task Two_runs_side_by_side_fit_too(int components, int probes, int length)
    {
        using SizedRun run = new(components, probes, length);
        HostileRun.Curie("report", run.Run, run.Run, "--out", run.Report, "--overwrite");
        foreach (ColorScheme colours in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (int width in Widths)
            {
                await using OpenReport report = await browser.OpenAsync(run.Report, width, colours);
                await report["#beside input[type=checkbox]"].CheckAsync();
                Assert.True(await report["#beside tbody tr"].CountAsync() >= components * probes);
                Assert.Equal(2, await report["#beside .chart svg"].CountAsync());
                string where = $"{components} components, {width} pixels, {colours}";
                int[] sizes = await report.Page.EvaluateAsync<int[]>(
                    "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
                );
                Assert.True(sizes[0] <= sizes[1], $"{where}: {sizes[0]} > {sizes[1]}");
                string[] cut = await report.Page.EvaluateAsync<string[]>(CutOff);
                Assert.True(cut.Length == 0, $"{where}: {string.Join("; ", cut.Take(5))}");
                report.AssertQuiet();
            }
        }
    }

    [BrowserFact]
    public async Task Every_head_of_a_layer_has_a_strip_on_one_scale()
    {
        using SizedRun run = new(16, 1, 10);
        await using OpenReport report = await browser.OpenAsync(run.Report, 900, ColorScheme.Light);
        await report["#text select"].Nth(1).SelectOptionAsync("1");
        ILocator line = report["#text table.strips"].First;
        Assert.Equal(
            [.. Enumerable.Range(0, 8).Select(head => string.Create(CultureInfo.InvariantCulture, $"l1h{head}"))],
            await line.Locator("tbody th").AllInnerTextsAsync()
        );
        Assert.Equal(1, await report["#text .scale-key"].CountAsync());
        Assert.Contains("standard deviations", await report["#text .scale-key"].InnerTextAsync(), StringComparison.Ordinal);
        await line.Locator("td[data-strip]").First.HoverAsync();
        Assert.Contains("l1h0, s.d.", await report["#tip"].InnerTextAsync(), StringComparison.Ordinal);
        int[] sizes = await report.Page.EvaluateAsync<int[]>(
            "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        );
        Assert.True(sizes[0] <= sizes[1]);
        report.AssertQuiet();
    }

    // A text is cut off where its box hides what does not fit, and neither a title nor a scroll bar shows the rest.
    private const string CutOff = """
        () => [...document.querySelectorAll('main *, header *, .conclusion *')]
          .filter(e => e.children.length === 0 && e.textContent.trim() && e.getClientRects().length && !e.closest('.hidden, svg, details:not([open])'))
          .filter(e => {
            for (let box = e; box && box !== document.body; box = box.parentElement) {
              const style = getComputedStyle(box);
              if (style.overflowX === 'auto' || style.overflowX === 'scroll' || box.title) return false;
              if ((style.overflowX === 'hidden' || style.overflowX === 'clip') && box.scrollWidth > box.clientWidth + 1)
                return !box.closest('.context');
            }
            const right = Math.max(...[...e.getClientRects()].map(r => r.right));
            return right > document.documentElement.clientWidth + 1;
          })
          .map(e => `${e.tagName} ${e.className} ${e.textContent.slice(0, 40)}`)
        """;
}
