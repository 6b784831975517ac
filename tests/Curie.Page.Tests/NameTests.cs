namespace Curie.Page.Tests;

/// <summary>Names of any length and direction, on a wide and on a narrow screen.</summary>
public sealed class NameTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    // Elements that hold text themselves, are seen, and are so narrow that a word of theirs stands letter under letter.
    private const string LetterUnderLetter = """
        () => [...document.querySelectorAll('main *, header *, aside *, footer *')]
          .filter((element) => {
            const own = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join('').trim();
            const box = element.getBoundingClientRect();
            const line = parseFloat(getComputedStyle(element).lineHeight) || 20;
            return own.length > 4 && box.width > 0 && box.width < 30 && box.height > 4 * line
              && getComputedStyle(element).writingMode === 'horizontal-tb';
          })
          .map((element) => `${element.tagName}.${element.className}: ${element.textContent.slice(0, 40)}`)
        """;

    // Entries of lists of facts whose blocks lie over one another.
    private const string Overlapping = """
        () => [...document.querySelectorAll('dl, .facts, .numbers')].flatMap((list) => {
          const boxes = [...list.querySelectorAll('dt, dd')].map((element) => [element, element.getBoundingClientRect()]);
          return boxes.flatMap(([a, p], i) => boxes.slice(i + 1)
            .filter(([b, q]) => !a.contains(b) && p.width > 0 && q.width > 0
              && p.left + 1 < q.right && q.left + 1 < p.right && p.top + 1 < q.bottom && q.top + 1 < p.bottom)
            .map(([b]) => `${a.textContent.slice(0, 30)} | ${b.textContent.slice(0, 30)}`));
        })
        """;

    // Elements that reach out of the window, and lie in nothing that scrolls.
    private const string Outside = """
        () => [...document.querySelectorAll('body *')]
          .filter((element) => {
            const scrolls = (one) => one !== null
              && (['auto', 'scroll', 'hidden'].includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
            const box = element.getBoundingClientRect();
            return box.width > 1 && (box.right > innerWidth + 1) && !scrolls(element.parentElement) && element.closest('svg') === null;
          })
          .map((element) => `${element.tagName}.${element.className}: ${element.textContent.slice(0, 40)}`)
        """;

    public static TheoryData<string> Names { get; } =
    [
        "p",
        new string('n', 50),
        string.Concat(Enumerable.Repeat("github_without_spaces_", 25))[..500],
        "مجموعة_بيانات_الاختبار",
        string.Concat(Enumerable.Repeat("بيانات", 84))[..500],
        "漢字" + new string('字', 498),
    ];

    [BrowserTheory]
    [MemberData(nameof(Names))]
    public async Task A_probe_of_any_name_leaves_the_page_in_order(string name)
    {
        using HostileRun run = new(name);
        foreach (int width in (int[])[1280, 390])
        {
            await using OpenReport report = await browser.OpenAsync(run.Report, width);
            await report.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(details => (details.open = true))");

            Assert.Empty(await report.Page.EvaluateAsync<string[]>(Outside));
            Assert.Equal(width, await report.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            Assert.Empty(await report.Page.EvaluateAsync<string[]>(LetterUnderLetter));
            Assert.Empty(await report.Page.EvaluateAsync<string[]>(Overlapping));
            Assert.Contains(name[..1], await report["main"].InnerTextAsync(), StringComparison.Ordinal);
            report.AssertQuiet();
        }
    }
}
