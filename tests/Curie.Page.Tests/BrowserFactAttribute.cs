namespace Curie.Page.Tests;

/// <summary>
/// A test in a browser. Without a browser, or without the page's template, it is reported as skipped, unless CURIE_REQUIRE_BROWSER is 1:
/// then it runs, and fails.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    private const string Required = "CURIE_REQUIRE_BROWSER";
    private const string Named = "CURIE_BROWSER";
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    public BrowserFactAttribute()
    {
        if (Environment.GetEnvironmentVariable(Required) != "1" && Missing is { } missing)
        {
            Skip = missing;
        }
    }

    /// <summary>The browser: what CURIE_BROWSER names, or Chromium where systems keep it; null if there is none.</summary>
    internal static string? Browser =>
        Environment.GetEnvironmentVariable(Named) is { Length: > 0 } named ? named : Array.Find(Places, File.Exists);

    /// <summary>What is missing to run; null if nothing is.</summary>
    internal static string? Missing =>
        Browser is null ? $"no Chromium was found; install one, or name it in {Named}"
        : !ReportPage.IsAvailable ? "this build holds no report page, because Node.js was missing"
        : null;
}
