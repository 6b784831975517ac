using System.Text.Json;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Response.Experiments;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Coupling;

namespace Curie.Response.Coverage;

/// <summary>
/// One experiment on a known posterior: `full` and every component sampled as in a run, with sums, batch means and traces.
/// </summary>
internal sealed class KnownReplicate : IDisposable
{
    private readonly KnownPosterior _posterior;
    private readonly SamplingOptions _options;
    private readonly Kernels _kernels;

    public KnownReplicate(KnownPosterior posterior, long seed, Kernels kernels)
    {
        _posterior = posterior;
        _options = posterior.Options with { Seed = seed };
        _kernels = kernels;
        Plan = ExperimentDesign.BatchesOf(_options, posterior.Estimator);
        FullDrawFactor = posterior.Estimator == CovarianceEstimator.Response ? ExperimentDesign.DefaultFullDrawFactor : 1;
        Layout = new ProbeLayout(["first", "second"], [.. Enumerable.Repeat(posterior.TokensPerProbe, KnownPosterior.Probes)])
        {
            Sampled = [.. Enumerable.Range(0, posterior.Tokens)],
        };
        (Full, FullReport) = Sample(null);
        (ComponentMoments Moments, ComponentReport Report)[] sampled =
        [
            .. Enumerable.Range(0, KnownPosterior.Weights).Select(c => Sample(c)),
        ];
        Components = [.. sampled.Select(one => one.Moments)];
        Reports = [.. sampled.Select(one => one.Report)];
    }

    /// <summary>How the draws of a component are cut into batches; those of `full` are cut into as many.</summary>
    public BatchPlan Plan { get; }

    public ProbeLayout Layout { get; }

    public ComponentMoments Full { get; }

    public ComponentReport FullReport { get; }

    public IReadOnlyList<ComponentMoments> Components { get; }

    public IReadOnlyList<ComponentReport> Reports { get; }

    /// <summary>Tokens' places, traces and batch means as a run folder would hold them; the rest of the arrays stay zero.</summary>
    public SusceptibilityRun ToRun()
    {
        RunShape shape = new(
            KnownPosterior.Weights,
            KnownPosterior.Probes,
            _posterior.Tokens,
            _options.Chains,
            _options.Draws,
            Plan.Batches,
            _posterior.Tokens,
            _options.Units
        );
        SusceptibilityData data = new(shape, _posterior.Estimator);
        for (int run = 0; run < shape.Runs; run++)
        {
            ComponentReport report = run == 0 ? FullReport : Reports[run - 1];
            for (int chain = 0; chain < shape.Chains; chain++)
            {
                ResultBuilder.CopyMeans(report.Trace[chain], data.Trace(run, chain));
            }

            data.Batches!.Set(run, run == 0 ? Full : Components[run - 1]);
        }

        for (int i = 0; i < _posterior.Tokens; i++)
        {
            data.Tokens.Probe[i] = i / _posterior.TokensPerProbe;
            data.Tokens.Row[i] = _posterior.RowOf(i);
        }

        return new SusceptibilityRun(
            new RunManifest
            {
                Versions = new Dictionary<string, string>(),
                Seeds = new Dictionary<string, long>(),
                Configuration = JsonSerializer.SerializeToElement(new { }),
                Components = [.. Components.Select(component => component.Component)],
                ProbeNames = Layout.Names,
                Shape = shape,
            },
            data
        );
    }

    public void Dispose()
    {
        Full.Dispose();
        foreach (ComponentMoments component in Components)
        {
            component.Dispose();
        }
    }

    /// <summary>How many times as many draws `full` makes as a component: what a run takes by default.</summary>
    private int FullDrawFactor { get; }

    private (ComponentMoments Moments, ComponentReport Report) Sample(int? component)
    {
        int draws = _options.Draws * (component is null ? FullDrawFactor : 1);
        SamplingOptions options = _options with { Draws = draws };
        BatchPlan plan = new(draws, Plan.Batches);
        string name = component is { } number ? $"l0h{number}" : "full";
        ILossSurface surface = component is { } one
            ? _posterior.Surface(one, _options.Seed, _kernels)
            : _posterior.FullSurface(_options.Seed, _kernels);
        CovarianceEstimator estimator = component is null ? CovarianceEstimator.Product : _posterior.Estimator;
        PairAccumulator[] units = [.. Enumerable.Range(0, _options.Units).Select(unit => new PairAccumulator(Layout, plan, unit))];
        SampledComponent sampled = new(name, surface, 0)
        {
            Companions = estimator == CovarianceEstimator.Response ? [Companion.Shadow(_posterior.Strength)] : [],
        };
        using Machine machine = new(_kernels, threads: 1);
        using GroupRun group = GroupRun.Of(sampled, options, machine);
        ComponentReport report = ChainRunner.Run(group, new KnownObserver(_posterior, component, units), new RunControls())[0];
        ComponentMoments moments = new(name, Layout, estimator);
        foreach (PairAccumulator unit in units)
        {
            moments.Add(unit);
            unit.Dispose();
        }

        return (moments, report);
    }
}
