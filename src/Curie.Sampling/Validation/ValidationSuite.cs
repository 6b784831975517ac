using System.Collections.Concurrent;
using Curie.Numerics.Kernels;

namespace Curie.Sampling.Validation;

/// <summary>The cases that show in under a minute whether sampling and its standard errors can be trusted on this machine.</summary>
public static class ValidationSuite
{
    /// <summary>The cases, from the simplest on.</summary>
    /// <param name="seed">The seed of every case.</param>
    public static IReadOnlyList<IValidationCase> Create(long seed)
    {
        ValidationSettings settings = new() { Seed = seed };
        return
        [
            new QuadraticCase([1], settings with { StepSize = 0.01, NBeta = 144.76 }),
            new QuadraticCase([2, 1, 1, 2], settings),
            new MonomialCase([2], settings),
            new MonomialCase([4], settings),
            new MonomialCase([8], settings),
            new MonomialCase([4, 2], settings),
            new MonomialCase([4], settings with { NBeta = 1158, Localization = 100 }),
            new CrossingCase(100, 1, 1, settings),
            new CrossingCase(1000, 1, 1, settings),
            new CrossingCase(1000, 2, 1, settings),
            new BoxCase(100, 1, 1, settings),
            new BoxCase(1000, 1, 1, settings),
            new BoxCase(1000, 2, 2, settings),
            new AnharmonicCase(1, 0.5, 1, 10, settings),
            new AnharmonicCase(1, 0.5, 1, 100, settings),
            new LinearNetworkCase([5, 3, 5], 0, settings with { Localization = 5 }),
            new LinearNetworkCase([5, 3, 5], 1, settings with { Localization = 5 }),
            new LinearNetworkCase([4, 4, 4, 4], 0, settings with { Localization = 5 }),
            new InfluenceCase(0.01, [1, 2, 0.5], [0, 0.3, -0.2], settings),
            new SlopeCase([0.01, 0.1, 1, 10], settings with { Sampler = Sampler.RmsPropSgld }),
            new QuadraticCase([2, 1, 1, 2], settings with { Sampler = Sampler.Sgnht }),
            new QuadraticCase([1], settings with { StepSize = 0.004, Draws = 2000 }, gradientNoise: 0.01),
            new QuadraticCase([1], settings with { Sampler = Sampler.Sgnht, StepSize = 0.004, Draws = 2000 }, gradientNoise: 0.01),
            new QuadraticCase([1], settings with { Sampler = Sampler.Mala, StepSize = 0.01, NBeta = 144.76 }),
            new MonomialCase([4], settings with { Sampler = Sampler.Mala, StepSize = 0.01 }),
            new BoxCase(100, 1, 1, settings with { Sampler = Sampler.Mala }),
            .. Responses(settings),
        ];
    }

    /// <summary>
    /// Covariances as responses: at several steps, of linear and of quadratic observables, of pairs and of single chains, with every kind
    /// of noise.
    /// </summary>
    private static IEnumerable<IValidationCase> Responses(ValidationSettings settings)
    {
        QuadraticResponse bent = new()
        {
            Hessian = [1],
            Curvature = [1],
            DataCurvature = [1],
        };
        QuadraticResponse straight = new()
        {
            Hessian = [1],
            Slope = [1],
            DataSlope = [1],
            DataCurvature = [5],
        };
        QuadraticResponse block = new()
        {
            Hessian = [2, 1, 1, 2],
            Curvature = [2, 1, 1, 2],
            DataSlope = [0.02, -0.01],
            DataCurvature = [0.4, 0.1, 0.1, 0.3],
        };
        ValidationSettings single = settings with { Antithetic = false };
        foreach (double step in (double[])[1e-3, 3e-3, 0.01])
        {
            yield return ResponseCases.Quadratic(bent, settings with { StepSize = step });
            yield return ResponseCases.Quadratic(straight, single with { StepSize = step });
        }

        yield return ResponseCases.Quadratic(block, settings);
        yield return ResponseCases.Quadratic(block with { Moving = [0] }, settings);
        yield return ResponseCases.Quadratic(
            new()
            {
                Hessian = [1],
                Slope = [-0.6],
                Curvature = [2],
                DataSlope = [0.1],
                DataCurvature = [0.5],
            },
            single with
            {
                StepSize = 2e-3,
                Localization = 20,
            }
        );
        yield return ResponseCases.Quadratic(bent with { NoiseLevel = 2 }, settings with { StepSize = 3e-3 });
        yield return ResponseCases.Quadratic(straight with { NoiseLevel = 0.5 }, single with { StepSize = 3e-3 });
        yield return ResponseCases.Quadratic(bent with { GradientNoise = 0.04 }, settings with { StepSize = 5e-3 });
        yield return ResponseCases.Quadratic(straight with { GradientNoise = 0.04 }, single with { StepSize = 5e-3 });
        yield return ResponseCases.Quadratic(bent with { ObservableNoise = 0.1 }, settings);
        yield return ResponseCases.Anharmonic(1, 0.5, 1, 10, single);
        yield return ResponseCases.Anharmonic(1, 0.5, 1, 100, settings);
        yield return ResponseCases.Crossing(100, 1, 1, settings);
        yield return ResponseCases.Crossing(1000, 2, 1, settings);
        yield return ResponseCases.Slopes([0.01, 0.1, 1, 10], settings);
        yield return ResponseCases.Slopes([0.01, 0.1, 1, 10], settings with { Sampler = Sampler.RmsPropSgld });
    }

    /// <summary>Runs cases side by side; the results, in the cases' order, do not depend on how many.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="threads">How many at a time, at least 1.</param>
    /// <param name="completed">Called after each, from one thread at a time.</param>
    /// <param name="cancellation">Stops all of them.</param>
    /// <exception cref="Numerics.InputException">A case could not be measured.</exception>
    /// <exception cref="OperationCanceledException">They were cancelled.</exception>
    public static IReadOnlyList<ValidationResult> Run(
        IReadOnlyList<IValidationCase> cases,
        Kernels kernels,
        int threads,
        Action<ValidationResult>? completed = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(cases);
        ValidationResult[] results = new ValidationResult[cases.Count];
        Lock gate = new();
        try
        {
            Parallel.ForEach(
                Partitioner.Create(Enumerable.Range(0, cases.Count), EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
                index =>
                {
                    results[index] = cases[index].Run(kernels, cancellation);
                    lock (gate)
                    {
                        completed?.Invoke(results[index]);
                    }
                }
            );
        }
        catch (AggregateException errors) when (errors.InnerExceptions.Count > 0)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }

        return results;
    }
}
