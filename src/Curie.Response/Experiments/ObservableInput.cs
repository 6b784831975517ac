using Curie.Response.Runs;

namespace Curie.Response.Experiments;

/// <summary>An observable other than P: the mean loss A over followed tokens of one probe, so that φ = A − A(w*).</summary>
/// <param name="Probe">The probe's name.</param>
public sealed record ObservableInput(string Probe)
{
    /// <summary>What the tokens are called that count, such as a pattern's name; null for all of the probe.</summary>
    public string? Pattern { get; init; }

    /// <summary>Which of an experiment's followed tokens count; those of other probes never do. Default null: all.</summary>
    public Func<TokenTable, bool[]>? Members { get; init; }
}
