using Curie.Numerics;

namespace Curie.Response.Coverage;

/// <summary>How the known posterior is sampled when the intervals' coverage is measured.</summary>
/// <param name="Name">The case in words.</param>
/// <param name="Persistence">
/// ρ = 1 − εa/2 of the slowest direction of `full`, the correlation of its weights from draw to draw; 0 for independent draws.
/// </param>
/// <param name="Chains">Chains of every component.</param>
/// <param name="Draws">Draws of every chain.</param>
/// <param name="Copies">Independent copies of the four weights; more make φ more nearly normal.</param>
/// <param name="SharedMinibatches">
/// Whether gradients carry minibatch noise as strong as the Langevin noise, the same for `full` and for every component, as runs that share
/// their order of minibatches have.
/// </param>
public sealed record CoverageCase(string Name, double Persistence, int Chains, int Draws, int Copies = 16, bool SharedMinibatches = false)
{
    /// <summary>The cases of the study: independent and autocorrelated draws, the paper's 4 × 100 draws and longer chains.</summary>
    public static IReadOnlyList<CoverageCase> Study { get; } =
    [
        new("independent, 4 × 100", 0, 4, 100),
        new("ρ .85, 4 × 100", 0.85, 4, 100),
        new("ρ .85, 4 × 400", 0.85, 4, 400),
        new("ρ .95, 4 × 100", 0.95, 4, 100),
        new("ρ .95, 4 × 400", 0.95, 4, 400),
        new("ρ .85, 1 × 400", 0.85, 1, 400),
        new("ρ .85, 4 × 400, shared minibatches", 0.85, 4, 400, SharedMinibatches: true),
        new("ρ .95, 4 × 100, four weights", 0.95, 4, 100, Copies: 1),
        new("ρ .95, 4 × 400, four weights", 0.95, 4, 400, Copies: 1),
    ];

    /// <exception cref="InputException">A setting is out of range.</exception>
    internal void Validate()
    {
        if (!(Persistence >= 0 && Persistence < 1) || Chains < 1 || Draws < 8 || Copies < 1)
        {
            throw new InputException($"coverage case '{Name}': ρ is at least 0 and below 1, and there are at least 1 chain, 8 draws and 1 copy.");
        }
    }
}
