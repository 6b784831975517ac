using Curie.Numerics;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Sampling.Chains;

namespace Curie.Response.Experiments;

/// <summary>Turns the components' sums into the arrays and the health section of a run.</summary>
internal sealed class ResultBuilder
{
    private readonly double[] _tokenBaselines;
    private readonly double[] _probeBaselines;
    private readonly double _nBeta;
    private readonly double _temperature;
    private readonly CoefficientSlopes? _slopes;
    private readonly ComponentHealth[] _health;
    private readonly Dictionary<string, PerturbationRecord> _perturbations = [];
    private FullShift? _fullTokens;
    private FullShift? _fullProbes;

    public ResultBuilder(
        RunShape shape,
        ExperimentDesign design,
        bool hasFullCovariance,
        bool observesLoss,
        IReadOnlyList<ProbeSelection> selections,
        Accumulation.ProbeLayout layout,
        InitialLosses initial
    )
    {
        _nBeta = design.Sampling.NBeta;

        // Without noise there is no law, and no covariance.
        _temperature = design.Sampling.NoiseLevel > 0 ? design.Sampling.NoiseLevel * design.Sampling.NoiseLevel : 1;
        Data = new SusceptibilityData(shape, design.Estimator)
        {
            InitLossMean = initial.Mean,
            InitLossMeanStandardError = initial.MeanStandardError,
            Levels = design.HasLevels ? new LevelData(shape) : null,
            FullCovariance = hasFullCovariance ? new FullCovariance(shape) : null,
        };
        if (observesLoss)
        {
            _slopes = Data.AddSlopes();
        }
        else
        {
            Data.AddPhiTrace();
        }

        _health = new ComponentHealth[shape.Runs];
        _tokenBaselines = FullShift.BaselinesOf(initial.Tokens, initial.Mean);
        _probeBaselines = layout.Means(_tokenBaselines);
        FollowedTokens.Fill(Data.Tokens, selections);
        initial.Tokens.CopyTo(Data.Tokens.InitLoss, 0);
    }

    /// <summary>The arrays.</summary>
    public SusceptibilityData Data { get; }

    /// <summary>The health of every run, once all are added.</summary>
    public IReadOnlyList<ComponentHealth> Health => _health;

    /// <summary>How the shadows of every component were perturbed, once all are added.</summary>
    public IReadOnlyDictionary<string, PerturbationRecord> Perturbations => _perturbations;

    /// <summary>Adds a component.</summary>
    /// <param name="run">Its place: 0 is <c>full</c>, which comes before the others.</param>
    /// <param name="sampled">What was sampled.</param>
    /// <exception cref="DivergenceException">It is <c>full</c> and no chain of it is healthy: nothing can be estimated then.</exception>
    public void Add(int run, SampledMoments sampled)
    {
        ComponentReport report = sampled.Report;
        for (int chain = 0; chain < report.Trace.Count; chain++)
        {
            CopyMeans(report.Trace[chain], Data.Trace(run, chain));
            if (sampled.PhiTrace is { } phi)
            {
                int draws = report.Trace[chain].Length;
                CopyMeans(phi.AsSpan(chain * draws, draws), Data.PhiTrace(run, chain));
            }
        }

        Data.Batches?.Set(run, sampled.Moments);

        if (sampled.Alignment is { } alignment)
        {
            Data.SetAlignment(run - 1, alignment);
        }

        // One batch of draws has a mean but no error, and no number is given without one.
        bool alive = sampled.Moments.Tokens.Batches >= 2;
        if (_fullTokens is null || _fullProbes is null)
        {
            if (!alive)
            {
                throw new DivergenceException($"every chain of full was stopped, so nothing can be estimated: {report.Failures[0]}");
            }

            _fullTokens = FullShift.Estimate(sampled.Moments.Tokens, _tokenBaselines);
            _fullProbes = FullShift.Estimate(sampled.Moments.Probes, _probeBaselines);
            Data.SetFullShift(_fullTokens, _fullProbes);
            Data.FullCovariance?.Set(sampled.Moments, _fullTokens, _fullProbes);
        }
        else if (alive && HasMoved(report))
        {
            Data.Response.SetRow(run - 1, sampled.Moments.Tokens, _fullTokens);
            Data.Dataset.SetRow(run - 1, sampled.Moments.Probes, _fullProbes);
            _slopes?.SetRow(run - 1, sampled.Moments.Probes, _nBeta, _temperature);
        }
        else
        {
            Data.Response.FillRow(run - 1, float.NaN);
            Data.Dataset.FillRow(run - 1, double.NaN);
            _slopes?.FillRow(run - 1, double.NaN);
        }

        if (sampled.Gaussian is not null && sampled.Difference is not null)
        {
            Data.Levels?.Set(run, sampled.Moments, sampled.Gaussian, sampled.Difference);
        }

        if (sampled.Perturbation is { } perturbation)
        {
            _perturbations[report.Component] = new PerturbationRecord(
                perturbation.Strength,
                perturbation.Corrected,
                perturbation.Displacement
            );
        }

        _health[run] = HealthReport.Of(sampled);
    }

    /// <summary>
    /// Whether any chain left the checkpoint. Where none did, φ and every shift are 0 by construction, and what rounding leaves of them has
    /// modes, patterns and clusters as any numbers have.
    /// </summary>
    private static bool HasMoved(ComponentReport report) => report.HealthyChains.Any(chain => report.Distances[chain] > 0);

    /// <summary>Copies a trace, or the means of stretches of it where there are more draws than places.</summary>
    internal static void CopyMeans(ReadOnlySpan<double> trace, Span<double> means)
    {
        int factor = trace.Length / means.Length;
        for (int draw = 0; draw < means.Length; draw++)
        {
            double sum = 0;
            foreach (double loss in trace.Slice(draw * factor, factor))
            {
                sum += loss;
            }

            means[draw] = sum / factor;
        }
    }
}
