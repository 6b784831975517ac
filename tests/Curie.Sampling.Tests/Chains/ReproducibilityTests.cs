using Curie.Numerics;
using Curie.Sampling.Chains;
using Curie.Sampling.Samplers;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Chains;

public sealed class ReproducibilityTests
{
    private static readonly SamplingOptions Short = new()
    {
        StepSize = 0.002,
        NBeta = 50,
        Localization = 10,
        Chains = 3,
        Draws = 7,
        BurnIn = 4,
        StepsBetweenDraws = 3,
        Seed = 11,
    };

    [Theory]
    [InlineData("sgld", 2)]
    [InlineData("sgld", 3)]
    [InlineData("rmsprop-sgld", 2)]
    [InlineData("sgnht", 2)]
    [InlineData("sgnht", 3)]
    [InlineData("mala", 2)]
    public void Any_number_of_workers_gives_the_same_bits(string samplerName, int workers)
    {
        Sampler sampler = Sampler.Parse(samplerName);
        // More than two blocks of weights, the last one ragged.
        FunctionSurface surface = FunctionSurface.Wide((2 * BlockRunner.BlockLength) + 37, usesMinibatches: sampler != Sampler.Mala);
        ComponentReport one = TestRun.Sample(surface, Short with { Sampler = sampler });
        ComponentReport many = TestRun.Sample(surface, Short with { Sampler = sampler }, workers: workers);
        AssertSame(one, many);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_every_seed_and_chain_its_own()
    {
        List<double> first = [];
        for (long seed = 1; seed <= 4; seed++)
        {
            SamplingOptions options = Short with { Seed = seed };
            ComponentReport report = TestRun.Sample(TestRun.Quadratic(1), options);
            Assert.Equal(Bits(report.Trace), Bits(TestRun.Sample(TestRun.Quadratic(1), options).Trace));
            first.AddRange(report.Trace.Select(draws => draws[0]));
        }

        // Twelve (seed, chain) pairs, among them (n, c + 1) beside (n + 1, c).
        Assert.Equal(first.Count, first.Distinct().Count());
    }

    [Fact]
    public void Components_have_their_own_noise()
    {
        ComponentReport head = TestRun.Sample(TestRun.Quadratic(1), Short, name: "l0h1");
        ComponentReport other = TestRun.Sample(TestRun.Quadratic(1), Short, name: "l0h2");
        Assert.NotEqual(head.Trace[0][0], other.Trace[0][0]);
    }

    [Fact]
    public void More_chains_leave_the_first_ones_as_they_were()
    {
        ComponentReport few = TestRun.Sample(TestRun.Quadratic(1), Short);
        ComponentReport more = TestRun.Sample(TestRun.Quadratic(1), Short with { Chains = 5 });
        Assert.Equal(Bits(few.Trace), Bits([.. more.Trace.Take(3)]));
    }

    [Theory]
    [InlineData("sgld", true, false)]
    [InlineData("sgld", false, false)]
    [InlineData("rmsprop-sgld", true, false)]
    [InlineData("rmsprop-sgld", true, true)]
    [InlineData("sgnht", true, false)]
    [InlineData("mala", false, false)]
    public void A_run_killed_at_any_draw_resumes_from_its_file_to_the_same_bits(string samplerName, bool minibatches, bool correction)
    {
        Sampler sampler = Sampler.Parse(samplerName);
        SamplingOptions options = Short with
        {
            Sampler = sampler,
            WeightDecay = 2,
            Preconditioner = new() { BiasCorrection = correction },
        };
        string folder = Directory.CreateTempSubdirectory("curie").FullName;
        try
        {
            QuadraticSurface surface = new([2, 1, 1, 2], [0.1, -0.2], [0, 0]);
            ILossSurface noisy = minibatches ? new MinibatchNoise(surface, 0.5, 3, TestRun.Kernels) : surface;
            RunControls saving = new()
            {
                DrawCompleted = group => Write(group.Runs[0], Path.Combine(folder, $"{group.Runs[0].CompletedDraws}")),
            };
            ComponentReport whole = TestRun.Sample(noisy, options, surface, saving);
            for (int draw = 1; draw <= Short.Draws; draw++)
            {
                RunControls resuming = new() { ResumeFrom = Read(Path.Combine(folder, $"{draw}")) };
                AssertSame(whole, TestRun.Sample(noisy, options, surface, resuming));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_cancelled_run_resumes_from_its_last_draw_to_the_same_bits()
    {
        ComponentReport whole = TestRun.Sample(TestRun.Quadratic(1), Short);
        using CancellationTokenSource source = new();
        ComponentRunState? saved = null;
        RunControls stopping = new()
        {
            Cancellation = source.Token,
            DrawCompleted = group => saved = group.Runs[0].Save(),
            Progress = new Inline(report =>
            {
                if (report.CompletedDraws == 4 && report.Chain == 1)
                {
                    source.Cancel();
                }
            }),
        };
        Assert.Throws<OperationCanceledException>(() => TestRun.Sample(TestRun.Quadratic(1), Short, controls: stopping));
        Assert.Equal(4, saved!.CompletedDraws);
        ComponentReport resumed = TestRun.Sample(TestRun.Quadratic(1), Short, controls: new RunControls { ResumeFrom = saved });
        Assert.Equal(Bits(whole.Trace), Bits(resumed.Trace));
    }

    [Fact]
    public void A_state_of_another_run_is_refused()
    {
        ComponentRunState? saved = null;
        TestRun.Sample(TestRun.Quadratic(1), Short, controls: new RunControls { DrawCompleted = group => saved = group.Runs[0].Save() });
        RunControls resuming = new() { ResumeFrom = saved };
        Assert.Throws<InputException>(() => TestRun.Sample(TestRun.Quadratic(1), Short with { NBeta = 51 }, controls: resuming));
        Assert.Throws<InputException>(() =>
            TestRun.Sample(TestRun.Quadratic(1), Short with { Sampler = Sampler.Sgnht }, controls: resuming)
        );
        Assert.Throws<InputException>(() => TestRun.Sample(TestRun.Quadratic(1), Short with { WeightDecay = 1 }, controls: resuming));
        Assert.Throws<InputException>(() => TestRun.Sample(TestRun.Quadratic(1), Short, controls: resuming, name: "l0h0"));
        Assert.Throws<InputException>(() => TestRun.Sample(TestRun.Quadratic(1, minimum: 1), Short, controls: resuming));
    }

    [Fact]
    public void A_state_that_is_cut_short_is_refused()
    {
        byte[] whole = [];
        TestRun.Sample(
            TestRun.Quadratic(1),
            Short,
            controls: new RunControls
            {
                DrawCompleted = group =>
                {
                    using MemoryStream stream = new();
                    group.Runs[0].Save().Write(stream);
                    whole = stream.ToArray();
                },
            }
        );
        for (int length = 0; length < whole.Length; length++)
        {
            using MemoryStream stream = new(whole, 0, length);
            Exception error = Assert.ThrowsAny<Exception>(() => ComponentRunState.Read(stream));
            Assert.True(error is InvalidDataException or EndOfStreamException, error.GetType().Name);
        }
    }

    private static void AssertSame(ComponentReport expected, ComponentReport actual)
    {
        Assert.Equal(Bits(expected.Trace), Bits(actual.Trace));
        Assert.Equal(Bits(expected.Pull), Bits(actual.Pull));
        Assert.Equal(Bits(expected.SquaredDistance), Bits(actual.SquaredDistance));
        Assert.Equal(expected.Distances, actual.Distances);
        Assert.Equal(expected.Acceptance, actual.Acceptance);
    }

    private static void Write(ComponentRun run, string path)
    {
        using FileStream stream = File.Create(path);
        run.Save().Write(stream);
    }

    private static ComponentRunState Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return ComponentRunState.Read(stream);
    }

    private static long[] Bits(IReadOnlyList<double[]> trace) =>
        [.. trace.SelectMany(draws => draws).Select(BitConverter.DoubleToInt64Bits)];

    private sealed class Inline(Action<SamplingProgress> report) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => report(value);
    }
}
