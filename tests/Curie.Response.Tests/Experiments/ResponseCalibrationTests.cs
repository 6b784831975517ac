using System.Text.Json;
using Curie.Networks.Components;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Response.Estimators;
using Curie.Response.Experiments;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Sampling.Calibration;
using Curie.Sampling.Networks;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Response.Tests.Experiments;

/// <summary>The response at settings that are tried, against whole experiments on the same tokens.</summary>
public sealed class ResponseCalibrationTests : IDisposable
{
    private const int LossRows = 7;
    private static readonly SamplingOptions Sampling = new()
    {
        StepSize = 0.004,
        NBeta = 50,
        Localization = 100,
        Chains = 4,
        Draws = 24,
        BurnIn = 20,
        Antithetic = true,
    };

    private readonly ParameterSet _model;
    private readonly TokenRows _data;
    private readonly Kernels _kernels = Kernels.For(Kernels.SupportedWidths.Max());

    public ResponseCalibrationTests()
    {
        string folder = ReferenceFiles.Susceptibility("3-attention-shortformer");
        _model = ModelReader.Load(Path.Combine(folder, "model"));
        _data = TokenRows.Load(Path.Combine(folder, "pile.npy"), _model.Layout.Config.Vocabulary, _model.Layout.Config.ContextLength);
    }

    public void Dispose()
    {
        _data.Dispose();
        _model.Dispose();
    }

    /// <summary>
    /// A run stores its covariance and its error in float32, each rounded by 2⁻²⁴ of itself at most, which the ratio of their roots of sums
    /// takes over; ten times that for the
    /// difference of the variance and the noise. Growth and nonlinearity are the same float64 numbers.
    /// </summary>
    [Fact]
    public void The_figures_are_those_of_an_experiment_that_follows_the_same_tokens()
    {
        Component[] components = [.. new ComponentParser(_model.Layout).ParseAll(["l0h1", "full", "l2h0"])];
        SettingMeasure measured = Calibration(components).Measure(Sampling, 8, 1L << 30, null, default);
        IReadOnlyList<ComponentResponse> tried = measured.Responses;
        Assert.Equal(["l0h1", "full", "l2h0"], tried.Select(response => response.Component));

        using TemporaryFolder folder = new();
        using Machine machine = new(_kernels, 2);
        int positions = LossRows * (_data.ContextLength - 1);
        SusceptibilityInputs inputs = new()
        {
            Model = _model,
            Data = _data,
            Components = components,
            Probes =
            [
                new ProbeInput
                {
                    Name = "loss rows",
                    Rows = _data,
                    RowLimit = LossRows,
                    Tokens = Math.Min(ResponseCalibration.MostTokens, positions),
                },
            ],
            Sampling = Sampling,
            GaussianPairs = 8,
            FullDraws = Sampling.Draws,
            BatchSize = 3,
            LossRows = LossRows,
            Configuration = JsonSerializer.SerializeToElement(1),
            Fingerprint = "",
        };
        new SusceptibilityExperiment(inputs, machine).Run(folder.Path, false, null, default);
        SusceptibilityRun run = RunFolder.Read(folder.Path);
        string[] rows = ["l0h1", "l2h0"];
        foreach (ComponentResponse response in tried)
        {
            ComponentHealth health = run.Manifest.Health!.Single(one => one.Component == response.Component);
            Assert.Equal(health.Diagnostics["shadow_growth"], response.Shadow!.Growth);
            Assert.Equal(health.Diagnostics["perturbation_nonlinearity"], response.Nonlinearity);
            Assert.Equal(0, response.StoppedChains);
            Assert.Equal(Sampling.BurnIn, response.BurnIn);
            bool isFull = response.Component == Component.FullName;
            PartMatrices<float> parts = isFull ? run.Data.FullCovariance!.Tokens : run.Data.Response;
            Range row = isFull
                ? Range.All
                : new Range(
                    Array.IndexOf(rows, response.Component) * parts.Columns,
                    (Array.IndexOf(rows, response.Component) + 1) * parts.Columns
                );
            double expected = RelativeError(parts.Values(ResponsePart.Covariance)[row], parts.StandardErrors(ResponsePart.Covariance)[row]);
            Assert.InRange(response.RelativeError!.Value / expected, 1 - 1e-6, 1 + 1e-6);
            Assert.Equal(
                health.Diagnostics["split_r_hat"],
                measured.Coefficients.Single(one => one.Report.Component == response.Component).Health.RHat
            );
            if (!isFull)
            {
                Assert.Equal(
                    Correlation(
                        parts.Values(ResponsePart.Covariance)[row],
                        run.Data.Levels!.Covariance.Of(1 + Array.IndexOf(rows, response.Component)).ToArray()
                    ),
                    response.Control!.Correlation,
                    1e-5
                );
            }
        }
    }

    [Fact]
    public void Progress_ends_with_all_of_it_and_the_plan_counts_what_is_measured()
    {
        Component[] components = [.. new ComponentParser(_model.Layout).ParseAll(["l0h1"])];
        ResponseCalibration calibration = Calibration(components);
        List<double> shares = [];
        calibration.Measure(Sampling, 8, 1L << 30, new Told(shares), default);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);
        Assert.True(
            calibration.Plan(Sampling with { Draws = 48 }, 8, 1L << 30).Operations > calibration.Plan(Sampling, 8, 1L << 30).Operations
        );
    }

    [Fact]
    public void Settings_at_which_chains_cannot_be_coupled_have_no_response() =>
        Assert.Throws<ArgumentException>(() =>
            Calibration([.. new ComponentParser(_model.Layout).ParseAll(["l0h1"])])
                .Measure(Sampling with { Localization = 0 }, 8, 1L << 30, null, default)
        );

    private ResponseCalibration Calibration(IReadOnlyList<Component> components) =>
        new(
            new LearningCoefficientInputs
            {
                Model = _model,
                Data = _data,
                Components = components,
                Sampling = Sampling,
                BatchSize = 3,
                LossRows = LossRows,
            },
            _kernels
        );

    private static double Correlation(float[] values, float[] others)
    {
        double mean = values.Average(value => (double)value);
        double other = others.Average(value => (double)value);
        double Products(float[] x, double at, float[] y, double to) => x.Zip(y, (a, b) => (a - at) * (b - to)).Sum();
        return Products(values, mean, others, other)
            / Math.Sqrt(Products(values, mean, values, mean) * Products(others, other, others, other));
    }

    private sealed class Told(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }

    private static double RelativeError(float[] values, float[] errors)
    {
        double[] all = [.. values.Select(value => (double)value)];
        double noise = errors.Average(error => (double)error * error);
        double mean = all.Average();
        double variance = all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1);
        return Math.Sqrt(noise / (variance - noise));
    }
}
