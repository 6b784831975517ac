using System.Collections.Concurrent;
using Curie.Networks.Components;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Sampling.Calibration;
using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;
using Curie.Sampling.Networks;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Sampling.Tests.Calibration;

/// <summary>The order in which a search measures settings, with measurements that are made up.</summary>
public sealed class CalibrationSearchTests : IDisposable
{
    private static readonly SamplingOptions Options = new()
    {
        Chains = 4,
        Draws = 60,
        NoiseLevel = 1,
    };

    private static readonly CalibrationGrid Grid = new()
    {
        Localizations = [100, 200, 400, 800],
        LossShares = [0.1, 0.2],
        Steps = [0.2, 0.4],
    };

    private readonly ParameterSet _model = ModelReader.Load(Path.Combine(ReferenceFiles.Susceptibility("2-gelu-standard"), "model"));
    private readonly TokenRows _data = TokenRows.Load(Path.Combine(ReferenceFiles.Susceptibility("2-gelu-standard"), "pile.npy"));

    public void Dispose()
    {
        _model.Dispose();
        _data.Dispose();
    }

    /// <summary>
    /// Chains go too far at γ = 200 and below, which leaves 100 untried. γ = 400 has the lowest r/ceiling and is measured at length first;
    /// R̂ speaks against it; the third of the round, at γ = 800, is sound, and the fourth is left. The smaller step is tried beside
    /// finalists alone.  </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_coarse_pass_ends_where_chains_go_too_far_and_finalists_are_measured_until_one_is_sound(int threads)
    {
        FakeMeasurement fake = new(Inputs, options => options.Localization <= 200 ? VerdictKind.LeftBasin
            : options.Localization == 400 && options.Draws > 18 ? VerdictKind.ChainsDisagree
            : null);
        IReadOnlyList<CalibrationCell> cells = Search(fake, threads);
        Assert.Equal(
            [
                "100: Untried",
                "200: Coarse",
                "400: Measured",
                "800: Measured",
                "100: Untried",
                "200: Coarse",
                "400: Measured",
                "800: Coarse",
            ],
            cells.Skip(8).Select(cell => $"{cell.Options.Localization}: {cell.Stage}")
        );
        Assert.Equal(
            [
                CalibrationStage.Untried,
                CalibrationStage.Untried,
                CalibrationStage.Coarse,
                CalibrationStage.Coarse,
                CalibrationStage.Untried,
                CalibrationStage.Untried,
                CalibrationStage.Coarse,
                CalibrationStage.Untried,
            ],
            cells.Take(8).Select(cell => cell.Stage)
        );
        Assert.Equal([false, true, false], cells.Where(cell => cell.Stage == CalibrationStage.Measured).Select(cell => cell.IsSound));
        Assert.Equal(800, cells[CalibrationAdvice.Of(cells).Cell!.Value].Options.Localization);
    }

    [Fact]
    public void A_smaller_step_is_tried_where_the_larger_one_is_hot()
    {
        FakeMeasurement fake = new(Inputs, options => options.StepSize * options.Localization > 0.3 ? VerdictKind.Overheated : null);
        IReadOnlyList<CalibrationCell> cells = Search(fake, 1);
        Assert.All(cells.Skip(8), cell => Assert.Equal(CalibrationStage.Coarse, cell.Stage));
        Assert.All(cells.Take(8), cell => Assert.NotEqual(CalibrationStage.Untried, cell.Stage));
        Assert.Equal(3, cells.Count(cell => cell.IsSound));
    }

    /// <summary>All eight with the larger step, and then the one with the smaller that promises most for heads.</summary>
    [Fact]
    public void Where_nothing_is_sound_for_all_three_rounds_are_made_and_the_search_says_so()
    {
        FakeMeasurement fake = new(Inputs, options => options.Draws > 18 ? VerdictKind.ChainsDisagree : null);
        IReadOnlyList<CalibrationCell> cells = Search(fake, 1);
        Assert.Equal(9, cells.Count(cell => cell.Stage == CalibrationStage.Measured));
        Assert.Null(CalibrationAdvice.Of(cells).Cell);
    }

