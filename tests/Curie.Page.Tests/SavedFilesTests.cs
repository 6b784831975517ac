using Microsoft.Playwright;

namespace Curie.Page.Tests;

/// <summary>
/// Everything that the page offers to save, read where the page hands it to the browser: the blob behind the address that the page's link
/// would download. No download is waited for.
/// </summary>
public sealed class SavedFilesTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [BrowserFact]
    public async Task Every_figure_and_table_of_an_analysed_run_arrives_whole()
    {
        using HostileRun run = new();
        HostileRun.Curie("structure", run.File("run"), "--modes", "2");
        string weights = run.File("weights.npy");
        HostileRun.Curie("design", run.File("run"), "--mode", "1", "--probe", "calm", "--out", weights);
        HostileRun.Curie("report", run.File("run"), "--design", weights, "--out", run.Report, "--overwrite");
        await using OpenReport report = await browser.OpenAsync(run.Report, width: 1280);
        await report.Head("l0h1").ClickAsync();

        await AssertSavesAll(report, fewest: 30);
    }

    [BrowserFact]
    public async Task Every_figure_and_table_of_a_development_arrives_whole()
    {
        await using OpenReport report = await browser.OpenReplayAsync();

        await AssertSavesAll(report, fewest: 30);
    }

    [BrowserFact]
    public async Task Strips_of_a_layer_arrive_as_they_are_shown()
    {
        await using OpenReport report = await browser.OpenAsync();
        await report["#text select"].Nth(1).SelectOptionAsync("1");

        Saved[] saved = await report.Page.EvaluateAsync<Saved[]>(SaveAll, "#text");

        Assert.Equal(["text.svg", "text.png"], saved.Select(one => one.Name));
        Assert.DoesNotContain(saved, one => one.Problem.Length > 0);
    }

    private static async Task AssertSavesAll(OpenReport report, int fewest)
    {
        Saved[] saved = await report.Page.EvaluateAsync<Saved[]>(SaveAll, "main");

        Assert.Equal([], saved.Where(one => one.Problem.Length > 0).Select(one => $"{one.Label}: {one.Problem}"));
        Assert.True(saved.Length >= fewest, $"{saved.Length} files");
        Assert.Equal(await report["main button.save, main button:text-matches('^Export .* \\\\(CSV\\\\)$')"].CountAsync(), saved.Length);
        foreach (string ending in new[] { ".svg", ".png", ".csv" })
        {
            Assert.Contains(saved, one => one.Name.EndsWith(ending, StringComparison.Ordinal));
        }

        string[] alone = await report.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('main .exportable')].filter(e => !e.querySelector('button.save')).map(e => e.outerHTML.slice(0, 80))"
        );
        Assert.Empty(alone);
        report.AssertQuiet();
    }

    /// <summary>A file that the page gave away.</summary>
    private sealed record Saved
    {
        public string Label { get; init; } = "";
        public string Name { get; init; } = "";
        public string Problem { get; init; } = "";
    }

    // Fields by RFC 4180; a matrix is saved as a line for every cell, any other table as a line for every row.
    private const string SaveAll = """
        async selector => {
          document.querySelectorAll('details').forEach(details => (details.open = true));
          const blobs = new Map();
          let arrived = () => undefined;
          URL.createObjectURL = blob => {
            const address = `blob:kept-${blobs.size}`;
            blobs.set(address, blob);
            return address;
          };
          URL.revokeObjectURL = () => undefined;
          HTMLAnchorElement.prototype.click = function () {
            arrived({ name: this.download, blob: blobs.get(this.href) });
          };

          const csvRows = text => {
            const rows = [];
            let [row, field, quoted] = [[], '', false];
            for (let i = 0; i < text.length; i++) {
              const c = text[i];
              if (quoted && c === '"' && text[i + 1] === '"') { field += '"'; i++; }
              else if (c === '"') quoted = !quoted;
              else if (!quoted && c === ',') { row.push(field); field = ''; }
              else if (!quoted && c === '\n') { row.push(field); rows.push(row); [row, field] = [[], '']; }
              else field += c;
            }
            return quoted || field || row.length ? null : rows;
          };
          const svg = async blob => {
            const drawing = new DOMParser().parseFromString(await blob.text(), 'image/svg+xml');
            if (drawing.querySelector('parsererror')) return 'is no XML';
            const root = drawing.documentElement;
            if (root.localName !== 'svg') return `is a ${root.localName}`;
            if (!(Number(root.getAttribute('width')) > 0 && Number(root.getAttribute('height')) > 0)) return 'has no size';
            if (root.querySelectorAll('rect, path, line, circle, text, image').length < 3) return 'is empty';
            return '';
          };
          const png = async blob => {
            const bytes = new DataView(await blob.arrayBuffer());
            if (bytes.byteLength < 100) return `has ${bytes.byteLength} bytes`;
            if (bytes.getUint32(0) !== 0x89504e47 || bytes.getUint32(4) !== 0x0d0a1a0a) return 'has no PNG signature';
            return bytes.getUint32(16) > 0 && bytes.getUint32(20) > 0 ? '' : 'has no size';
          };
          const table = async (blob, button) => {
            const rows = csvRows(await blob.text());
            if (!rows) return 'ends within a field';
            if (rows.length === 0 || rows[0].some(title => title === '' && rows[0].length > 2)) return 'has no header';
            if (rows.some(row => row.length !== rows[0].length)) return 'has rows of different lengths';
            const shown = button.closest('.exportable')?.querySelector('table');
            if (!shown) return rows.length > 1 ? '' : 'has no rows';
            const lines = [...shown.tBodies].flatMap(body => [...body.rows]);
            const expected = shown.classList.contains('matrix')
              ? lines.reduce((sum, line) => sum + line.querySelectorAll('td').length, 0)
              : lines.length;
            return rows.length - 1 === expected ? '' : `has ${rows.length - 1} rows, and the table ${expected}`;
          };

          const buttons = [...document.querySelector(selector).querySelectorAll('button')].filter(
            button => button.classList.contains('save') || /^Export .* \(CSV\)$/.test(button.textContent),
          );
          const saved = [];
          for (const button of buttons) {
            const label = button.getAttribute('aria-label') ?? button.textContent;
            const file = new Promise(done => (arrived = done));
            button.click();
            const found = await Promise.race([file, new Promise(done => setTimeout(() => done(null), 10000))]);
            const kind = found?.name.split('.').at(-1);
            const types = { svg: 'image/svg+xml', png: 'image/png', csv: 'text/csv;charset=utf-8' };
            const problem = !found
              ? 'never came'
              : !found.blob || !/^[^.]+\.(svg|png|csv)$/.test(found.name)
                ? `came as “${found.name}”`
                : found.blob.type !== types[kind]
                  ? `is of type ${found.blob.type}`
                  : kind === 'svg'
                    ? await svg(found.blob)
                    : kind === 'png'
                      ? await png(found.blob)
                      : await table(found.blob, button);
            saved.push({ label, name: found?.name ?? '', problem });
          }
          return saved;
        }
        """;
}
