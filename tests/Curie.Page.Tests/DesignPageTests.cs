using System.Globalization;
using System.Text.RegularExpressions;
using Curie.Numerics.Files;
using Microsoft.Playwright;

namespace Curie.Page.Tests;

/// <summary>Designed weights on the page of a run whose text tries to break out of it.</summary>
public sealed class DesignPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private static readonly int[] Widths = [900, 1400, 2500];

    [BrowserFact]
    public async Task The_page_opens_on_the_row_with_the_most_spread_weights_and_colours_its_tokens_by_them()
    {
        using HostileRun run = new();
        float[] weights = Design(run);
        int[] rows = [.. Enumerable.Range(0, HostileRun.Rows).OrderByDescending(row => Spread(weights, row))];
        await using OpenReport report = await browser.OpenAsync(run.Report, 1400);

        Assert.Equal(rows[0].ToString(CultureInfo.InvariantCulture), await report["#design select"].First.InputValueAsync());
        Assert.Equal(HostileRun.Context - 1, await report["#design [data-token]"].CountAsync());
        string[] options = [.. await report["#design select option"].AllInnerTextsAsync()];
        Assert.Equal(
            rows,
            options.Select(text => int.Parse(Regex.Match(text, "row ([0-9]+)").Groups[1].Value, CultureInfo.InvariantCulture))
        );

        // The first token of the row: its weight as the file has it, and blue below 1 or orange above.
        int place = rows[0] * (HostileRun.Context - 1);
        ILocator token = report["#design [data-token]"].First;
        await report.PointAtAsync(token);
        string tip = await report["#tip"].InnerTextAsync();
        string written = weights[place].ToString("G3", CultureInfo.InvariantCulture);
        Assert.Contains("weight", tip, StringComparison.Ordinal);
        Assert.Contains(written, tip, StringComparison.Ordinal);
        Assert.Contains("position", tip, StringComparison.Ordinal);
        foreach (int i in Enumerable.Range(0, HostileRun.Context - 1).Where(i => Math.Abs(weights[place + i] - 1) > 0.2).Take(10))
        {
            string colour = await report["#design [data-token]"].Nth(i).EvaluateAsync<string>("e => e.style.backgroundColor");
            Assert.Contains(weights[place + i] < 1 ? "--negative" : "--positive", colour, StringComparison.Ordinal);
        }

        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Another_row_is_chosen_by_the_list_and_tokens_are_walked_by_keys()
    {
        using HostileRun run = new();
        Design(run);
        await using OpenReport report = await browser.OpenAsync(run.Report, 1400);
        await report["#design select"].First.SelectOptionAsync("3");

        Assert.Contains("row 3,", await report["#design figcaption"].InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("Row 3: mean weight", await report["#design [role=status]"].InnerTextAsync(), StringComparison.Ordinal);

        await report["#design [data-token]"].First.FocusAsync();
        await report.Page.Keyboard.PressAsync("ArrowRight");
        Assert.True(await report["#design [data-token]"].Nth(1).EvaluateAsync<bool>("e => e === document.activeElement"));
        await Assertions.Expect(report["#design [data-token]"].Nth(1)).ToHaveAccessibleDescriptionAsync(new Regex("weight"));
        Assert.Equal(1, await report["#design [data-token][tabindex='0']"].CountAsync());
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task The_scale_has_1_in_its_neutral_place_and_what_is_moved_is_said_with_what_is_predicted()
    {
        using HostileRun run = new();
        Design(run);
        await using OpenReport report = await browser.OpenAsync(run.Report, 1400);

        string[] ticks = [.. await report["#design .weight-key .time-ticks span"].AllInnerTextsAsync()];
        Assert.Equal("1", ticks[1]);
        Assert.Equal(3, ticks.Length);
        string section = await report["#design"].InnerTextAsync();
        Assert.Contains("mode 1 of all heads", section, StringComparison.Ordinal);
        Assert.Contains("change of λ̂ along it", section, StringComparison.Ordinal);

        // The run keeps no batch means, so that predictions have no error, and the page says so.
        Assert.Contains("not known, as the run keeps no batch means", section, StringComparison.Ordinal);
        Assert.Equal(HostileRun.Components.Length, await report["#design .chart .bar"].CountAsync());
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task It_fits_every_width_in_light_and_dark_and_has_names_for_all()
    {
        using HostileRun run = new();
        Design(run);
        foreach (ColorScheme colours in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (int width in Widths)
            {
                await using OpenReport report = await browser.OpenAsync(run.Report, width, colours);
                int[] sizes = await report.Page.EvaluateAsync<int[]>(
                    "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
                );
                Assert.True(sizes[0] <= sizes[1], $"{width} {colours}: {sizes[0]} > {sizes[1]}");
                Assert.Equal(2, await report["#design [role=figure]"].CountAsync());
                Assert.Equal(0, await report["#design button:not(:has-text('')):not([aria-label])"].CountAsync());
                report.AssertQuiet();
            }
        }
    }

    private static float[] Design(HostileRun run)
    {
        string weights = run.File("weights.npy");
        HostileRun.Curie("design", run.File("run"), "--mode", "1", "--probe", "calm", "--spread", "0.5", "--out", weights);
        HostileRun.Curie("report", run.File("run"), "--design", weights, "--out", run.Report, "--overwrite");
        using NpyArray<float> written = NpyFile.Read<float>(weights);
        return written.Span.ToArray();
    }

    private static double Spread(float[] weights, int row)
    {
        double[] own = [.. weights.Skip(row * (HostileRun.Context - 1)).Take(HostileRun.Context - 1)];
        double mean = own.Average();
        return own.Average(weight => (weight - mean) * (weight - mean));
    }
}
