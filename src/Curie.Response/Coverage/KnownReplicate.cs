using System.Text.Json;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;

namespace Curie.Response.Coverage;

/// <summary>One experiment on a known posterior: `full` and every component sampled as in a run, with sums, batch means and traces.</summary>
internal sealed class KnownReplicate : IDisposable
{
    private static readonly int[] ProbeTokens = [.. Enumerable.Repeat(KnownPosterior.TokensPerProbe, KnownPosterior.Probes)];
    private readonly KnownPosterior _posterior;
    private readonly SamplingOptions _options;
    private readonly Kernels _kernels;

    public KnownReplicate(KnownPosterior posterior, long seed, Kernels kernels)
    {
        _posterior = posterior;
        _options = posterior.Options with { Seed = seed };
        _kernels = kernels;
        Plan = BatchPlan.ForDraws(_options.Draws, _options.Chains);
        Layout = new ProbeLayout(["first", "second"], ProbeTokens) { Sampled = [.. Enumerable.Range(0, KnownPosterior.Tokens)] };
        (Full, FullReport) = Sample(null);
        (ComponentMoments Moments, ComponentReport Report)[] sampled = [.. Enumerable.Range(0, KnownPosterior.Weights).Select(c => Sample(c))];
        Components = [.. sampled.Select(one => one.Moments)];
        Reports = [.. sampled.Select(one => one.Report)];
    }

    public BatchPlan Plan { get; }

    public ProbeLayout Layout { get; }

    public ComponentMoments Full { get; }

    public ComponentReport FullReport { get; }

    public IReadOnlyList<ComponentMoments> Components { get; }

    public IReadOnlyList<ComponentReport> Reports { get; }

    /// <summary>Traces and batch means as a run folder would hold them; the rest of the arrays stay zero.</summary>
    public SusceptibilityRun ToRun()
    {
        RunShape shape = new(
            KnownPosterior.Weights, KnownPosterior.Probes, KnownPosterior.Tokens, _options.Chains, _options.Draws, Plan.Batches, KnownPosterior.Tokens);
        SusceptibilityData data = new(shape);
        for (int run = 0; run < shape.Runs; run++)
        {
            ComponentReport report = run == 0 ? FullReport : Reports[run - 1];
            for (int chain = 0; chain < shape.Chains; chain++)
            {
                report.Trace[chain].CopyTo(data.Trace(run, chain));
            }

            data.Batches!.Set(run, run == 0 ? Full : Components[run - 1]);
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
            data);
    }

    public void Dispose()
    {
        Full.Dispose();
        foreach (ComponentMoments component in Components)
        {
            component.Dispose();
        }
    }

    private (ComponentMoments Moments, ComponentReport Report) Sample(int? component)
    {
        string name = component is { } one ? $"l0h{one}" : "full";
        ILossSurface surface = _posterior.Surface(component, _options.Seed, _kernels);
        PairAccumulator[] chains = [.. Enumerable.Range(0, _options.Chains).Select(chain => new PairAccumulator(Layout, Plan, chain))];
        using WorkerPool pool = new(1);
        ComponentReport report = ChainRunner.Run(
            new SampledComponent(name, surface, 0), _options, new Observer(_posterior, surface as CoordinateSubset, chains), _kernels, pool);
        ComponentMoments moments = new(name, Layout);
        foreach (PairAccumulator chain in chains)
        {
            moments.Add(chain);
            chain.Dispose();
        }

        return (moments, report);
    }

    /// <summary>Feeds φ and the tokens' losses of every draw to the chain's accumulator; L0 and every ℓ_i(w*) are 0.</summary>
    private sealed class Observer(KnownPosterior posterior, CoordinateSubset? subset, PairAccumulator[] chains) : IDrawObserver
    {
        private readonly float[] _init = new float[KnownPosterior.Tokens];
        private readonly float[] _losses = new float[KnownPosterior.Tokens];
        private readonly double[] _changes = new double[KnownPosterior.Tokens];
        private readonly double[] _sum = new double[KnownPosterior.Weights];
        private readonly double[] _squares = new double[KnownPosterior.Weights * KnownPosterior.Weights];
        private float[] _all = [];

        public double Observe(int chain, int draw, ReadOnlySpan<float> w)
        {
            ReadOnlySpan<float> all = w;
            if (subset is not null)
            {
                Array.Resize(ref _all, w.Length * KnownPosterior.Weights);
                subset.CopyAll(w, _all);
                all = _all;
            }

            Array.Clear(_sum);
            Array.Clear(_squares);
            for (int copy = 0; copy < all.Length; copy += KnownPosterior.Weights)
            {
                for (int c = 0; c < KnownPosterior.Weights; c++)
                {
                    _sum[c] += all[copy + c];
                    for (int d = 0; d < KnownPosterior.Weights; d++)
                    {
                        _squares[(c * KnownPosterior.Weights) + d] += (double)all[copy + c] * all[copy + d];
                    }
                }
            }

            double phi = posterior.Evaluate(_sum, _squares, _changes);
            for (int i = 0; i < _losses.Length; i++)
            {
                _losses[i] = (float)(phi + _changes[i]);
            }

            chains[chain].Add(phi, _losses, _init);
            return phi;
        }
    }
}
