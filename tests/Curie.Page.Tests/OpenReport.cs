using Microsoft.Playwright;

namespace Curie.Page.Tests;

/// <summary>A report in a window, which notes what must not happen: errors, dialogs, and requests for anything but the file.</summary>
internal sealed class OpenReport : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _wrong = [];

    private OpenReport(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
    }

    public IPage Page { get; }

    public static async Task<OpenReport> OpenAsync(IBrowserContext context, string file)
    {
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(15_000);
        OpenReport report = new(context, page);
        string address = new Uri(file).AbsoluteUri;
        page.Console += (_, message) => report.Note(message.Type == "error", $"console {message.Type}: {message.Text}");
        page.PageError += (_, error) => report.Note(true, $"error: {error}");
        page.Dialog += async (_, dialog) =>
        {
            report.Note(true, $"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Request += (_, request) =>
            report.Note(
                request.Url.Split('#')[0] != address
                    && !request.Url.StartsWith("data:", StringComparison.Ordinal)
                    && !request.Url.StartsWith("blob:", StringComparison.Ordinal),
                $"request: {request.Url}"
            );
        await page.GotoAsync(address);
        await page.WaitForSelectorAsync("main section");
        return report;
    }

    /// <summary>The elements that a selector finds.</summary>
    public ILocator this[string selector] => Page.Locator(selector);

    /// <summary>The head of that name in the grid.</summary>
    public ILocator Head(string name) => Page.Locator($".head-grid button[aria-label^='{name}']");

    /// <summary>The colour behind the n-th followed token, as the browser computes it.</summary>
    public Task<string> TokenColourAsync(int token) =>
        Page.Locator($"[data-token='{token}']")
            .EvaluateAsync<string>("element => { const s = getComputedStyle(element); return s.backgroundColor + s.backgroundImage; }");

    /// <summary>Points at an element once the page stands still: a scroll hides the note that pointing shows.</summary>
    public async Task PointAtAsync(ILocator element)
    {
        await element.ScrollIntoViewIfNeededAsync();
        await Page.EvaluateAsync(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))"
        );
        await element.HoverAsync();
    }

    public void AssertQuiet() => Assert.Empty(_wrong);

    public async ValueTask DisposeAsync() => await _context.CloseAsync();

    private void Note(bool isWrong, string what)
    {
        if (isWrong)
        {
            _wrong.Add(what);
        }
    }
}
