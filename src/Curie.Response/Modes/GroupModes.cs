using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Response.Modes;

/// <summary>The modes of one group of components, from one part of the response.</summary>
/// <param name="Name">The group's name, as <see cref="ModeGroup.Name"/>.</param>
/// <param name="Excluded">
/// Components of the group that have no estimate (no healthy chain that moved), and so no share in the modes.
/// </param>
/// <param name="Modes">The modes; null where there are none.</param>
/// <param name="Reason">Why there are no modes, in words; null where there are.</param>
public sealed record GroupModes(string Name, IReadOnlyList<string> Excluded, ModeAnalysis? Modes, string? Reason)
{
    /// <summary>Factors a part of every group of <see cref="ModeGroup.PerLayerAndAll"/>, each component centred over tokens.</summary>
    /// <param name="run">The run.</param>
    /// <param name="part">The part to factor.</param>
    /// <param name="pool">Shares the work when given; the result is the same to the last bit.</param>
    public static IReadOnlyList<GroupModes> Of(SusceptibilityRun run, ResponsePart part, WorkerPool? pool = null) =>
        Of(run, new ResponseView { Part = part }, pool);

    /// <summary>
    /// Factors every group of <see cref="ModeGroup.PerLayerAndAll"/>. A component whose row is not finite is left out and named.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="view">What to factor.</param>
    /// <param name="pool">Shares the work when given; the result is the same to the last bit.</param>
    public static IReadOnlyList<GroupModes> Of(SusceptibilityRun run, ResponseView view, WorkerPool? pool = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(view);
        bool[] finite = [.. Enumerable.Range(0, run.Manifest.Components.Count).Select(row => IsFinite(run.Data.Response, view.Part, row))];
        return [.. ModeGroup.PerLayerAndAll(run.Manifest.Components).Select(group => Of(run, view, group, finite, pool))];
    }

    private static GroupModes Of(SusceptibilityRun run, ResponseView view, ModeGroup group, bool[] finite, WorkerPool? pool)
    {
        IReadOnlyList<string> names = run.Manifest.Components;
        int[] kept = [.. group.Rows.Where(row => finite[row])];
        string[] excluded = [.. group.Rows.Where(row => !finite[row]).Select(row => names[row])];
        if (kept.Length == 0)
        {
            return new GroupModes(group.Name, excluded, null, "no component of this group has an estimate.");
        }

        try
        {
            ModeAnalysis modes = ModeAnalysis.Compute(
                [.. kept.Select(row => names[row])],
                view.Rows(run, kept),
                pool,
                view.Centring == Centring.Whitened
            );
            return new GroupModes(group.Name, excluded, modes, null);
        }
        catch (InputException error)
        {
            return new GroupModes(group.Name, excluded, null, error.Message);
        }
    }

    private static bool IsFinite(PartMatrices<float> matrices, ResponsePart part, int row)
    {
        foreach (float value in matrices.Values(part).AsSpan(row * matrices.Columns, matrices.Columns))
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}
