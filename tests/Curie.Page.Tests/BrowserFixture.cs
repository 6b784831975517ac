using Microsoft.Playwright;

namespace Curie.Page.Tests;

/// <summary>One browser for all tests of a class, started when the first test wants it, and the report that they open.</summary>
public sealed class BrowserFixture : IAsyncLifetime, IDisposable
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private HostileRun? _run;

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
    }

    /// <summary>Opens the report in a window of its own.</summary>
    internal async Task<OpenReport> OpenAsync(int width = 1280, int height = 900, ColorScheme colours = ColorScheme.Light)
    {
        Assert.True(BrowserFactAttribute.Missing is null, BrowserFactAttribute.Missing);
        _run ??= new HostileRun();
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = BrowserFactAttribute.Browser,
            Args = ["--no-sandbox", "--disable-gpu"],
        });
        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = colours,
            AcceptDownloads = true,
        });
        return await OpenReport.OpenAsync(context, _run.Report);
    }
}
