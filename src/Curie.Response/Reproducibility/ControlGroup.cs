using Curie.Response.Modes;

namespace Curie.Response.Reproducibility;

/// <summary>One component in a run and in its control.</summary>
/// <param name="Component">The component.</param>
/// <param name="Correlation">The correlation over tokens of its values in the two runs.</param>
/// <param name="Ceiling">√(ρ·ρ_control) from the runs' own reliabilities: what the correlation would be if noise alone told the runs apart;
/// null where unknown.</param>
/// <param name="SizeRatio">The standard deviation over tokens in the control, over that in the run.</param>
public sealed record ControlComponent(string Component, double Correlation, double? Ceiling, double SizeRatio);

/// <summary>One mode in a run and in its control.</summary>
/// <param name="Mode">The mode, from 1.</param>
/// <param name="ExplainedVariance">Its share in the run.</param>
/// <param name="ControlExplainedVariance">The share of the control's mode of that rank.</param>
/// <param name="LoadingAngle">The largest principal angle between the loadings of modes 1 … <paramref name="Mode"/> of the two runs,
/// degrees.</param>
/// <param name="ChanceAngle">The mean of that angle between random subspaces.</param>
/// <param name="ScoreAngle">The largest principal angle between their scores over tokens, degrees; about 90 by chance.</param>
public sealed record ControlMode(
    int Mode,
    double ExplainedVariance,
    double ControlExplainedVariance,
    double LoadingAngle,
    double ChanceAngle,
    double ScoreAngle
);

/// <summary>How much of a group's structure is there without the loss.</summary>
/// <param name="Group">The group's name, as <see cref="ModeGroup.Name"/>.</param>
/// <param name="FrobeniusRatio">|X_control| / |X|, Frobenius norms of the matrices of components × tokens, each component centred over
/// tokens.</param>
/// <param name="Components">Components with an estimate in both runs.</param>
/// <param name="Modes">The first modes.</param>
public sealed record ControlGroup(
    string Group,
    double FrobeniusRatio,
    IReadOnlyList<ControlComponent> Components,
    IReadOnlyList<ControlMode> Modes
);
