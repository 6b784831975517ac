using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Page;

/// <summary>How much of a run, and of the runs of earlier checkpoints, fits into a page.</summary>
/// <param name="Tokens">The most followed tokens.</param>
/// <param name="Checkpoints">How many earlier checkpoints.</param>
/// <param name="Parts">The parts of the response that are kept of them.</param>
internal sealed record PageBudget(int Tokens, int Checkpoints, IReadOnlyList<ResponsePart> Parts)
{
    /// <summary>
    /// The bytes of the block of arrays of a page that shows one run alone: in base64 at most 12 MB, if nothing deflates.
    /// </summary>
    public const long AloneBytes = 9_000_000;

    /// <summary>The same where the page shows a development too, whose curves take up to a megabyte.</summary>
    public const long SharedBytes = 8_000_000;

    /// <summary>Before a page holds fewer tokens than these, it leaves out checkpoints.</summary>
    public const int FewestTokens = 4096;

    private const int FixedBytesPerToken = 56;

    /// <summary>Decides it.</summary>
    /// <param name="run">The last run.</param>
    /// <param name="earlier">The number of runs of earlier checkpoints.</param>
    /// <param name="bytes">The bytes that the arrays may take.</param>
    public static PageBudget Of(RunManifest run, int earlier, long bytes)
    {
        RunShape shape = run.Shape;
        IReadOnlyList<ResponsePart> parts = run.HeldParts;
        ResponsePart[] fewest = [run.MainPart];
        long own = Values(shape, parts.Count) + (HoldsCoefficientErrors(run) ? sizeof(short) * shape.Components : 0) + FixedBytesPerToken;
        long all = Replayed(shape, parts.Count);
        long least = Replayed(shape, fewest.Length);
        int tokens = (int)Math.Min(shape.Tokens, bytes / own);
        if (tokens * (own + (earlier * all)) <= bytes)
        {
            return new PageBudget(tokens, earlier, parts);
        }

        tokens = (int)Math.Min(tokens, Math.Max(FewestTokens, bytes / (own + (earlier * least))));
        return new PageBudget(tokens, (int)Math.Clamp(((bytes / tokens) - own) / least, 0, earlier), fewest);
    }

    /// <summary>Whether the page holds the standard errors of tokens' learning coefficients, which need batch means and the loss.</summary>
    public static bool HoldsCoefficientErrors(RunManifest run) => run.Holds(ResponsePart.Excess) && run.Shape.Batches > 0 && !run.Control;

    /// <summary>Values and standard errors of a token.</summary>
    private static long Values(RunShape shape, int parts) => 2L * sizeof(short) * parts * shape.Components;

    /// <summary>What a token takes at an earlier checkpoint: with its loss.</summary>
    private static long Replayed(RunShape shape, int parts) => Values(shape, parts) + sizeof(short);
}
