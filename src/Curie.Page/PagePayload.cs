using Curie.Numerics;
using Curie.Page.Data;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Designs;

namespace Curie.Page;

/// <summary>Everything that a page shows: one JSON object and one block of arrays (docs/formats.md, "The page's data").</summary>
public sealed class PagePayload
{
    /// <summary>The version of the layout; the page refuses another.</summary>
    public const int Format = 4;

    private const int MostOthers = 4;
    private readonly PageArrays _arrays = new();
    private PageData _data;

    private PagePayload(string name, DevelopmentData? development) =>
        _data = new PageData(
            Format,
            name,
            typeof(PagePayload).Assembly.GetName().Version!.ToString(3),
            Response: null,
            development,
            Replay: null,
            Comparison: null,
            Design: null,
            _arrays.Table
        );

    /// <summary>
    /// Everything but the arrays, as JSON in ASCII with &lt;, &gt;, &amp; and quotes as \u escapes.
    /// </summary>
    public string ToJson() => PageJson.ToText(_data);

    /// <summary>The arrays.</summary>
    public string ArraysInBase64() => _arrays.ToBase64();

    /// <summary>Collects what some folders hold.</summary>
    /// <param name="runs">
    /// Run folders of one or several checkpoints, or two to stand side by side; may be empty if there is a development.
    /// </param>
    /// <param name="model">A folder with the model's tokenizer in place of the one that the run names, or null.</param>
    /// <param name="stages">A folder of <c>curie stages</c>, or null.</param>
    /// <param name="scores">A folder of scores over checkpoints, or null.</param>
    /// <param name="design">A file of weights that <c>curie design</c> wrote for the last run, or null.</param>
    /// <exception cref="InputException">A folder does not hold what it should, the runs do not belong together, or the weights are not of
    /// the last run.</exception>
    /// <exception cref="ArgumentException">A design is given without a run.</exception>
    public static PagePayload Of(
        IReadOnlyList<string> runs,
        string? model = null,
        string? stages = null,
        string? scores = null,
        string? design = null
    )
    {
        if (design is not null && runs.Count == 0)
        {
            throw new ArgumentException("A design is shown beside its run, and no run is given.", nameof(design));
        }

        (IReadOnlyList<CheckpointRun> checkpoints, CheckpointRun? beside) = CheckpointRun.Read(runs);
        DevelopmentData? development = stages is null ? null : PageDevelopment.Of(stages, scores);
        PagePayload payload = new(checkpoints.Count > 0 ? checkpoints[^1].Title : PageJson.FolderName(stages!), development);
        if (checkpoints.Count > 0)
        {
            payload.AddRuns(
                checkpoints,
                beside,
                model,
                design,
                stages is null ? scores : null,
                development is null && checkpoints.Count == 1 ? PageBudget.AloneBytes : PageBudget.SharedBytes
            );
        }

        return payload;
    }

    private void AddRuns(
        IReadOnlyList<CheckpointRun> checkpoints,
        CheckpointRun? beside,
        string? model,
        string? design,
        string? scores,
        long bytes
    )
    {
        SusceptibilityRun last = RunFolder.Read(checkpoints[^1].Folder);
        StoredDesign? designed = design is null ? null : StoredDesign.Read(design, checkpoints[^1].Folder, last);
        (string Name, SusceptibilityRun Run)[] others = [.. Others(checkpoints, beside)];
        if (beside is not null && !others[0].Run.Data.Tokens.HasSameTokens(last.Data.Tokens))
        {
            checkpoints = [checkpoints[^1]];
        }

        List<string> notes = [];
        PageAttention? attention = PageAttention.Read(checkpoints[^1].Folder, last.Manifest, notes);
        PageBudget budget = PageBudget.Of(last.Manifest, checkpoints.Count - 1, bytes - (attention?.Bytes ?? 0));
        using ProbeText text = ProbeText.Open(last, model);
        PageResponse response = new(
            checkpoints[^1].Folder,
            last,
            text,
            _arrays,
            budget.Tokens,
            attention,
            [.. others.Where(other => other.Run.Data.Tokens.HasSameTokens(last.Data.Tokens))],
            notes
        );
        ReplayData? replay = checkpoints.Count > 1 ? PageReplay.Of(checkpoints, last, response.Kept, budget, _arrays) : null;
        List<string> missing = [];
        CourseData? course = PageCourse.Of(checkpoints, missing);
        if (course is null && scores is not null)
        {
            throw new InputException(
                "`scores` are shown over training; name with `stages` the folder of curie stages that belongs to it, or the runs of "
                    + $"several of its checkpoints.{string.Concat(missing.Select(reason => $" {reason}"))}"
            );
        }

        DevelopmentData? development = _data.Development ?? (course is null ? null : PageDevelopment.OfRuns(checkpoints[^1].Title, scores));
        _data = _data with
        {
            Response = response.Data,
            Development = course is null ? development : development! with { Course = course },
            Replay = replay is null ? null : replay with { Notes = [.. replay.Notes, .. missing] },
            Comparison = beside is null ? null : PageComparison.Of(others[0], (checkpoints[^1].Name, last)),
            Design = designed is null ? null : PageDesign.Of(design!, designed, last, response.Kept, _arrays),
        };
    }

    /// <summary>The runs beside the last, or as many of them, evenly spread, as twins are looked for in.</summary>
    private static IEnumerable<(string Name, SusceptibilityRun Run)> Others(IReadOnlyList<CheckpointRun> checkpoints, CheckpointRun? beside)
    {
        CheckpointRun[] all =
            beside is null || checkpoints.Contains(beside) ? [.. checkpoints.SkipLast(1)] : [beside, .. checkpoints.SkipLast(1)];
        return PageReplay.Spread(all.Length, MostOthers).Select(place => (all[place].Name, RunFolder.Read(all[place].Folder)));
    }
}
