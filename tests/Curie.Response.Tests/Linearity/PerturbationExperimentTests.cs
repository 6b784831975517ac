using System.Text.Json;
using Curie.Networks.Components;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Response.Experiments;
using Curie.Response.Linearity;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Response.Tests.Linearity;

/// <summary>A small transformer held so tightly that its loss is nearly quadratic where the chains go.</summary>
public sealed class PerturbationExperimentTests : IDisposable
{
    private const double LargestZ = 4;
    private static readonly string[] Components = ["full", "l0h1", "l0h2", "l2h4"];
    private readonly string _folder = Directory.CreateTempSubdirectory("curie-perturb-").FullName;
    private readonly ParameterSet _model = ModelReader.Load(Path.Combine(Source, "model"));
    private readonly TokenRows _data = TokenRows.Load(Path.Combine(Source, "pile.npy"));
    private readonly TokenRows _near = TokenRows.Load(Path.Combine(Source, "near.npy"));

    private static string Source => ReferenceFiles.Susceptibility("3-attention-shortformer");

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _model.Dispose();
        _data.Dispose();
        _near.Dispose();
    }

    /// <summary>
    /// The unperturbed chains are the run's own, to the bit. At the smallest share both changes agree with the run's derivatives within
    /// four of their combined errors. Beyond
    /// it a quadratic leaves its line by h·nβ·ΔH/γ = h·ΔH/3 with ΔH, the difference of two curvatures along the gradient, of order 1: at h
    /// = .03 by a hundredth, far below
    /// a tenth. Threads do not matter.
    /// </summary>
    [Fact]
    public void Small_perturbations_of_a_nearly_quadratic_posterior_are_linear()
    {
        SusceptibilityInputs inputs = Inputs();
        SusceptibilityRun run = Sample(inputs);
        IReadOnlyList<PerturbedComponent> perturbed = Perturb(run, inputs, workers: 1);
        Assert.Equal(Components, perturbed.Select(component => component.Name));
        foreach (PerturbedComponent component in perturbed)
        {
            Assert.Empty(component.Failures);
            Assert.InRange(component.WorstZ!.Value, 0, LargestZ);
            Assert.InRange(
                component.Response!.Departure(component.Response.Points[1]),
                -ResponseCurve.LargestDeparture,
                ResponseCurve.LargestDeparture
            );
            Assert.All(component.Response.Points, point => Assert.True(point.StandardError > 0));
            if (component.Name != Component.FullName)
            {
                int place = run.Manifest.Runs.ToList().IndexOf(component.Name);
                Assert.All(Enumerable.Range(0, inputs.Sampling.Chains), chain =>
                    Assert.Equal(run.Data.Trace(place, chain).ToArray(), component.Trace[chain])
                );
            }
        }

        IReadOnlyList<PerturbedComponent> again = Perturb(run, inputs, workers: 3);
        Assert.Equal(
            perturbed.SelectMany(component => component.Response!.Points.Concat(component.Coefficient!.Points)),
            again.SelectMany(component => component.Response!.Points.Concat(component.Coefficient!.Points))
        );
    }

    /// <summary>
    /// The product of the same few draws is known far worse, and the perturbed posterior agrees with it within four of its errors.
    /// </summary>
    [Fact]
    public void A_run_whose_covariance_is_a_product_is_perturbed_as_well()
    {
        SusceptibilityInputs inputs = Inputs() with
        {
            Covariance = CovarianceEstimator.Product,
            Components = new ComponentParser(_model.Layout).ParseAll(["l2h4"]),
        };
        PerturbedComponent component = Assert.Single(Perturb(Sample(inputs), inputs, workers: 2));
        Assert.InRange(component.WorstZ!.Value, 0, LargestZ);
        Assert.True(component.Response!.Points[0].StandardError < component.Response.LinearError);
    }

    [Fact]
    public void What_cannot_be_perturbed_is_refused()
    {
        SusceptibilityInputs inputs = Inputs() with { Components = new ComponentParser(_model.Layout).ParseAll(["l0h1"]) };
        SusceptibilityRun run = Sample(inputs);
        AssertRefused("the run has no probe named far", run, inputs, probe: "far");
        AssertRefused("the run has no component named l0h2", run, inputs, components: ["l0h2"]);
        AssertRefused("the run holds no covariance of full", run, inputs, components: ["full"]);
        AssertRefused("must be 1 to 8 numbers between 0 and 1 in ascending order", run, inputs, shares: [0.1, 0.1]);
        AssertRefused("must be 1 to 8 numbers between 0 and 1 in ascending order", run, inputs, shares: [0.1, 1]);
        AssertRefused("must be 1 to 8 numbers between 0 and 1 in ascending order", run, inputs, shares: []);
        AssertRefused("noise_level is 0", run, inputs with { Sampling = inputs.Sampling with { NoiseLevel = 0, Antithetic = false } });
        AssertRefused("the run has noise_level 2", run, inputs with { Sampling = inputs.Sampling with { NoiseLevel = 2 } });
        AssertRefused("the run is a control", run, inputs with { Sampling = inputs.Sampling with { NBeta = 0 } });
        AssertRefused("data are mixed by whole rows", run, inputs with { Probes = [inputs.Probes[0] with { Tokens = 5 }] });
        AssertRefused("more than the 1 MB allowed", run, inputs with { Memory = 1 << 20 });
    }

    private SusceptibilityInputs Inputs() =>
        new()
        {
            Model = _model,
            Data = _data,
            Components = new ComponentParser(_model.Layout).ParseAll(Components),
            Probes = [new ProbeInput { Name = "near", Rows = _near }],
            Sampling = new SamplingOptions
            {
                StepSize = 0.002,
                NBeta = 100,
                Localization = 300,
                Chains = 4,
                Draws = 16,
                StepsBetweenDraws = 2,
                Antithetic = true,
            },
            BatchSize = 3,
            LossRows = 7,
            FullDraws = 16,
            Configuration = JsonSerializer.SerializeToElement("near"),
            Fingerprint = "near",
        };

    private SusceptibilityRun Sample(SusceptibilityInputs inputs)
    {
        using Machine machine = Machine.Create(2);
        new SusceptibilityExperiment(inputs, machine).Run(_folder, resume: false, progress: null, CancellationToken.None);
        return RunFolder.Read(_folder);
    }

    private IReadOnlyList<PerturbedComponent> Perturb(
        SusceptibilityRun run,
        SusceptibilityInputs inputs,
        int workers,
        string probe = "near",
        IReadOnlyList<string>? components = null,
        IReadOnlyList<double>? shares = null
    )
    {
        using Machine machine = Machine.Create(workers);
        PerturbationInputs perturbation = new()
        {
            Experiment = inputs,
            Probe = probe,
            Shares = shares ?? [0.01, 0.03],
            Components = components is null ? inputs.Components : new ComponentParser(_model.Layout).ParseAll(components),
        };
        return new PerturbationExperiment(perturbation, run, machine).Run(progress: null, CancellationToken.None);
    }

    private void AssertRefused(
        string message,
        SusceptibilityRun run,
        SusceptibilityInputs inputs,
        string probe = "near",
        IReadOnlyList<string>? components = null,
        IReadOnlyList<double>? shares = null
    )
    {
        InputException error = Assert.Throws<InputException>(() => Perturb(run, inputs, 1, probe, components, shares));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
