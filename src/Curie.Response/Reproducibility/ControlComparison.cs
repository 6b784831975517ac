using System.Text.Json;
using Curie.Numerics;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;

namespace Curie.Response.Reproducibility;

/// <summary>
/// A run beside a control: the same experiment sampled at nβ = 0, where chains move by noise and localisation alone. What the control shows
/// too
/// comes from the geometry of the weights around w*, not from the loss. The parts carry no factor nβ (the 1/nβ in the definition
/// of χ cancels the nβ that differentiation brings down), so they are compared as they are; λ̂ carries one and is 0 for a control.
/// </summary>
/// <param name="Part">The name of the part.</param>
/// <param name="Groups">The groups of components with at least one estimate in both runs.</param>
/// <param name="SharesNoise">
/// Whether the chains of both had the same noise and minibatches, as controls of earlier versions had: what correlates may be that noise.
/// Ceilings, which are those of
/// independent runs, are then left out.
/// </param>
public sealed record ControlComparison(string Part, IReadOnlyList<ControlGroup> Groups, bool SharesNoise)
{
    /// <summary>The settings by which a control may differ from its run.</summary>
    private static readonly string[] Free =
    [
        "data",
        "components",
        "nbeta",
        "chains",
        "draws",
        "burn_in",
        "steps_between_draws",
        "full_draws",
        "gaussian_pairs",
        "control",
    ];

