using System.Globalization;
using Microsoft.Playwright;

namespace Curie.Page.Tests;

/// <summary>The development view in a real browser: alone, and beside runs of several checkpoints.</summary>
public sealed class DevelopmentPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Slider = ".replay input[type=range]";

    [BrowserFact]
    public async Task Without_a_run_the_page_shows_the_development_alone()
    {
        await using OpenReport report = await browser.OpenDevelopmentAsync();

        string[] sections = [.. await report["main section > h2"].AllInnerTextsAsync()];
        Assert.Equal(["Learning coefficients", "Heads", "Scores", "Essential dynamics"], sections);
        Assert.Equal("stages – Curie report", await report.Page.TitleAsync());
        Assert.Contains(
            "5 components on calm developed from step 0 to step 300",
            await report[".subtitle"].InnerTextAsync(),
            StringComparison.Ordinal
        );
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_curve_has_its_points_its_boundaries_and_a_place_for_step_0()
    {
        await using OpenReport report = await browser.OpenDevelopmentAsync();

        // 15 checkpoints in each of the two panels, one of them doubtful, and one without a value.
        Assert.Equal(15 + 15, await report["#development .point"].CountAsync());
        Assert.Equal(1, await report["#development .point.unhealthy"].CountAsync());
        Assert.Equal(1, await report["#development .left-out"].CountAsync());
        Assert.Contains("step 3 (still-rising)", await report["#development .health"].First.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains(
            "step 7 (all-chains-stopped)",
            await report["#development .health"].Last.InnerTextAsync(),
            StringComparison.Ordinal
        );
        string[] ticks = [.. await report["#development .axis.steps text"].AllTextContentsAsync()];
        Assert.Equal("0", ticks[0]);
        Assert.Contains("100", ticks);

        // sin(x) turns at x = π/2 and 3π/2, inside the 5.7 log steps of the curve.
        Assert.True(await report["#development .boundary"].CountAsync() >= 2);
        Assert.Equal(await report["#development .boundary"].CountAsync(), await report["#development .boundary-interval"].CountAsync());
        string stages = await report["#development .stage-tables table"].First.InnerTextAsync();
        Assert.Contains("B (λ̂ down)", stages, StringComparison.Ordinal);
        Assert.Contains("±", stages, StringComparison.Ordinal);
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task One_cursor_stands_at_the_same_checkpoint_in_every_chart()
    {
        await using OpenReport report = await browser.OpenDevelopmentAsync();
        ILocator chart = report["#development .chart"].First;
        await chart.FocusAsync();

        await report.Page.Keyboard.PressAsync("Home");
        await report.Page.Keyboard.PressAsync("ArrowRight");

        // λ̂ at step 1 is 10 + 5·sin(log 2) = 13.195, its error 0.1; the in-context score there −0.01.
        Assert.Contains(
            "full at step 1: λ̂ 13.19 ± 0.10",
            await report["#development .readout"].InnerTextAsync(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "at step 1: −0.010 ± 0.020",
            string.Concat(await report["#scores .readout"].AllInnerTextsAsync()),
            StringComparison.Ordinal
        );
        Assert.Contains("PC1", await report["#dynamics .readout"].InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("1", await report["#scores .chart"].First.GetAttributeAsync("aria-valuenow"));
        string[] shown = [.. await report[".cursor"].EvaluateAllAsync<string[]>("lines => lines.map(line => line.style.display)")];
        Assert.True(shown.Length >= 4);
        Assert.All(shown, Assert.Empty);

        await report.Page.Keyboard.PressAsync("Escape");
        Assert.DoesNotContain("at step 1:", await report["#development .readout"].InnerTextAsync(), StringComparison.Ordinal);
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_head_stands_out_in_every_chart_in_the_colour_of_its_cluster()
    {
        await using OpenReport report = await browser.OpenDevelopmentAsync();
        string[] colours =
        [
            .. await report[".head-chip"]
                .EvaluateAllAsync<string[]>("chips => chips.map(chip => chip.dataset.head + ' ' + chip.style.getPropertyValue('--line'))"),
        ];
        string Colour(string head) => Assert.Single(colours, colour => colour.StartsWith(head, StringComparison.Ordinal)).Split(' ')[1];
        Assert.Equal(Colour("l0h0"), Colour("l0h1"));
        Assert.NotEqual(Colour("l0h0"), Colour("l0h2"));

        await report[".head-chip[data-head=l0h1]"].ClickAsync();

        Assert.Equal("l0h1", await report["#heads .line.chosen"].GetAttributeAsync("data-line"));
        Assert.Equal(3, await report["#heads .line.faint"].CountAsync());
        Assert.Equal("l0h0", await report["#scores .line.faint"].GetAttributeAsync("data-line"));
        Assert.Equal("true", await report[".head-chip[data-head=l0h1]"].GetAttributeAsync("aria-pressed"));
        Assert.Contains("silhouette", await report["#heads .clusters"].InnerTextAsync(), StringComparison.Ordinal);
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Scores_are_chosen_and_shown_with_their_errors()
    {
        await using OpenReport report = await browser.OpenDevelopmentAsync();
        int before = await report["#scores .multiple"].CountAsync();

        await report["#scores .chip"].Filter(new LocatorFilterOptions { HasText = "weight norm" }).ClickAsync();

        Assert.Equal(before + 1, await report["#scores .multiple"].CountAsync());
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Circles_of_the_trajectory_are_circles_and_the_evolute_stays_in_its_frame()
    {
        await using OpenReport report = await browser.OpenDevelopmentAsync();

        Assert.Equal(3, await report["#dynamics .plane"].CountAsync());

        // Ticks of both axes give points for a unit; they agree to the rounding of labels and pixels.
        double difference = await report.Page.EvaluateAsync<double>(
            """
            () => Math.max(...[...document.querySelectorAll('#dynamics .plane svg')].map(svg => {
              const [vertical, horizontal] = [...svg.querySelectorAll(':scope > g.axis')].map(axis =>
                [...axis.querySelectorAll('text')].map(text => [Number(text.textContent.replace('−', '-')), Number(text.getAttribute('x')), Number(text.getAttribute('y'))]));
              const unit = (ticks, i) => Math.abs((ticks.at(-1)[i] - ticks[0][i]) / (ticks.at(-1)[0] - ticks[0][0]));
              return Math.abs(unit(horizontal, 1) / unit(vertical, 2) - 1);
            }))
            """
        );
        Assert.InRange(difference, 0, 1e-6);
        Assert.Contains("%", await report["#dynamics .axis-title"].First.TextContentAsync() ?? "", StringComparison.Ordinal);
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task With_runs_the_page_has_every_section_and_says_of_which_checkpoint_they_are()
    {
        await using OpenReport report = await browser.OpenReplayAsync();

        Assert.Equal(8 + 5, await report["main section > h2"].CountAsync());
        foreach (string section in new[] { "summary", "response", "modes", "map", "roles", "traces" })
        {
            Assert.Contains(
                "Of the last checkpoint, step 100",
                await report[$"#{section} .standing"].InnerTextAsync(),
                StringComparison.Ordinal
            );
        }

        Assert.Equal(0, await report["#text .standing"].CountAsync());
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task The_response_is_followed_over_training_with_scores_beneath_it()
    {
        await using OpenReport report = await browser.OpenReplayAsync();

        // χ of the checkpoints is one response times 1/16, −1 and 1: each head's loading is the same at all of them.
        Assert.Equal(4, await report["#course .chart"].First.Locator(".line").CountAsync());
        await report["#course details summary"].ClickAsync();
        await report["#course tbody tr"].Filter(new() { HasText = "l0h1" }).ClickAsync();
        Assert.Equal("l0h1", await report["#course .line.chosen"].First.GetAttributeAsync("data-line"));
        ILocator readout = report["#course .readout"];
        string last = await readout.InnerTextAsync();
        Assert.Contains("l0h1 at step 100:", last, StringComparison.Ordinal);
        await report["#course .chart"].First.FocusAsync();
        await report.Page.Keyboard.PressAsync("Home");
        await report.Page.Keyboard.PressAsync("ArrowRight");
        Assert.Equal(last.Replace("step 100", "step 1", StringComparison.Ordinal), await readout.InnerTextAsync());
        Assert.Contains("at step 1", await report["#course details summary"].InnerTextAsync(), StringComparison.Ordinal);

        // The mean response to a probe has other values, and no mode of which anything could be known.
        int charts = await report["#course .chart:visible"].CountAsync();
        await report["#course select"].Nth(1).SelectOptionAsync("probe");
        Assert.Equal(charts - 1, await report["#course .chart:visible"].CountAsync());
        Assert.Contains("mean susceptibility of", await report["#course .axis-title"].First.TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("95 % interval", await readout.InnerTextAsync(), StringComparison.Ordinal);

        // Prefix matching stands beneath on the same axis: its ticks are at the same places.
        double[] axes = await report.Page.EvaluateAsync<double[]>(
            """
            () => [...document.querySelectorAll('#course svg')].filter(svg => svg.checkVisibility())
              .map(svg => Math.round(svg.querySelector('.axis.steps line').getAttribute('x1')))
            """
        );
        Assert.True(axes.Length >= 2);
        Assert.Single(axes.Distinct());
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task The_slider_recolours_the_text_on_one_scale_or_on_each_checkpoints_own()
    {
        await using OpenReport report = await browser.OpenReplayAsync();
        string last = await report.TokenColourAsync(5);
        Assert.Equal("step 100", await report[".replay .step"].InnerTextAsync());
        await report[Slider].FocusAsync();

        await report.Page.Keyboard.PressAsync("Home");

        Assert.Equal("step 1", await report[".replay .step"].InnerTextAsync());
        Assert.Contains("1 of 3", await report[".replay"].InnerTextAsync(), StringComparison.Ordinal);
        string faint = await report.TokenColourAsync(5);
        Assert.NotEqual(last, faint);
        await report["[data-token='5']"].HoverAsync();
        string tip = await report["#tip"].InnerTextAsync();
        Assert.Contains("step 1", tip, StringComparison.Ordinal);

        // A sixteenth of 3.5758, the value of the last checkpoint, less its mean below .0003, with the run's own error.
        Assert.Matches(@"\+0\.22[34] ± 0\.100", tip);

        // By themselves both checkpoints have the same colours, and the one between them, whose χ has the other sign, has others.
        await report[".replay select"].SelectOptionAsync("own");
        string own = await report.TokenColourAsync(5);
        Assert.NotEqual(faint, own);
        await report[Slider].FocusAsync();
        await report.Page.Keyboard.PressAsync("ArrowRight");
        Assert.Equal("step 10", await report[".replay .step"].InnerTextAsync());
        Assert.NotEqual(own, await report.TokenColourAsync(5));
        await report.Page.Keyboard.PressAsync("End");
        Assert.Equal(own, await report.TokenColourAsync(5));
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Play_goes_from_the_first_checkpoint_to_the_last_and_stops()
    {
        await using OpenReport report = await browser.OpenReplayAsync();
        ILocator button = report[".replay .play"];

        await button.ClickAsync();

        Assert.Contains("Pause", await button.InnerTextAsync(), StringComparison.Ordinal);
        Assert.NotEqual("step 100", await report[".replay .step"].InnerTextAsync());
        await button.Filter(new LocatorFilterOptions { HasText = "Play" }).WaitForAsync();
        Assert.Equal("step 100", await report[".replay .step"].InnerTextAsync());
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_phone_scrolls_down_only()
    {
        foreach (bool alone in new[] { true, false })
        {
            await using OpenReport report = await (alone ? browser.OpenDevelopmentAsync(390, 844) : browser.OpenReplayAsync(390, 844));
            Assert.True(await report.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 390, $"{alone}");
            double widest = await report.Page.EvaluateAsync<double>(
                "Math.max(...[...document.querySelectorAll('.chart.fluid')].map(chart => chart.getBoundingClientRect().right))"
            );
            Assert.InRange(widest, 300, 390);
            report.AssertQuiet();
        }
    }

    [BrowserFact]
    public async Task Everything_that_can_be_used_has_a_name_and_dark_colours_are_dark()
    {
        await using OpenReport report = await browser.OpenDevelopmentAsync(colours: ColorScheme.Dark);

        string[] nameless = await report.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('button, a, select, input, [tabindex="0"]')]
              .filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length))
              .map(e => e.outerHTML.slice(0, 120))
            """
        );
        Assert.Empty(nameless);
        string paper = await report.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.InRange(paper.Split('(', ',', ')')[1..4].Average(part => double.Parse(part, CultureInfo.InvariantCulture)), 0, 60);
        report.AssertQuiet();
    }
}
