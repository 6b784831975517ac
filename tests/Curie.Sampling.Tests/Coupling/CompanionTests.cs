using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Coupling;
using Curie.Sampling.Samplers;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Coupling;

/// <summary>
/// Chains with antithetic partners, shadows and twins: that they are what they say, and the same to the bit whatever goes on beside them.
/// </summary>
public sealed class CompanionTests
{
    private const double Strength = 0.5;
    private static readonly Companion[] Company =
    [
        Companion.Shadow(Strength),
        Companion.Opposite(Strength, draws: 3),
        Companion.LossFree(2),
    ];

    private static readonly SamplingOptions Short = new()
    {
        StepSize = 0.002,
        NBeta = 50,
        Localization = 10,
        Chains = 4,
        Antithetic = true,
        Draws = 7,
        BurnIn = 4,
        StepsBetweenDraws = 3,
        Seed = 11,
    };

    [Theory]
    [InlineData("sgld")]
    [InlineData("rmsprop-sgld")]
    public void The_first_chain_of_a_pair_is_the_unpaired_chain_to_the_bit_whatever_goes_beside_it(string samplerName)
    {
        Sampler sampler = Sampler.Parse(samplerName);
        SamplingOptions options = Short with { Sampler = sampler };
        using GroupRun paired = Run(options, [Small()], Company);
        using GroupRun single = Run(options with { Antithetic = false }, [Small()], []);
        for (int chain = 0; chain < 4; chain += 2)
        {
            Assert.Equal(Bits(single.Runs[0].Trace[chain]), Bits(paired.Runs[0].Trace[chain]));
            Assert.Equal(single.Runs[0].Weights(chain), paired.Runs[0].Weights(chain));
        }

        Assert.NotEqual(single.Runs[0].Weights(1).ToArray(), paired.Runs[0].Weights(1).ToArray());
    }

    /// <summary>
    /// Without a loss the noise is all of w − w*. At one seed two chains with the same noise would agree to the last bit; of 4,096 weights
    /// with independent noise the correlation has the standard deviation 1/64, of which five are .08.
    /// </summary>
    [Fact]
    public void A_control_has_another_noise_than_its_run()
    {
        SamplingOptions options = Short with { NBeta = double.Epsilon, Antithetic = false, Chains = 1 };
        Assert.Equal(options.Seed, options.ChainSeed);
        Assert.NotEqual(options.Seed, (options with { NBeta = 0 }).ChainSeed);
        using GroupRun run = Run(options, [new SlopeSurface(new double[4096])], []);
        using GroupRun control = Run(options with { NBeta = 0 }, [new SlopeSurface(new double[4096])], []);
        float[] x = run.Runs[0].Weights(0).ToArray();
        float[] y = control.Runs[0].Weights(0).ToArray();
        double correlation = x.Zip(y, (a, b) => (double)a * b).Sum() / Math.Sqrt(x.Sum(a => (double)a * a) * y.Sum(b => (double)b * b));
        Assert.InRange(correlation, -0.08, 0.08);
    }

    /// <summary>
    /// Without a loss, w − w* of the second chain is the negative of the first's to the bit: float32 arithmetic is symmetric around 0.
    /// </summary>
    [Fact]
    public void The_second_chain_of_a_pair_has_the_opposite_noise()
    {
        using GroupRun run = Run(Short with { NBeta = 0 }, [Small()], []);
        for (int chain = 0; chain < 4; chain += 2)
        {
            Assert.Equal(run.Runs[0].Weights(chain).ToArray(), run.Runs[0].Weights(chain + 1).ToArray().Select(w => -w));
        }
    }

