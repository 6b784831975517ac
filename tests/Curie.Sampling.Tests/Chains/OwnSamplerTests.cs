using Curie.Numerics.Kernels;
using Curie.Numerics.Random;
using Curie.Sampling.Samplers;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Chains;

/// <summary>A sampler that Curie does not bring, made of what is public.</summary>
public sealed class OwnSamplerTests
{
    private static readonly SamplingOptions Options = new()
    {
        StepSize = 0.01,
        NBeta = 100,
        Localization = 10,
        Chains = 2,
        Draws = 200,
        BurnIn = 20,
        Sampler = new PlainLangevin(),
    };

    /// <summary>
    /// The very formula of SGLD in plain loops: weights part from those of the kernel by float32's rounding, which the contraction does not
    /// let grow.
    /// </summary>
    [Fact]
    public void A_sampler_of_ones_own_moves_chains_like_the_one_that_it_copies()
    {
        QuadraticSurface surface = TestRun.Quadratic(1);
        IReadOnlyList<double[]> own = TestRun.Sample(surface, Options).Trace;
        IReadOnlyList<double[]> copied = TestRun.Sample(surface, Options with { Sampler = Sampler.Sgld }).Trace;
        for (int chain = 0; chain < own.Count; chain++)
        {
            Assert.All(own[chain].Zip(copied[chain]), pair => Assert.Equal(pair.Second, pair.First, 1e-5 * (1 + Math.Abs(pair.Second))));
        }
    }

    [Fact]
    public void It_is_not_coupled_where_it_does_not_say_how_and_is_known_by_its_name()
    {
        Assert.Equal("plain chains do not share noise", Options.WhyUncoupled());
        Assert.Equal(new PlainLangevin(), Options.Sampler);
        Assert.NotEqual(Sampler.Sgld, Options.Sampler);
        Assert.Equal("plain", Options.Sampler.ToString());
    }

    private sealed class PlainLangevin : Sampler
    {
        public override string Name => "plain";

        public override string? WhyUncoupled => "plain chains do not share noise";

        public override UpdateRule CreateRule(ChainMemory memory) => new Rule(memory);

        private sealed class Rule(ChainMemory memory) : UpdateRule(memory)
        {
            private readonly PhiloxKey _key = memory.Key(RandomPurpose.LangevinNoise);
            private readonly float[] _noise = new float[memory.Weights.Length];

            public override UpdateSums Apply(double loss, long step)
            {
                SamplingOptions options = Memory.Options;
                Memory.Machine.Kernels.FillGaussian(_key, step, 0, _noise);
                Span<float> w = Memory.Weights.Span;
                for (int i = 0; i < w.Length; i++)
                {
                    double force = (options.NBeta * Memory.Gradient.Span[i]) + (options.Localization * (w[i] - Memory.Origin.Span[i]));
                    w[i] = (float)(w[i] - (options.StepSize / 2 * force) + (Math.Sqrt(options.StepSize) * options.NoiseLevel * _noise[i]));
                }

                return default;
            }

            public override SamplerState Save() => new([], []);

            public override void Restore(SamplerState state) => Check(state, vectors: 0, scalars: 0);
        }
    }
}
