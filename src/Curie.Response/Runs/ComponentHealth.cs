namespace Curie.Response.Runs;

/// <summary>The health of one component's chains.</summary>
/// <param name="Component">The component's name; `full` too.</param>
/// <param name="Chains">Every chain, in order.</param>
public sealed record ComponentHealth(string Component, IReadOnlyList<ChainHealth> Chains)
{
    private readonly IReadOnlyDictionary<string, double?> _diagnostics = new Dictionary<string, double?>();

    /// <summary>Figures by name, such as `r_hat` or `effective_sample_size`; a figure that is not finite is kept as null.</summary>
    public IReadOnlyDictionary<string, double?> Diagnostics
    {
        get => _diagnostics;
        init =>
            _diagnostics = value.ToDictionary(
                pair => pair.Key,
                pair => pair.Value is { } figure && double.IsFinite(figure) ? pair.Value : null
            );
    }

    /// <summary>What a reader should know before trusting the component's numbers, in words.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