    /// <summary>
    /// A shadow is the chain of the same noise on nβL + sP. The chain that is sampled on that sum rounds the sum of two gradients in
    /// another order: each of 25 updates by 2⁻²⁴ of weights of
    /// order 0.1, so 10⁻⁶ is far above.
    /// </summary>
    [Theory]
    [InlineData("sgld")]
    [InlineData("rmsprop-sgld")]
    public void A_shadow_is_the_chain_on_the_perturbed_potential_and_a_twin_the_chain_without_loss(string samplerName)
    {
        Sampler sampler = Sampler.Parse(samplerName);
        // A decay of 1 keeps the preconditioner at 1/b, so that chain, shadow and the chain on the sum have the same.
        SamplingOptions options = Short with
        {
            Sampler = sampler,
            Preconditioner = new() { Decay = 1, Offset = 0.5 },
            WeightDecay = 3,
        };
        QuadraticSurface loss = new([2, 1, 1, 2], [0.1, -0.2], [0, 0]);
        QuadraticObservable observable = new([0.5, 2], [1, 0.5, 0.5, 3]);
        FunctionSurface sum = new(2, new float[2], (chain, step, w, g) =>
        {
            float[] other = new float[2];
            double total = loss.Gradient(chain, step, w, g) + (Strength / 50 * observable.Gradient(chain, step, w, other));
            for (int i = 0; i < 2; i++)
            {
                g[i] += (float)(Strength / 50 * other[i]);
            }

            return total;
        });
        using GroupRun coupled = Run(options, [new ObservedSurface(loss, observable)], Company);
        using GroupRun perturbed = Run(options, [sum], []);

        // At nβ = 0 chains would draw noise of their own; an nβ that float32 rounds to 0 keeps that of the run.
        using GroupRun free = Run(options with { NBeta = double.Epsilon }, [loss], []);
        for (int chain = 0; chain < 4; chain++)
        {
            Near(perturbed.Runs[0].Weights(chain), coupled.Runs[0].Companion(chain, 0), 1e-6);
            Near(free.Runs[0].Weights(chain), coupled.Runs[0].Companion(chain, 2), 0);
        }
    }

    /// <summary>
    /// On a constant slope c = 1 the difference of shadow and chain obeys Δ ← (1 − εGγ/2)Δ − (ε/2)G·s·b whatever the noise, with G = 1/(√v̂
    /// + 0.5) made of c alone; had the shadow
    /// its own, of c + sb = 3, the step would be less than half of that. v starts at 1 = c², so v̂ = 1/(1 − .99ᵗ) at update t. 25 updates
    /// of weights near 0.1 round Δ by less than 10⁻⁶.
    /// </summary>
    [Fact]
    public void A_shadow_moves_by_the_chains_own_preconditioner()
    {
        const float slope = 1;
        SamplingOptions options = Short with
        {
            Sampler = Sampler.RmsPropSgld,
            NBeta = 1,
            Preconditioner = new() { BiasCorrection = true, Offset = 0.5 },
        };
        using GroupRun run = Run(
            options,
            [new ObservedSurface(new SlopeSurface([slope]), new QuadraticObservable([4], [0]))],
            [Companion.Shadow(Strength)]
        );
        double difference = 0;
        for (int update = 0; update < options.UpdatesPerChain; update++)
        {
            double scale = 1 / (Math.Sqrt(1 / (1 - Math.Pow(0.99, update + 1))) + 0.5);
            difference -= options.StepSize / 2 * scale * ((10 * difference) + (Strength * 4));
        }

        for (int chain = 0; chain < 4; chain++)
        {
            Assert.Equal(difference, run.Runs[0].Companion(chain, 0)[0] - (double)run.Runs[0].Weights(chain)[0], 1e-6);
        }
    }

    [Theory]
    [InlineData("sgld", 2)]
    [InlineData("rmsprop-sgld", 3)]
    public void Any_number_of_threads_gives_the_same_bits(string samplerName, int workers)
    {
        Sampler sampler = Sampler.Parse(samplerName);
        // More than two blocks of weights, the last one ragged.
        int dimension = (2 * BlockRunner.BlockLength) + 37;
        SamplingOptions options = Short with { Sampler = sampler, Chains = 2 };
        using GroupRun one = Run(options, [Wide()], Company);
        using GroupRun many = Run(options, [Wide()], Company, workers);
        AssertSame(one.Runs[0], many.Runs[0]);

        ObservedSurface Wide() => new(FunctionSurface.Wide(dimension, usesMinibatches: true), FunctionSurface.Wide(dimension));
    }

