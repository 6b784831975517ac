namespace Curie.Sampling.Samplers;

/// <summary>
/// The acceptance rate of a Langevin chain from the lengths of two drifts in a row (<see cref="MalaRatio.LogOfQuadratic"/>). Of a chain
/// with preconditioner G the lengths are weighted, F·GF, and the change of G from one step to the next is left out. At noise level σ the
/// target is e^{−U/σ²}.
/// </summary>
internal sealed class QuadraticAcceptance(SamplingOptions options)
{
    /// <summary>Scalars in <see cref="Save"/>.</summary>
    public const int Scalars = 3;

    private readonly double _step = options.StepSize;
    private readonly double _temperature = options.NoiseLevel * options.NoiseLevel;
    private double _before = double.NaN;

    /// <summary>The rate so far.</summary>
    public AcceptanceTally Tally { get; } = new(options.BurnIn);

    /// <summary>
    /// Takes Σ ((ε/2)F)² at the weights before update <paramref name="step"/>, which ends the step before and begins this one.
    /// </summary>
    public void Add(double driftSquare, long step)
    {
        if (!double.IsNaN(_before))
        {
            // ‖F‖² = 4·drift²/ε².
            double scale = 4 / (_step * _step * _temperature);
            Tally.Add(MalaRatio.LogOfQuadratic(scale * _before, scale * driftSquare, _step), step - 1);
        }

        _before = driftSquare;
    }

    public double[] Save() => [Tally.Sum, Tally.Count, _before];

    public void Restore(IReadOnlyList<double> scalars)
    {
        Tally.Restore(scalars[0], scalars[1]);
        _before = scalars[2];
    }
}
