using System.Globalization;
using Microsoft.Playwright;

namespace Curie.Page.Tests;

/// <summary>The report in a real browser, opened from a file.</summary>
public sealed class PageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [BrowserFact]
    public async Task It_opens_with_every_section_and_asks_for_nothing_else()
    {
        await using OpenReport report = await browser.OpenAsync();

        string[] sections = [.. await report["main section > h2"].AllInnerTextsAsync()];
        Assert.Equal(
            [
                "How far to trust it",
                "Response matrix",
                "Head card",
                "Text",
                "Modes",
                "Map of tokens",
                "Head roles",
                "Traces and diagnostics",
            ],
            sections
        );
        Assert.Equal("How 4 attention heads answer 2 kinds of text – Curie report", await report.Page.TitleAsync());
        Assert.Contains("All 10 chains are healthy", await report[".verdict"].InnerTextAsync(), StringComparison.Ordinal);
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Text_that_tries_to_break_out_is_shown_as_text()
    {
        await using OpenReport report = await browser.OpenAsync();

        // Spaces, tab, line feed, null and bidirectional controls have marks; all else stands as it is.
        string shown = await report[".tokens"].First.InnerTextAsync();
        Assert.StartsWith(
            "</script><script>alert(1)</script><img·src=x·onerror=alert(2)>\"'&amp;␀⟨U+202E⟩evil⟨U+202C⟩·⇥",
            shown,
            StringComparison.Ordinal
        );
        Assert.Contains("⏎", shown, StringComparison.Ordinal);
        Assert.Equal(0, await report["img"].CountAsync());
        Assert.Equal(3, await report.Page.EvaluateAsync<int>("document.scripts.length"));
        Assert.Contains("<b>the chains disagree</b>", await report[".verdict"].TextContentAsync() ?? "", StringComparison.Ordinal);
        await report.Head("l1h0").ClickAsync();
        Assert.Equal("<b>the chains disagree</b>: raise draws", await report["#traces .caveats li"].InnerTextAsync());
        Assert.Equal("draws", await report["#traces .caveats code"].InnerTextAsync());
        report.AssertQuiet();
    }

    /// <summary>Nobody knows what these heads attend to, and the run was not analysed, which is said first.</summary>
    [BrowserFact]
    public async Task The_page_opens_with_a_sentence_what_was_found_and_where_to_see_it()
    {
        await using OpenReport report = await browser.OpenAsync();
        Assert.Equal("How 4 attention heads answer 2 kinds of text", await report["h1"].InnerTextAsync());
        Assert.Contains("has not been analysed", await report["#conclusion li"].First.InnerTextAsync(), StringComparison.Ordinal);
        string[] targets = [.. await report["#conclusion .ways a"].EvaluateAllAsync<string[]>("links => links.map(link => link.hash)")];
        Assert.Equal(["#text", "#modes", "#roles", "#summary"], targets);
        foreach (string target in targets)
        {
            Assert.Equal(1, await report[target].CountAsync());
        }

        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Hovering_a_head_previews_it_and_a_click_locks_it()
    {
        await using OpenReport report = await browser.OpenAsync();
        string before = await report.TokenColourAsync(2);

        await report.Head("l0h1").HoverAsync();
        string previewed = await report.TokenColourAsync(2);
        Assert.Contains("l0h1", await report[".scale-key .name"].InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("Susceptibility", await report["#tip"].InnerTextAsync(), StringComparison.Ordinal);

        await report["h1"].HoverAsync();
        Assert.Equal(before, await report.TokenColourAsync(2));
        Assert.NotEqual(before, previewed);

        await report.Head("l0h1").ClickAsync();
        await report["h1"].HoverAsync();
        Assert.Equal(2, await report[".scale-key"].CountAsync());
        Assert.Equal("true", await report.Head("l0h1").GetAttributeAsync("aria-pressed"));
        report.AssertQuiet();
    }

    /// <summary>λ̂ is 30 times a mean excess loss of .1 to within .002; nobody knows what these heads attend to.</summary>
    [BrowserFact]
    public async Task A_click_on_a_head_shows_its_card_and_its_text_until_escape_or_a_second_click()
    {
        await using OpenReport report = await browser.OpenAsync();
        await report.Head("l0h1").ClickAsync();
        await report["h1"].HoverAsync();

        Assert.Equal("l0h1", await report["#head .card-name"].InnerTextAsync());
        Assert.Contains(
            "what it attends to is not known; λ̂ = 3.0",
            await report["#head li"].First.InnerTextAsync(),
            StringComparison.Ordinal
        );
        Assert.Contains("Place in the modes", await report["#head"].InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(4, await report["#head .ends .end-of-mode"].CountAsync());
        Assert.True(await report["aside .brief li"].CountAsync() > 2);
        await report["aside .brief button"].First.ClickAsync();
        Assert.NotNull(await report.Page.EvaluateAsync<string?>("document.activeElement.dataset.token"));
        Assert.Contains("l0h1", await report["#text .legend"].InnerTextAsync(), StringComparison.Ordinal);

        await report.Page.Keyboard.PressAsync("Escape");

        Assert.Equal("false", await report.Head("l0h1").GetAttributeAsync("aria-pressed"));
        Assert.Contains("No head is chosen", await report["#head"].InnerTextAsync(), StringComparison.Ordinal);
        await report.Head("l1h0").ClickAsync();
        Assert.Equal("l1h0", await report["#head .card-name"].InnerTextAsync());
        await report.Head("l1h0").ClickAsync();
        Assert.Contains("No head is chosen", await report["#head"].InnerTextAsync(), StringComparison.Ordinal);
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Up_to_three_heads_show_as_bands_and_a_fourth_takes_the_place_of_the_oldest()
    {
        await using OpenReport report = await browser.OpenAsync();
        foreach (string head in new[] { "l0h0", "l0h1", "l1h0" })
        {
            if (await report.Head(head).GetAttributeAsync("aria-pressed") == "false")
            {
                await report.Head(head).ClickAsync();
            }
        }

        await report["h1"].HoverAsync();
        Assert.Equal(3, await report[".scale-key"].CountAsync());
        Assert.Equal(3, (await report.TokenColourAsync(2)).Split("linear-gradient").Length - 1);
        string oldest = (await report[".scale-key .name"].First.InnerTextAsync()).Split(' ')[1];
        string locked = await report[".chips"].InnerTextAsync();
        string free = Array.Find(HostileRun.Components, name => !locked.Contains(name, StringComparison.Ordinal))!;
        await report.Head(free).ClickAsync();
        await report["h1"].HoverAsync();
        Assert.Equal(3, await report[".scale-key"].CountAsync());
        Assert.Equal("false", await report.Head(oldest).GetAttributeAsync("aria-pressed"));
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Hovering_a_token_gives_its_values_with_errors_and_its_loss()
    {
        await using OpenReport report = await browser.OpenAsync();

        await report["[data-token='5']"].HoverAsync();

        // The last head has the largest loading, so it is the one shown: χ = 4·sin 20 + cos(15)/10 = 3.576, to three digits; the loss is
        // 5/10. The colour is that of χ less its mean, so that is what the tip says first.
        string tip = await report["#tip"].InnerTextAsync();
        double mean = Enumerable.Range(0, HostileRun.Tokens).Average(token => HostileRun.Chi(3, token));
        Assert.Contains("χ l1h1 less its mean", tip, StringComparison.Ordinal);
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"+{HostileRun.Chi(3, 5) - mean:F2} ± 0.10"),
            tip,
            StringComparison.Ordinal
        );
        Assert.Contains("mean of l1h1", tip, StringComparison.Ordinal);
        Assert.Contains("0.5 nats", tip, StringComparison.Ordinal);
        Assert.Equal(3.58, HostileRun.Chi(3, 5), 2);

        // Without that centring colour and tip are of χ itself.
        await report["#text .choice input[type=checkbox]"].First.UncheckAsync();
        await report["[data-token='5']"].HoverAsync();
        tip = await report["#tip"].InnerTextAsync();
        Assert.Contains("+3.58 ± 0.10", tip, StringComparison.Ordinal);
        Assert.DoesNotContain("mean", tip, StringComparison.Ordinal);

        // λ̂ is 30 times a mean excess loss of .1 to within .002, and the excess is χ: 3 + 30·3.576 = 110.3; its error is at most 30·.1
        // more than that of λ̂. The run keeps no batch means.
        Assert.Matches(@"token’s λ̂, l1h1\s*110(\.\d)? ± at most 3", tip);
        report.AssertQuiet();
    }

    /// <summary>l1h1, the one shown, attends from position 5 by .8 to position 1 and by .2 to itself.</summary>
    [BrowserFact]
    public async Task Pointing_at_a_token_or_walking_to_it_shows_where_the_head_attends_in_order_to_predict_it()
    {
        await using OpenReport report = await browser.OpenAsync();
        Assert.Contains("where l1h1 attends", await report["#text .looking"].InnerTextAsync(), StringComparison.Ordinal);

        await report.PointAtAsync(report["[data-token='5']"]);
        string tip = await report["#tip .look-list"].InnerTextAsync();
        Assert.Matches(@"l1h1 attends from .+ at 5 to\s+.+ at 1\s+0\.80\s+.+ at 5\s+0\.20$", tip.Trim());

        // Position 0 is the row's first token, which nothing predicts; so position p is the followed token p − 1.
        Assert.Equal(2, await report["#text .attended"].CountAsync());
        Assert.Contains("attended", await report["[data-token='0']"].GetAttributeAsync("class") ?? "", StringComparison.Ordinal);
        Assert.Contains("attending", await report["[data-token='4']"].GetAttributeAsync("class") ?? "", StringComparison.Ordinal);

        await report["h1"].HoverAsync();
        Assert.Equal(0, await report["#text .attended, #text .attending"].CountAsync());

        await report["#text [data-token='0']"].FocusAsync();
        for (int i = 0; i < 5; i++)
        {
            await report.Page.Keyboard.PressAsync("ArrowRight");
        }

        Assert.Equal(tip, await report["#tip .look-list"].InnerTextAsync());
        Assert.Equal("tip", await report["[data-token='5']"].GetAttributeAsync("aria-describedby"));

        await report.PointAtAsync(report["[data-token='" + (HostileRun.Context - 1) * 3 + "']"]);
        Assert.Equal(0, await report["#tip .look-list"].CountAsync());
        Assert.Contains("Where l1h1 attends here is not on this page", await report["#tip"].InnerTextAsync(), StringComparison.Ordinal);
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Changes_of_learning_coefficients_show_by_probe_and_fade_within_two_errors()
    {
        await using OpenReport report = await browser.OpenAsync();
        ILocator table = report["#roles .scroll[aria-label^='Derivative of the learning coefficient']"];

        // Components × probes from −3 up by 1, of errors .75: −1, 0 and 1 are within two of them.
        Assert.Equal(["−3.0", "−1.0", "+1.0", "+3.0", "−2.0", "+0.0", "+2.0", "+4.0"], await table.Locator(".cell").AllInnerTextsAsync());
        Assert.Equal(["−1.0", "+1.0", "+0.0"], await table.Locator(".cell.faint").AllInnerTextsAsync());
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Another_part_changes_the_matrix()
    {
        await using OpenReport report = await browser.OpenAsync();
        string chi = await report["#response .matrix .cell"].Last.InnerTextAsync();

        await report["aside select"].First.SelectOptionAsync("shift");

        Assert.Contains("+4.00", chi, StringComparison.Ordinal);
        Assert.Contains("+40.0", await report["#response .matrix .cell"].Last.InnerTextAsync(), StringComparison.Ordinal);
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_column_sorts_its_table_up_and_down()
    {
        await using OpenReport report = await browser.OpenAsync();
        ILocator losses = report["#modes .end-of-mode.lowest tbody tr td:last-child"];
        ILocator head = report["#modes .end-of-mode.lowest th button"].Filter(new LocatorFilterOptions { HasText = "loss at w*" });

        await head.ClickAsync();
        double[] falling = Numbers(await losses.AllInnerTextsAsync());
        Assert.Equal(falling.OrderDescending(), falling);
        await head.ClickAsync();
        double[] rising = Numbers(await losses.AllInnerTextsAsync());
        Assert.Equal(rising.Order(), rising);
        Assert.True(rising.Length > 10 && rising[0] < rising[^1]);
        report.AssertQuiet();
    }

    /// <summary>│ is E2 94 82, three tokens of this tokenizer; the last row breaks off within it.</summary>
    [BrowserFact]
    public async Task Pieces_of_characters_stand_as_characters_and_show_as_bytes_on_request_alone()
    {
        using HostileRun run = new(calm: "a wide table \u00E2\u0094\u0082 cell ");
        await using OpenReport report = await browser.OpenAsync(run.Report, width: 1280);
        await report["#text select"].First.SelectOptionAsync("1");
        string tip = "";
        ILocator piece = report["#text .tokens span[data-token]"].Filter(new LocatorFilterOptions { HasText = "│" }).First;
        Assert.StartsWith(
            "│‿‿",
            string.Concat((await report[".tokens"].First.InnerTextAsync()).SkipWhile(c => c != '│')),
            StringComparison.Ordinal
        );
        await piece.HoverAsync();
        tip = await report["#tip"].InnerTextAsync();
        Assert.StartsWith("byte E2, │", tip, StringComparison.Ordinal);
        string[] listed = [.. await report["#modes .context mark"].AllInnerTextsAsync()];
        Assert.NotEmpty(listed);
        Assert.DoesNotContain(listed, text =>
            text.Contains("\\x", StringComparison.Ordinal) || text.Contains('⟨', StringComparison.Ordinal)
        );

        await report["aside select"].Last.SelectOptionAsync("bytes");

        Assert.Contains("⟨E2⟩⟨94⟩⟨82⟩", await report[".tokens"].First.InnerTextAsync(), StringComparison.Ordinal);
        listed = [.. await report["#modes .context mark"].AllInnerTextsAsync()];
        Assert.Contains(listed, text => text is "⟨E2⟩" or "⟨94⟩" or "⟨82⟩");
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Modes_and_tokens_export_as_csv()
    {
        await using OpenReport report = await browser.OpenAsync();

        string modes = await Download(report, "Export modes (CSV)");
        Assert.StartsWith("group,mode,explained_variance,component,loading\nheads,1,", modes, StringComparison.Ordinal);
        string tokens = await Download(report, "Export tokens (CSV)");
        Assert.StartsWith(
            "side,score,probe,row,position,token_id,token,before,after,init_loss\nhighest,",
            tokens,
            StringComparison.Ordinal
        );
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Every_figure_and_every_table_stands_beside_buttons_that_save_it()
    {
        await using OpenReport report = await browser.OpenAsync();
        Assert.Equal(
            0,
            await report.Page.EvaluateAsync<int>(
                "() => [...document.querySelectorAll('main table.data, main table.matrix, main .chart svg, main canvas')]"
                    + ".filter(e => !e.closest('.exportable')).length"
            )
        );
        Assert.True(await report["main .exportable button.save:visible"].CountAsync() >= 10);
        report.AssertQuiet();
    }

    /// <summary>The tab key goes from the way past the head to the choices beside the views and into these, as they stand.</summary>
    [BrowserFact]
    public async Task The_focus_goes_through_the_page_in_the_order_in_which_it_is_read()
    {
        await using OpenReport report = await browser.OpenAsync();
        await report.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the report", await report.Page.EvaluateAsync<string>("document.activeElement.textContent"));
        int[] places = await report.Page.EvaluateAsync<int[]>(
            """
            () => {
              const all = [...document.querySelectorAll('*')];
              return all.filter(e => e.tabIndex > 0).map(e => all.indexOf(e));
            }
            """
        );
        Assert.Empty(places);
        List<string> sections = [];
        for (int i = 0; i < 400 && !sections.Contains("traces"); i++)
        {
            await report.Page.Keyboard.PressAsync("Tab");
            string section = await report.Page.EvaluateAsync<string>(
                "() => document.activeElement.closest('section, aside, nav')?.id || document.activeElement.closest('aside, nav')?.tagName || ''"
            );
            if (section.Length > 0 && (sections.Count == 0 || sections[^1] != section))
            {
                sections.Add(section);
            }
        }

        Assert.Equal(["NAV", "conclusion", "summary", "ASIDE", "response", "head", "text", "modes", "map", "roles", "traces"], sections);
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_search_finds_text_across_tokens_and_goes_to_it()
    {
        await using OpenReport report = await browser.OpenAsync();

        await report["input[type=search]"].FillAsync("BROWN fox");

        Assert.Matches(
            @"^1 of \d+, calm$",
            await report["[role=status]"].Filter(new LocatorFilterOptions { HasText = "calm" }).InnerTextAsync()
        );
        Assert.Equal("brown·fox", string.Concat(await report[".tokens .current"].AllInnerTextsAsync()));
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task An_extreme_token_leads_to_its_place_in_the_text()
    {
        await using OpenReport report = await browser.OpenAsync();
        ILocator row = report["#modes tr.lowest"].First;
        await row.ClickAsync();

        Assert.NotNull(await report.Page.EvaluateAsync<string?>("document.activeElement.dataset.token"));
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_point_of_the_map_leads_to_its_token_in_the_text()
    {
        await using OpenReport report = await browser.OpenAsync();
        await report["#map canvas"].FocusAsync();
        await report.Page.Keyboard.PressAsync("ArrowRight");
        Assert.Contains("loss at w*", await report["#tip"].InnerTextAsync(), StringComparison.Ordinal);

        await report.Page.Keyboard.PressAsync("Enter");

        Assert.NotNull(await report.Page.EvaluateAsync<string?>("document.activeElement.dataset.token"));
        Assert.True(
            await report["#map canvas"]
                .EvaluateAsync<bool>(
                    "c => new Set(new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size > 10"
                )
        );
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Arrow_keys_reach_every_head_and_enter_locks_it()
    {
        await using OpenReport report = await browser.OpenAsync();
        await report.Head("l0h0").FocusAsync();

        await report.Page.Keyboard.PressAsync("ArrowDown");
        await report.Page.Keyboard.PressAsync("Enter");

        Assert.Equal("true", await report.Head("l1h0").GetAttributeAsync("aria-pressed"));
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Traces_show_every_chain_burn_in_L0_and_the_null_line()
    {
        await using OpenReport report = await browser.OpenAsync();

        Assert.Equal(HostileRun.Chains, await report["#traces .chart path.chain"].CountAsync());
        Assert.Equal(1, await report["#traces .burn-in"].CountAsync());
        string labels = string.Concat(await report["#traces .chart text"].AllTextContentsAsync());
        Assert.Contains("L0 2", labels, StringComparison.Ordinal);
        Assert.Contains("null 5.5", labels, StringComparison.Ordinal);
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Dark_colours_follow_the_system_and_the_button()
    {
        await using OpenReport report = await browser.OpenAsync(colours: ColorScheme.Dark);
        double dark = await Brightness(report);
        await report["#theme"].ClickAsync();
        double light = await Brightness(report);
        await report["#theme"].ClickAsync();

        Assert.True(dark < 60, $"{dark}");
        Assert.True(light > 200, $"{light}");
        Assert.Equal(dark, await Brightness(report));
        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Text_keeps_a_contrast_of_4_5_in_light_and_dark()
    {
        foreach (ColorScheme colours in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using OpenReport report = await browser.OpenAsync(colours: colours);
            string[] pairs =
            [
                "--ink --paper",
                "--ink --positive",
                "--ink --negative",
                "--ink --zero",
                "--muted --paper",
                "--muted --panel",
                "--accent --paper",
            ];
            foreach (string pair in pairs)
            {
                double contrast = await report.Page.EvaluateAsync<double>(Contrast, pair.Split(' '));
                Assert.True(contrast >= 4.5, $"{colours} {pair}: {contrast:0.00}");
            }
        }
    }

    [BrowserFact]
    public async Task A_narrow_screen_scrolls_down_only_and_hides_nothing()
    {
        await using OpenReport report = await browser.OpenAsync(width: 360, height: 740);

        Assert.True(await report.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 360);
        foreach (string section in new[] { "summary", "response", "head", "text", "modes", "map", "roles", "traces" })
        {
            Assert.True(await report[$"#{section}"].IsVisibleAsync(), section);
        }

        report.AssertQuiet();
    }

    [BrowserFact]
    public async Task Everything_that_can_be_used_has_a_name()
    {
        await using OpenReport report = await browser.OpenAsync();

        string[] nameless = await report.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('button, a, select, input, canvas, [tabindex="0"]')]
              .filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length || e.getAttribute('placeholder')))
              .map(e => e.outerHTML.slice(0, 120))
            """
        );
        Assert.Empty(nameless);
        report.AssertQuiet();
    }

    // WCAG 2: relative luminance of what the browser makes of two variables, painted on a canvas.
    private const string Contrast = """
        names => {
          const luminance = name => {
            const probe = document.body.appendChild(document.createElement('i'));
            probe.style.color = `var(${name})`;
            const context = document.createElement('canvas').getContext('2d');
            context.fillStyle = getComputedStyle(probe).color;
            probe.remove();
            context.fillRect(0, 0, 1, 1);
            const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const [a, b] = names.map(luminance);
          return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        }
        """;

    private static Task<double> Brightness(OpenReport report) =>
        report.Page.EvaluateAsync<double>(
            "() => { const c = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number); return (c[0] + c[1] + c[2]) / "
                + "3; }"
        );

    private static async Task<string> Download(OpenReport report, string button)
    {
        IDownload download = await report.Page.RunAndWaitForDownloadAsync(() => report[$"button:text-is('{button}')"].ClickAsync());
        using StreamReader reader = new(await download.CreateReadStreamAsync());
        return await reader.ReadToEndAsync();
    }

    private static double[] Numbers(IReadOnlyList<string> texts) =>
        [.. texts.Select(text => double.Parse(text.Replace('−', '-'), CultureInfo.InvariantCulture))];
}
