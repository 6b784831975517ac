using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;
using Curie.Sampling.Coupling;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Validation;

/// <summary>
/// The covariance of an observable P and of data e, with its sign turned, in three ways: as the response of e to a perturbation by P of
/// coupled chains, as that of P to e, and as
/// the product of fluctuations of the same chains. The first two agree with each other and, as far as it is known, with the chain's exact
/// response; the product has the chain's
/// exact covariance, which differs by the effects of the step and of gradient noise.
/// </summary>
public sealed class ResponseCase : IValidationCase
{
    /// <summary>
    /// s times the standard deviation of the observable that perturbs: what is of second order in s is a few hundredths of the response,
    /// and counted in what is expected; weights in float32
    /// resolve the difference of the two chains to 10⁻⁵ of itself.
    /// </summary>
    private const double PerturbationDeviation = 0.003;

    private readonly ResponseProblem _problem;

    /// <summary>A case; <see cref="ResponseCases"/> makes them.</summary>
    internal ResponseCase(string name, ResponseProblem problem, SamplingOptions options)
    {
        Name = name;
        Options = options;
        _problem = problem;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SamplingOptions Options { get; }

    /// <inheritdoc/>
    public ValidationResult Run(Kernels kernels, CancellationToken cancellation)
    {
        (ValidationQuantity response, ValidationQuantity product, IReadOnlyList<ChainFailure> failures) = Measure(
            reversed: false,
            kernels,
            cancellation
        );
        (ValidationQuantity reverse, _, IReadOnlyList<ChainFailure> others) = Measure(reversed: true, kernels, cancellation);
        return new ValidationResult(Name, Options, [response, reverse, product], 1, null, [.. failures, .. others]);
    }

    private (ValidationQuantity Response, ValidationQuantity Product, IReadOnlyList<ChainFailure> Failures) Measure(
        bool reversed,
        Kernels kernels,
        CancellationToken cancellation
    )
    {
        (ILossSurface observable, ILossSurface data) = reversed
            ? (_problem.Data, _problem.Observable)
            : (_problem.Observable, _problem.Data);
        string name = reversed ? $"{Name}, reversed" : Name;
        double strength = PerturbationDeviation / _problem.Truth.Deviation(ofData: reversed);
        ILossSurface loss = Copied(_problem.Loss);
        SampledComponent component = new(
            name,
            new ObservedSurface(
                Noisy(loss, _problem.GradientNoise, Options.Seed, kernels),
                Noisy(Copied(observable), _problem.ObservableNoise, ~Options.Seed, kernels)
            ),
            new SurfaceObserver(loss).InitLoss()
        )
        {
            Companions = [Companion.Shadow(strength)],
        };
        ResponseObserver observer = new(loss, observable, data, strength / (Options.NoiseLevel * Options.NoiseLevel), Options);
        using Machine machine = new(kernels, threads: 1);
        using GroupRun group = GroupRun.Of(component, Options, machine);
        ComponentReport report = ChainRunner.Run(group, observer, new RunControls { Cancellation = cancellation })[0];
        int[] units = [.. report.HealthyChains.Select(chain => chain / Options.ChainsPerUnit).Distinct()];
        if (units.Length == 0)
        {
            throw new InputException($"no chain of {name} is healthy, so it has no response: {report.Failures[0]}");
        }

        (double exact, double expected) = _problem.Truth.Response(strength, reversed);
        (double exactProduct, double expectedProduct) = _problem.Truth.Product();
        return (
            ValidationQuantity.Of(reversed ? "response, reversed" : "response", exact, expected, observer.Response(units)),
            ValidationQuantity.Of("product", exactProduct, expectedProduct, observer.Product(units)),
            report.Failures
        );
    }

    private ILossSurface Copied(ILossSurface one) => _problem.Copies == 1 ? one : new IndependentCopies(one, _problem.Copies);

    private static ILossSurface Noisy(ILossSurface surface, double variance, long seed, Kernels kernels) =>
        variance > 0 ? new MinibatchNoise(surface, variance, seed, kernels) : surface;
}
