namespace Curie.Sampling.Calibration;

/// <summary>What speaks against a setting.</summary>
/// <param name="Component">For which component.</param>
/// <param name="Reason">In a few words, such as <c>chains disagree (split R̂ 1.4)</c>.</param>
/// <param name="Remedy">What to change.</param>
public sealed record CalibrationObjection(string Component, string Reason, string Remedy)
{
    /// <summary>The reason without its figures in brackets, by which settings with the same fault are counted.</summary>
    public string Finding => Reason.IndexOf('(', StringComparison.Ordinal) is > 0 and int end ? Reason[..(end - 1)] : Reason;

    /// <summary>Component and reason.</summary>
    public override string ToString() => $"{Component}: {Reason}";
}
