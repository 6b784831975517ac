using Curie.Numerics;

namespace Curie.Response.Coverage;

/// <summary>How the known posterior is sampled when the intervals' coverage is measured.</summary>
/// <param name="Name">The case in words.</param>
/// <param name="Persistence">
/// ρ = 1 − εa/2 of the slowest direction of `full`, the correlation of its weights from draw to draw; 0 for independent draws.
/// </param>
/// <param name="Chains">Chains of every component.</param>
/// <param name="Draws">Draws of every chain.</param>
public sealed record CoverageCase(string Name, double Persistence, int Chains, int Draws)
{
    private const int LeastDraws = 8;

    /// <summary>
    /// Whether chains are antithetic pairs with shadows, which measure the covariance as a response; otherwise they are single, and it is
    /// the product of fluctuations.
    /// </summary>
    public bool Coupled { get; init; } = true;

    /// <summary>nβ.</summary>
    public double NBeta { get; init; } = 30;

    /// <summary>γ. With the default nβ and γ, those of the published runs, localisation is most of what holds the weights.</summary>
    public double Localization { get; init; } = 300;

    /// <summary>Independent copies of the four weights; more make φ more nearly normal.</summary>
    public int Copies { get; init; } = 16;

    /// <summary>
    /// The size of what tells two of the components from the other two: it makes the second mode, which without it is no larger than the
    /// third. Nothing decides between modes of
    /// equal size, and the order in which they are found is noise.
    /// </summary>
    public double Contrast { get; init; } = 0.3;

    /// <summary>
    /// Whether gradients carry minibatch noise as strong as the Langevin noise, the same for `full` and for every component, as runs that
    /// share
    /// their order of minibatches have.
    /// </summary>
    public bool SharedMinibatches { get; init; }

    /// <summary>
    /// Rows of each of the two probes, of <see cref="TokensPerRow"/> tokens that are drawn anew for every experiment; 0 for the same 12
    /// tokens of each probe in all of them. With rows, explained variances, loadings and reliabilities are compared with those of all text.
    /// </summary>
    public int Rows { get; init; }

    /// <summary>Tokens of a row, which share half of what all components feel alike.</summary>
    public int TokensPerRow { get; init; } = 4;

    /// <summary>Whether it is here to show where intervals are short, not to hold what they say.</summary>
    public bool ShowsLimits { get; init; }

    /// <summary>
    /// The cases of the study: coupled chains, from independent to strongly correlated draws, from few to many, of 1, 2 and 4 pairs; then
    /// single chains.
    /// </summary>
    public static IReadOnlyList<CoverageCase> Study { get; } =
    [
        new("independent, 1 pair × 100", 0, 2, 100),
        new("independent, 2 pairs × 20", 0, 4, 20),
        new("independent, 2 pairs × 100", 0, 4, 100),
        new("ρ .85, 1 pair × 100", 0.85, 2, 100),
        new("ρ .85, 2 pairs × 20", 0.85, 4, 20),
        new("ρ .85, 2 pairs × 100", 0.85, 4, 100),
        new("ρ .85, 4 pairs × 100", 0.85, 8, 100),
        new("ρ .85, 2 pairs × 400", 0.85, 4, 400),
        new("ρ .95, 1 pair × 400", 0.95, 2, 400),
        new("ρ .95, 2 pairs × 100", 0.95, 4, 100),
        new("ρ .95, 4 pairs × 100", 0.95, 8, 100),
        new("ρ .95, 2 pairs × 400", 0.95, 4, 400),
        new("ρ .85, 2 pairs × 400, shared minibatches", 0.85, 4, 400) { SharedMinibatches = true },
        new("ρ .85, 2 pairs × 400, four weights", 0.85, 4, 400) { Copies = 1, ShowsLimits = true },
        new("ρ .95, 2 pairs × 400, stiff loss", 0.95, 4, 400) { NBeta = 100, Localization = 10 },
        new("ρ .85, 2 pairs × 400, equal modes", 0.85, 4, 400) { Contrast = 0, ShowsLimits = true },
        new("independent, 2 pairs × 100, text drawn anew", 0, 4, 100) { Rows = 20 },
        new("ρ .85, 2 pairs × 100, text drawn anew", 0.85, 4, 100) { Rows = 20 },
        new("ρ .85, 2 pairs × 400, text drawn anew", 0.85, 4, 400) { Rows = 20 },
        Single("independent, 4 chains × 100", 0, 4, 100),
        Single("ρ .85, 4 chains × 100", 0.85, 4, 100) with
        {
            ShowsLimits = true,
        },
        Single("ρ .85, 4 chains × 400", 0.85, 4, 400),
        Single("ρ .95, 4 chains × 100", 0.95, 4, 100) with
        {
            ShowsLimits = true,
        },
        Single("ρ .95, 4 chains × 400", 0.95, 4, 400) with
        {
            ShowsLimits = true,
        },
        Single("ρ .85, 1 chain × 400", 0.85, 1, 400) with
        {
            ShowsLimits = true,
        },
        Single("ρ .85, 4 chains × 400, shared minibatches", 0.85, 4, 400) with
        {
            SharedMinibatches = true,
        },
        Single("ρ .95, 4 chains × 100, four weights", 0.95, 4, 100) with
        {
            Copies = 1,
            ShowsLimits = true,
        },
        Single("ρ .95, 4 chains × 400, four weights", 0.95, 4, 400) with
        {
            Copies = 1,
            ShowsLimits = true,
        },
        Single("ρ .85, 4 chains × 400, equal modes", 0.85, 4, 400) with
        {
            Contrast = 0,
        },
    ];

    /// <exception cref="InputException">A setting is out of range.</exception>
    internal void Validate()
    {
        if (!(Persistence >= 0 && Persistence < 1) || Chains < 1 || Draws < LeastDraws || Copies < 1 || Rows < 0 || TokensPerRow < 1)
        {
            throw new InputException(
                $"coverage case '{Name}': ρ is at least 0 and below 1, and there are at least 1 chain, {LeastDraws} draws and 1 copy."
            );
        }
    }

    private static CoverageCase Single(string name, double persistence, int chains, int draws) =>
        new(name, persistence, chains, draws)
        {
            Coupled = false,
            NBeta = 100,
            Localization = 10,
        };
}