    [Theory]
    [InlineData("sgld")]
    [InlineData("rmsprop-sgld")]
    public void Alone_or_in_company_the_bits_are_the_same(string samplerName)
    {
        Sampler sampler = Sampler.Parse(samplerName);
        SamplingOptions options = Short with { Sampler = sampler };
        using GroupRun company = Run(options, [Small(), Small(minimum: 0.3), Small(minimum: -1)], Company);
        for (int place = 0; place < 3; place++)
        {
            using GroupRun alone = Run(
                options,
                [
                    Small(
                        minimum: place switch
                        {
                            0 => 0.1,
                            1 => 0.3,
                            _ => -1,
                        }
                    ),
                ],
                Company,
                firstName: place
            );
            AssertSame(alone.Runs[0], company.Runs[place]);
        }
    }

    [Theory]
    [InlineData("sgld")]
    [InlineData("rmsprop-sgld")]
    public void A_run_saved_at_any_draw_resumes_to_the_same_bits(string samplerName)
    {
        Sampler sampler = Sampler.Parse(samplerName);
        SamplingOptions options = Short with { Sampler = sampler };
        List<byte[]> saved = [];
        using GroupRun whole = Run(options, [Small(), Small(minimum: 0.3)], Company, drawn: group =>
            saved.AddRange(group.Runs.Select(Write))
        );
        for (int draw = 0; draw < options.Draws; draw++)
        {
            // The second component resumes one draw earlier and catches up.
            byte[] second = saved[(2 * Math.Max(draw - 1, 0)) + 1];
            using GroupRun resumed = Run(options, [Small(), Small(minimum: 0.3)], Company, states: [saved[2 * draw], second]);
            AssertSame(whole.Runs[0], resumed.Runs[0]);
            AssertSame(whole.Runs[1], resumed.Runs[1]);
        }
    }

    [Fact]
    public void A_state_of_other_company_is_refused()
    {
        byte[] state = [];
        using GroupRun whole = Run(Short, [Small()], Company, drawn: group => state = Write(group.Runs[0]));
        Assert.Throws<ArgumentException>(() => Run(Short, [Small()], [Companion.Shadow(Strength)], states: [state]));
    }

    [Fact]
    public void A_stopped_chain_takes_its_partner_with_it_and_no_other()
    {
        // The third chain's loss is not finite from the 11th update on.
        FunctionSurface failing = new(1, [0], (chain, step, w, g) =>
        {
            g[0] = w[0];
            return chain == 2 && step > 10 ? double.NaN : 0.5 * w[0] * w[0];
        });
        using GroupRun run = Run(Short, [new ObservedSurface(failing, new QuadraticObservable([1], [0]))], Company);
        Assert.Equal([2, 3], run.Runs[0].Failures.Select(failure => failure.Chain));
        Assert.Contains("chain 2, its antithetic partner, was stopped", run.Runs[0].Failures[1].Reason, StringComparison.Ordinal);
        Assert.True(run.Runs[0].IsHealthy(0) && run.Runs[0].IsHealthy(1));
        Assert.Equal(Short.Draws, run.Runs[0].CompletedDraws);
        Assert.All(run.Runs[0].Trace[3][^1..], value => Assert.Equal(double.NaN, value));
    }

