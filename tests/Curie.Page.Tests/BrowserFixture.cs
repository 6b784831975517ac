using Microsoft.Playwright;

namespace Curie.Page.Tests;

/// <summary>One browser for all tests of a class, started when the first test wants it, and the report that they open.</summary>
public sealed class BrowserFixture : IAsyncLifetime, IDisposable
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private HostileRun? _run;
    private DevelopedRun? _developed;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }
    }

    public void Dispose()
    {
        _playwright?.Dispose();
        _run?.Dispose();
        _developed?.Dispose();
    }

    /// <summary>Opens the report of a run in a window of its own.</summary>
    internal Task<OpenReport> OpenAsync(int width = 1280, int height = 900, ColorScheme colours = ColorScheme.Light) =>
        OpenAsync(() => (_run ??= new HostileRun()).Report, width, height, colours);

    /// <summary>Opens the report of a development alone.</summary>
    internal Task<OpenReport> OpenDevelopmentAsync(int width = 1280, int height = 900, ColorScheme colours = ColorScheme.Light) =>
        OpenAsync(() => (_developed ??= new DevelopedRun()).Alone, width, height, colours);

    /// <summary>Opens the report of runs of several checkpoints with their development.</summary>
    internal Task<OpenReport> OpenReplayAsync(int width = 1280, int height = 900) =>
        OpenAsync(() => (_developed ??= new DevelopedRun()).Together, width, height, ColorScheme.Light);

    /// <summary>Opens a report.</summary>
    internal Task<OpenReport> OpenAsync(string report, int width, ColorScheme colours = ColorScheme.Light) =>
        OpenAsync(() => report, width, height: 900, colours);

    private async Task<OpenReport> OpenAsync(Func<string> report, int width, int height, ColorScheme colours)
    {
        Assert.True(BrowserFactAttribute.Missing is null, BrowserFactAttribute.Missing);
        string path = report();
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = BrowserFactAttribute.Browser, Args = ["--no-sandbox", "--disable-gpu"] }
        );
        IBrowserContext context = await _browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = height },
                ColorScheme = colours,
                AcceptDownloads = true,

                // A smooth scroll goes on after a test has pointed somewhere, and hides the note that it looks for.
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
        return await OpenReport.OpenAsync(context, path);
    }
}
