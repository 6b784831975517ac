namespace Curie.Development.Coefficients;

/// <summary>
/// One line of a study's table, a component at a checkpoint on a data set: its columns, then every detail but the traces.
/// </summary>
public sealed record CoefficientRow
{
    /// <summary>The checkpoint's name.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>The number of updates made.</summary>
    public required long Step { get; init; }

    /// <summary>The component.</summary>
    public required string Component { get; init; }

    /// <summary>The data set.</summary>
    public required string Data { get; init; }

    /// <summary>λ̂; null if every chain was stopped.</summary>
    public required double? Value { get; init; }

    /// <summary>Its standard error, over draws and rows; null if unknown.</summary>
    public required double? Se { get; init; }

    /// <summary>
    /// The part of draws, the one that is independent between checkpoints measured on the same rows; null if unknown.
    /// </summary>
    public required double? SamplingSe { get; init; }

    /// <summary><c>ok</c>, or the names of the verdicts that speak against the figure, joined by semicolons.</summary>
    public required string Health { get; init; }

    /// <summary>L0, the loss of the checkpoint on the rows that gave λ̂, nats; null of a checkpoint that diverged.</summary>
    public required double? Loss { get; init; }

    /// <summary>Its standard error over rows; null for a single row.</summary>
    public required double? LossSe { get; init; }

    /// <inheritdoc cref="CoefficientRecord.Dimension"/>
    public required int Dimension { get; init; }

    /// <inheritdoc cref="CoefficientRecord.SamplingDegreesOfFreedom"/>
    public required int? SamplingDegreesOfFreedom { get; init; }

    /// <inheritdoc cref="CoefficientRecord.RowSe"/>
    public required double? RowSe { get; init; }

    /// <inheritdoc cref="CoefficientRecord.HealthyChains"/>
    public required int HealthyChains { get; init; }

    /// <inheritdoc cref="CoefficientRecord.MeanLoss"/>
    public required double? MeanLoss { get; init; }

    /// <inheritdoc cref="CoefficientRecord.NullLoss"/>
    public required double? NullLoss { get; init; }

    /// <inheritdoc cref="CoefficientRecord.KnowledgeLost"/>
    public required double? KnowledgeLost { get; init; }

    /// <inheritdoc cref="CoefficientRecord.SplitRHat"/>
    public required double? SplitRHat { get; init; }

    /// <inheritdoc cref="CoefficientRecord.EffectiveSampleSize"/>
    public required double? EffectiveSampleSize { get; init; }

    /// <inheritdoc cref="CoefficientRecord.AutocorrelationTime"/>
    public required double? AutocorrelationTime { get; init; }

    /// <inheritdoc cref="CoefficientRecord.Distance"/>
    public required double? Distance { get; init; }

    /// <inheritdoc cref="CoefficientRecord.LocalizationDistance"/>
    public required double? LocalizationDistance { get; init; }

    /// <inheritdoc cref="CoefficientRecord.GewekeZ"/>
    public required double? GewekeZ { get; init; }

    /// <inheritdoc cref="CoefficientRecord.MalaAcceptance"/>
    public required double? MalaAcceptance { get; init; }

    /// <inheritdoc cref="CoefficientRecord.Temperature"/>
    public required double? Temperature { get; init; }

    /// <inheritdoc cref="CoefficientRecord.GrowthExponent"/>
    public required double? GrowthExponent { get; init; }

    /// <inheritdoc cref="CoefficientRecord.FractionBelowInitLoss"/>
    public required double? FractionBelowInitLoss { get; init; }

    /// <inheritdoc cref="CoefficientRecord.Excluded"/>
    public required IReadOnlyList<ExcludedChain> Excluded { get; init; }

    /// <inheritdoc cref="CoefficientRecord.Notes"/>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The row of one component of a measurement.</summary>
    public static CoefficientRow Of(string checkpoint, long step, string data, CoefficientRecord measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        return new CoefficientRow
        {
            Checkpoint = checkpoint,
            Step = step,
            Component = measured.Component,
            Data = data,
            Value = measured.Llc,
            Se = measured.LlcSe,
            SamplingSe = measured.SamplingSe,
            Health = measured.Health,
            Loss = double.IsFinite(measured.InitLoss) ? measured.InitLoss : null,
            LossSe = measured.InitLossSe,
            Dimension = measured.Dimension,
            SamplingDegreesOfFreedom = measured.SamplingDegreesOfFreedom,
            RowSe = measured.RowSe,
            HealthyChains = measured.HealthyChains,
            MeanLoss = measured.MeanLoss,
            NullLoss = measured.NullLoss,
            KnowledgeLost = measured.KnowledgeLost,
            SplitRHat = measured.SplitRHat,
            EffectiveSampleSize = measured.EffectiveSampleSize,
            AutocorrelationTime = measured.AutocorrelationTime,
            Distance = measured.Distance,
            LocalizationDistance = measured.LocalizationDistance,
            GewekeZ = measured.GewekeZ,
            MalaAcceptance = measured.MalaAcceptance,
            Temperature = measured.Temperature,
            GrowthExponent = measured.GrowthExponent,
            FractionBelowInitLoss = measured.FractionBelowInitLoss,
            Excluded = measured.Excluded,
            Notes = measured.Notes,
        };
    }
}