    /// <summary>
    /// 41 updates allocate exactly as many bytes as one, with pairs, shadows and twins beside every chain: an update allocates none.
    /// </summary>
    [Theory]
    [InlineData("sgld")]
    [InlineData("rmsprop-sgld")]
    public void An_update_with_companions_allocates_nothing(string samplerName)
    {
        Sampler sampler = Sampler.Parse(samplerName);
        Assert.Equal(Allocated(1), Allocated(41));

        long Allocated(int updates)
        {
            SamplingOptions options = Short with { Sampler = sampler, BurnIn = 0, StepsBetweenDraws = updates, Draws = 3 };
            using Machine machine = Machine.Create(1);
            ObservedSurface[] surfaces = [Small(), Small(minimum: 0.3)];
            using GroupRun run = new(new SeparateSurfaces(surfaces), Components(surfaces, Company, 0), options, machine);
            long before = 0;
            for (int draw = 0; draw < 2; draw++)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
                IReadOnlyList<int> members = run.AdvanceToNextDraw();
                before = GC.GetAllocatedBytesForCurrentThread() - before;
                foreach (int member in members)
                {
                    run.Runs[member].Record([1, 1, 1, 1]);
                }
            }

            return before;
        }
    }

    [Fact]
    public void Chains_that_cannot_be_coupled_are_not()
    {
        foreach (
            SamplingOptions options in (SamplingOptions[])
                [
                    Short with
                    {
                        Chains = 3,
                    },
                    Short with
                    {
                        Sampler = Sampler.Sgnht,
                    },
                    Short with
                    {
                        NoiseLevel = 0,
                    },
                    Short with
                    {
                        Localization = 0,
                    },
                    Short with
                    {
                        BoxRadius = 1,
                    },
                ]
        )
        {
            Assert.Contains("set it to false", Assert.Throws<InputException>(options.Validate).Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => new ObservedSurface(TestRun.Quadratic(1), new QuadraticObservable([1, 1], new double[4])));
        Assert.Throws<ArgumentException>(() => new QuadraticObservable([1, 1], [1]));
    }

    /// <summary>A quadratic with gradient noise, the same for both chains of a pair.</summary>
    private static ObservedSurface Small(double minimum = 0.1) =>
        new(
            new MinibatchNoise(new QuadraticSurface([2, 1, 1, 2], [minimum, -0.2], [0, 0]), 0.5, 3, TestRun.Kernels),
            new MinibatchNoise(new QuadraticObservable([0.5, 2], [1, 0.5, 0.5, 3]), 0.5, 4, TestRun.Kernels)
        );

    private static SampledComponent[] Components(IReadOnlyList<ILossSurface> surfaces, Companion[] companions, int firstName) =>
        [.. surfaces.Select((surface, place) => new SampledComponent($"l0h{place + firstName}", surface, 0) { Companions = companions })];

    private static GroupRun Run(
        SamplingOptions options,
        IReadOnlyList<ILossSurface> surfaces,
        Companion[] companions,
        int workers = 1,
        int firstName = 0,
        IReadOnlyList<byte[]>? states = null,
        Action<GroupRun>? drawn = null
    )
    {
        using Machine machine = Machine.Create(workers);
        GroupRun run = new(new SeparateSurfaces(surfaces), Components(surfaces, companions, firstName), options, machine);
        for (int place = 0; place < (states?.Count ?? 0); place++)
        {
            using MemoryStream stream = new(states![place]);
            run.Runs[place].Restore(ComponentRunState.Read(stream));
        }

        ChainRunner.Run(run, new SquareObserver(), new RunControls { DrawCompleted = drawn });
        return run;
    }

    private static byte[] Write(ComponentRun run)
    {
        using MemoryStream stream = new();
        run.Save().Write(stream);
        return stream.ToArray();
    }

    private static void AssertSame(ComponentRun expected, ComponentRun actual)
    {
        Assert.Equal(expected.CompletedDraws, actual.CompletedDraws);
        for (int chain = 0; chain < expected.Options.Chains; chain++)
        {
            Assert.Equal(Bits(expected.Trace[chain]), Bits(actual.Trace[chain]));
            Assert.Equal(Bits(expected.ShadowDistance[chain]), Bits(actual.ShadowDistance[chain]));
            Assert.Equal(expected.Weights(chain), actual.Weights(chain));
            for (int place = 0; place < Company.Length; place++)
            {
                if (Company[place].Follows(chain))
                {
                    Assert.Equal(expected.Companion(chain, place), actual.Companion(chain, place));
                }
            }
        }
    }

    private static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }

    private static long[] Bits(double[] values) => [.. values.Select(BitConverter.DoubleToInt64Bits)];

    /// <summary>P = ‖w‖².</summary>
    private sealed class SquareObserver : IGroupObserver
    {
        public void Observe(
            IReadOnlyList<ComponentRun> runs,
            IReadOnlyList<int> members,
            IReadOnlyList<double[]> losses,
            CancellationToken cancellation
        )
        {
            foreach (int member in members)
            {
                for (int chain = 0; chain < runs[member].Options.Chains; chain++)
                {
                    losses[member][chain] = runs[member].Weights(chain).ToArray().Sum(w => (double)w * w);
                }
            }
        }
    }
}
