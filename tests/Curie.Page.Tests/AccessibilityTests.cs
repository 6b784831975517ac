using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Curie.Page.Tests;

/// <summary>The page as a screen reader has it: by roles and names, not by its looks.</summary>
public sealed partial class AccessibilityTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private static readonly AriaRole[] Controls =
    [
        AriaRole.Button,
        AriaRole.Link,
        AriaRole.Combobox,
        AriaRole.Checkbox,
        AriaRole.Searchbox,
        AriaRole.Slider,
        AriaRole.Img,
        AriaRole.Figure,
        AriaRole.Group,
        AriaRole.Region,
        AriaRole.Table,
        AriaRole.Columnheader,
        AriaRole.Rowheader,
    ];

    [BrowserFact]
    public async Task Landmarks_are_there_once_and_every_section_is_one_by_its_heading()
    {
        await using OpenReport report = await browser.OpenAsync();
        IPage page = report.Page;
        foreach (AriaRole role in new[] { AriaRole.Main, AriaRole.Banner, AriaRole.Contentinfo, AriaRole.Complementary })
        {
            Assert.Equal(1, await page.GetByRole(role).CountAsync());
        }

        Assert.Equal(1, await page.GetByRole(AriaRole.Navigation, new() { Name = "Sections" }).CountAsync());
        string[] headings = [.. await page.GetByRole(AriaRole.Heading, new() { Level = 2 }).AllInnerTextsAsync()];
        Assert.Equal(headings.Length, await page.GetByRole(AriaRole.Region).CountAsync());
        foreach (string heading in headings)
        {
            Assert.Equal(1, await page.GetByRole(AriaRole.Region, new() { Name = heading, Exact = true }).CountAsync());
        }

        report.AssertQuiet();
    }

    [BrowserTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Headings_go_down_by_one_level_at_most_and_begin_with_the_only_first(bool development)
    {
        await using OpenReport report = await OpenAsync(development);
        await OpenAll(report);
        int[] levels = await report.Page.EvaluateAsync<int[]>(
            """
            () => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
              .filter(e => e.checkVisibility() && e.textContent.trim())
              .map(e => Number(e.tagName[1]))
            """
        );
        Assert.Equal(1, levels[0]);
        Assert.Equal(1, levels.Count(level => level == 1));
        Assert.All(levels.Skip(1).Zip(levels), pair => Assert.InRange(pair.First, 2, pair.Second + 1));
        report.AssertQuiet();
    }

    [BrowserTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_can_be_used_or_looked_at_has_a_name(bool development)
    {
        await using OpenReport report = await OpenAsync(development);
        await OpenAll(report);
        foreach (AriaRole role in Controls)
        {
            // What unfolds is a group whose summary is a control of its own.
            ILocator notFolded = report["body *:not(details)"];
            ILocator named = report.Page.GetByRole(role, new() { NameRegex = NotEmpty }).And(notFolded);
            string[] nameless = await report
                .Page.GetByRole(role)
                .And(notFolded)
                .EvaluateAllAsync<string[]>("all => all.map(e => e.outerHTML.slice(0, 150))");
            string[] well = await named.EvaluateAllAsync<string[]>("all => all.map(e => e.outerHTML.slice(0, 150))");
            Assert.True(nameless.Length == well.Length, $"{role} without a name: {nameless.Except(well).FirstOrDefault()}");
        }

        report.AssertQuiet();
    }

    /// <summary>A drawing is an image by itself, or hidden where its figure, or a slider, has the name.</summary>
    [BrowserTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_figure_says_what_it_shows(bool development)
    {
        await using OpenReport report = await OpenAsync(development);
        string[] figures = await report.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('main [role=figure]')].map(e => e.getAttribute('aria-label'))"
        );
        Assert.NotEmpty(figures);
        Assert.Equal(figures.Length, await report.Page.GetByRole(AriaRole.Figure).And(report["main [role=figure]"]).CountAsync());
        Assert.All(figures, name => Assert.InRange(name.Split(' ').Length, 2, 25));
        string[] loose = await report.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('main svg, main canvas')]
              .filter(e => !e.closest('[role=figure], [aria-hidden=true], figure'))
              .map(e => e.outerHTML.slice(0, 150))
            """
        );
        Assert.Empty(loose);
        report.AssertQuiet();
    }

    [BrowserTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_table_has_a_caption_and_scoped_heads(bool development)
    {
        await using OpenReport report = await OpenAsync(development);
        string[] wrong = await report.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('table')].filter(table =>
                !table.caption?.textContent.trim() ||
                !table.querySelector('thead th[scope=col]') ||
                [...table.querySelectorAll('th')].some(th => !['col', 'row'].includes(th.scope)))
              .map(table => table.outerHTML.slice(0, 150))
            """
        );
        Assert.Empty(wrong);
        Assert.True(await report.Page.GetByRole(AriaRole.Table).CountAsync() > 2);
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Toggles_say_whether_they_are_pressed_and_a_choice_of_heads_is_announced()
    {
        await using OpenReport report = await browser.OpenAsync();
        IPage page = report.Page;
        ILocator live = page.GetByRole(AriaRole.Status).And(report["#chosen"]);
        Assert.Equal("", await live.TextContentAsync());
        ILocator head = page.GetByRole(AriaRole.Group, new() { Name = "Components", Exact = true })
            .GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^l0h1") });
        await Assertions.Expect(head).ToHaveAttributeAsync("aria-pressed", "false");

        await head.FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(head).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.Equal("l1h1, l0h1 are chosen; the card is that of l0h1.", await live.TextContentAsync());
        await page.Keyboard.PressAsync("Escape");
        Assert.Equal("No component is chosen.", await live.TextContentAsync());

        ILocator second = report["#modes svg [role=button][aria-label^='Mode 2']"];
        Assert.Equal("false", await second.GetAttributeAsync("aria-pressed"));
        await second.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("true", await report["#modes svg [role=button][aria-label^='Mode 2']"].GetAttributeAsync("aria-pressed"));
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_token_is_described_by_its_note_and_a_sorted_column_says_so()
    {
        await using OpenReport report = await browser.OpenAsync();
        await report["#text [data-token='3']"].FocusAsync();
        await Assertions.Expect(report["#text [data-token='3']"]).ToHaveAccessibleDescriptionAsync(new Regex("loss at w"));

        ILocator column = report["#roles"].GetByRole(AriaRole.Columnheader, new() { Name = "component" }).First;
        Assert.Equal("none", await column.GetAttributeAsync("aria-sort"));
        await column.GetByRole(AriaRole.Button).ClickAsync();
        Assert.Equal("ascending", await column.GetAttributeAsync("aria-sort"));
        report.AssertQuiet();
    }

    private Task<OpenReport> OpenAsync(bool development) => development ? browser.OpenReplayAsync() : browser.OpenAsync();

    private static async Task OpenAll(OpenReport report) =>
        await report.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(details => (details.open = true))");

    [GeneratedRegex(@"\S")]
    private static partial Regex NotEmpty { get; }
}