    /// <summary>Compares a run with its control.</summary>
    /// <param name="run">The run.</param>
    /// <param name="control">The control.</param>
    /// <param name="part">The part.</param>
    /// <param name="options">How many modes, and the seed.</param>
    /// <exception cref="InputException">The control is none, or belongs to another model, other probes or other components.</exception>
    public static ControlComparison Of(SusceptibilityRun run, SusceptibilityRun control, ResponsePart part, ReproducibilityOptions options)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(control);
        ArgumentNullException.ThrowIfNull(options);
        Require(run, control);
        return new ControlComparison(
            part.Name,
            [
                .. ModeGroup
                    .PerLayerAndAll(run.Manifest.Components)
                    .Select(group => Compare(run, control, part, group, options))
                    .OfType<ControlGroup>(),
            ],
            run.Manifest.SharesNoiseWith(control.Manifest)
        );
    }

    internal static void Require(SusceptibilityRun run, SusceptibilityRun control)
    {
        if (!control.Manifest.Control)
        {
            throw new InputException(
                "the run given as `control` was not sampled at nbeta 0; sample one with `ExperimentConfiguration.AsControl` and the same "
                    + "`ExperimentConfiguration`."
            );
        }

        TokenTable tokens = run.Data.Tokens;
        TokenTable others = control.Data.Tokens;
        if (!run.Manifest.Components.SequenceEqual(control.Manifest.Components) || !tokens.HasSameTokens(others))
        {
            throw new InputException(
                "the control has other components or other tokens than the run; make it with the same `ExperimentConfiguration` "
                    + "and the same seed."
            );
        }

        if (!tokens.InitLoss.SequenceEqual(others.InitLoss))
        {
            throw new InputException(
                "the control was made with another model: its losses at the checkpoint differ; make it with the same "
                    + "`ExperimentConfiguration`."
            );
        }

        if (FirstDifference(run.Manifest.Configuration, control.Manifest.Configuration) is { } key)
        {
            throw new InputException(
                $"the control was sampled with another {key} than the run, so that more than the loss sets them apart; make it with the "
                    + "same `ExperimentConfiguration`."
            );
        }
    }

    /// <summary>
    /// The first setting of the <c>sampling</c> section that must be the same and is not; null if there is none, or no such section.
    /// </summary>
    private static string? FirstDifference(JsonElement own, JsonElement other)
    {
        if (Sampling(own) is not { } first || Sampling(other) is not { } second)
        {
            return null;
        }

        IEnumerable<string> keys = first
            .EnumerateObject()
            .Concat(second.EnumerateObject())
            .Select(property => property.Name)
            .Distinct()
            .Except(Free);
        return keys.FirstOrDefault(key => Text(first, key) != Text(second, key));
    }

    private static JsonElement? Sampling(JsonElement configuration) =>
        configuration.ValueKind == JsonValueKind.Object
        && configuration.TryGetProperty("sampling", out JsonElement sampling)
        && sampling.ValueKind == JsonValueKind.Object
            ? sampling
            : null;

    private static string Text(JsonElement section, string key) =>
        section.TryGetProperty(key, out JsonElement value) ? value.GetRawText() : "";

    private static ControlGroup? Compare(
        SusceptibilityRun run,
        SusceptibilityRun control,
        ResponsePart part,
        ModeGroup group,
        ReproducibilityOptions options
    )
    {
        int[] rows = [.. group.Rows.Where(row => Varies(run, part, row) && Varies(control, part, row))];
        if (rows.Length == 0)
        {
            return null;
        }

        ReadOnlyMemory<float>[] values = [.. rows.Select(row => Values(run, part, row)), .. rows.Select(row => Values(control, part, row))];
        double[,] gram = new CentredGram(values, [.. values.Select(row => ModeAnalysis.Mean(row.Span))]).Compute(null);
        int count = rows.Length;
        double[,] own = Block(gram, 0, 0, count);
        double[,] cross = Block(gram, 0, count, count);
        double[,] other = Block(gram, count, count, count);
        GramModes ownModes = GramModes.Of(own);
        GramModes otherModes = GramModes.Of(other);
        IReadOnlyList<Reliability>? ownReliability = Reliabilities(run, part, rows);
        IReadOnlyList<Reliability>? otherReliability = Reliabilities(control, part, rows);
        return new ControlGroup(
            group.Name,
            Math.Sqrt(otherModes.Total / ownModes.Total),
            [
                .. rows.Select(
                    (row, c) =>
                        new ControlComponent(
                            run.Manifest.Components[row],
                            cross[c, c] / Math.Sqrt(own[c, c] * other[c, c]),
                            run.Manifest.SharesNoiseWith(control.Manifest) ? null : Ceiling(ownReliability?[c], otherReliability?[c]),
                            Math.Sqrt(other[c, c] / own[c, c])
                        )
                ),
            ],
            [
                .. Enumerable
                    .Range(0, Math.Min(options.Modes, count))
                    .Select(k => new ControlMode(
                        k + 1,
                        ownModes.Share(k),
                        otherModes.Share(k),
                        PrincipalAngles.Largest(PrincipalAngles.Products(ownModes.Loadings, otherModes.Loadings, k + 1)),
                        PrincipalAngles.OfRandomSubspaces(count, k + 1, options.Seed),
                        PrincipalAngles.Largest(SplitAgreement.ScoreProducts(ownModes, cross, otherModes, k + 1))
                    )),
            ]
        );
    }

    private static double? Ceiling(Reliability? own, Reliability? other) =>
        own is { Corrected: > 0 } first && other is { Corrected: > 0 } second ? Math.Sqrt(first.Corrected * second.Corrected) : null;

    private static IReadOnlyList<Reliability>? Reliabilities(SusceptibilityRun run, ResponsePart part, int[] rows) =>
        BatchBasis.Of(run, part, rows).Basis is { } basis ? SplitAgreement.Of(basis, 0).Components : null;

    internal static ReadOnlyMemory<float> Values(SusceptibilityRun run, ResponsePart part, int row) =>
        run.Data.Response.Values(part).AsMemory(row * run.Data.Response.Columns, run.Data.Response.Columns);

    internal static bool Varies(SusceptibilityRun run, ResponsePart part, int row)
    {
        ReadOnlySpan<float> values = Values(run, part, row).Span;
        bool varies = false;
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }

            varies |= value != values[0];
        }

        return varies;
    }

    private static double[,] Block(double[,] matrix, int row, int column, int count)
    {
        double[,] block = new double[count, count];
        for (int c = 0; c < count; c++)
        {
            for (int d = 0; d < count; d++)
            {
                block[c, d] = matrix[row + c, column + d];
            }
        }

        return block;
    }
}