    /// <summary>A few settings need no coarse pass.</summary>
    [Fact]
    public void As_few_settings_as_are_measured_at_a_time_are_all_measured_at_length()
    {
        CalibrationGrid grid = Grid with { Localizations = [100], LossShares = [0.1] };
        IReadOnlyList<CalibrationCell> cells = new Sampling.Calibration.Calibration(
            Inputs,
            grid,
            Kernels.FromEnvironment(),
            1,
            new FakeMeasurement(Inputs, _ => null)
        ).Run(null, default);
        Assert.All(cells, cell => Assert.Equal(CalibrationStage.Measured, cell.Stage));
        Assert.Equal(2, cells.Count);
    }

    [Fact]
    public void A_search_that_is_stopped_keeps_what_was_measured()
    {
        using CancellationTokenSource stop = new();
        FakeMeasurement fake = new(Inputs, _ => null) { Measured = count => Stop(stop, count) };
        Sampling.Calibration.Calibration search = new(Inputs, Grid, Kernels.FromEnvironment(), 1, fake);
        Assert.Throws<OperationCanceledException>(() => search.Run(null, stop.Token));
        Assert.Equal(3, search.Cells.Count(cell => cell.Stage == CalibrationStage.Coarse));

        static void Stop(CancellationTokenSource stop, int count)
        {
            if (count == 3)
            {
                stop.Cancel();
            }
        }
    }

    private LearningCoefficientInputs Inputs =>
        new()
        {
            Model = _model,
            Data = _data,
            Components = new ComponentParser(_model.Layout).ParseAll(["l0h1"]),
            Sampling = Options,
            BatchSize = 3,
            LossRows = 5,
        };

    private IReadOnlyList<CalibrationCell> Search(FakeMeasurement fake, int threads)
    {
        List<CalibrationProgress> told = [];
        IReadOnlyList<CalibrationCell> cells = new Sampling.Calibration.Calibration(
            Inputs,
            Grid,
            Kernels.FromEnvironment(),
            threads,
            fake
        ).Run(new Told(told), default);
        Assert.Equal(1, told[^1].Done / told[^1].Total, 1e-9);
        return cells;
    }

    private sealed class Told(List<CalibrationProgress> told) : IProgress<CalibrationProgress>
    {
        public void Report(CalibrationProgress value) => told.Add(value);
    }

    /// <summary>Steady chains, against which one verdict may speak; r/ceiling is γ/1000.</summary>
    private sealed class FakeMeasurement(LearningCoefficientInputs inputs, Func<SamplingOptions, VerdictKind?> verdict)
        : ISettingMeasurement
    {
        private readonly ConcurrentBag<SamplingOptions> _measured = [];
        private readonly CoefficientMeasurement _plans = new(inputs, Kernels.FromEnvironment());

        public Action<int> Measured { get; init; } = _ => { };

        public SettingMeasure Measure(
            SamplingOptions options,
            int gaussianPairs,
            long memory,
            IProgress<double>? progress,
            CancellationToken cancellation
        )
        {
            cancellation.ThrowIfCancellationRequested();
            _measured.Add(options);
            Measured(_measured.Count);
            Random random = new(options.Draws);
            double[][] trace =
            [
                .. Enumerable
                    .Range(0, options.Chains)
                    .Select(_ => Enumerable.Range(0, options.Draws).Select(_ => 1.5 + (0.02 * random.NextDouble())).ToArray()),
            ];
            ComponentReport report = new("l0h1", 100, options, 1, 8, trace, [.. trace.Select(_ => 0.1)], []);
            ComponentHealth health = ComponentHealth.Of(report) with
            {
                Verdicts = verdict(options) is { } kind ? [new Verdict(kind, "")] : [],
            };
            LearningCoefficient coefficient = LearningCoefficient.Estimate(report) with
            {
                Value = 5,
                StandardError = 0.1,
                SamplingError = 0.1,
            };
            double of = options.Localization / 1000;
            return new SettingMeasure(
                [new ComponentCoefficient(report, health, coefficient)],
                [
                    new ComponentResponse
                    {
                        Component = "l0h1",
                        BurnIn = options.BurnIn,
                        RelativeError = 0.2,
                        Control = new ControlCorrelation(of, 1, of, 0.01),
                    },
                ]
            );
        }

        public SamplingPlan Plan(SamplingOptions options, int gaussianPairs, long memory) => _plans.Plan(options, gaussianPairs, memory);
    }
}
