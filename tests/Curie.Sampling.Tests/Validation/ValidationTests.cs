using Curie.Numerics;
using Curie.Sampling.Validation;

namespace Curie.Sampling.Tests.Validation;

public sealed class ValidationTests
{
    private static readonly ValidationSettings Settings = new();

    [Fact]
    public void Every_case_of_the_suite_agrees_and_its_error_is_small_enough_to_mean_something()
    {
        IReadOnlyList<ValidationResult> results = ValidationSuite.Run(ValidationSuite.Create(1), TestRun.Kernels, 2);
        Assert.All(results.SelectMany(result => result.Quantities), quantity => Assert.True(quantity.Passed, quantity.ToString()));
        Assert.All(results, result => Assert.True(result.Passed, result.Name));

        // A quarter of the value would still be seen: 4 standard errors of 6 %. Single entries of a matrix may nearly cancel.
        Assert.All(results.Where(result => result.Columns == 1).Select(result => result.Quantities[0]), quantity =>
            Assert.InRange(quantity.StandardError, 0, 0.06 * Math.Abs(quantity.Expected))
        );
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads_and_do_on_the_seed()
    {
        static IValidationCase[] Cases(long seed) =>
            [
                new QuadraticCase([2, 1, 1, 2], new ValidationSettings { Draws = 50, Seed = seed }),
                new BoxCase(100, 1, 1, new ValidationSettings { Draws = 8, Seed = seed }),
                new InfluenceCase(0.01, [1, 2], [0, 0.3], new ValidationSettings { Draws = 8, Seed = seed }),
            ];
        ValidationQuantity[] one = Quantities(Cases(1), 1);
        Assert.Equal(one, Quantities(Cases(1), 3));
        Assert.All(one.Zip(Quantities(Cases(2), 1)), pair => Assert.NotEqual(pair.First.Estimate, pair.Second.Estimate));
    }

    [Fact]
    public void A_sampler_that_forgets_the_step_would_be_found_out()
    {
        // The chain's own value is 0.763, the posterior's 0.468: the same estimate that agrees with the first rejects the second.
        ValidationQuantity quantity = new QuadraticCase([1], Settings with { StepSize = 0.01, NBeta = 144.76 })
            .Run(TestRun.Kernels, CancellationToken.None)
            .Quantities[0];
        Assert.True(quantity.Passed);
        Assert.Equal(0.762831, quantity.Expected, 1e-6);
        Assert.False((quantity with { Expected = 0.5 * 144.76 / 154.76 }).Passed);
    }

    [Fact]
    public void The_steps_effect_between_walls_is_the_known_one()
    {
        // About 13 standard errors of this run: without it the same estimate disagrees.
        ValidationQuantity quantity = new BoxCase(100, 1, 1, Settings with { StepSize = 1.5e-3, Draws = 4000 })
            .Run(TestRun.Kernels, CancellationToken.None)
            .Quantities[0];
        Assert.True(quantity.Passed, quantity.ToString());
        Assert.False((quantity with { Expected = quantity.Exact }).Passed);
    }

    [Theory]
    [InlineData(1.4, 0.1, 0, 4, true)]
    [InlineData(1.45, 0.1, 0, 4.5, false)]
    [InlineData(0.5, 0.06, 0.08, -5, false)]
    [InlineData(1, 0, 0, 0, true)]
    [InlineData(1.1, 0, 0, double.PositiveInfinity, false)]
    [InlineData(double.NaN, 0.1, 0, double.NaN, false)]
    public void A_quantity_passes_within_four_standard_errors(double estimate, double error, double expectedError, double z, bool passed)
    {
        ValidationQuantity quantity = new("q", 1, 1, estimate, error, expectedError);
        Assert.Equal(z, quantity.Z, 1e-12);
        Assert.Equal(passed, quantity.Passed);
    }

    [Fact]
    public void Exact_values_are_those_known()
    {
        Assert.Equal(0.390273, Exact(new CrossingCase(1000, 1, 1, Settings with { Draws = 8, StepsBetweenDraws = 1, BurnIn = 0 })), 1e-6);
        Assert.Equal(
            0.390273,
            Exact(new CrossingCase(1, 1, 1, Settings with { NBeta = 1000, Draws = 8, StepsBetweenDraws = 1, BurnIn = 0 })),
            1e-6
        );
        Assert.Equal(0.160195, Exact(new BoxCase(1000, 2, 2, Settings with { Draws = 8, StepsBetweenDraws = 1, BurnIn = 0 })), 1e-6);
        Assert.Equal(0.75, Exact(new MonomialCase([4, 2], Settings with { Draws = 8 })), 1e-12);
        Assert.Equal(-0.981392, Exact(new AnharmonicCase(1, 0.5, 1, 100, Settings with { Draws = 8 })), 1e-6);
        ValidationResult network = new LinearNetworkCase([5, 3, 5], 1, Settings with { Draws = 8, StepsBetweenDraws = 1, BurnIn = 0 }).Run(
            TestRun.Kernels,
            CancellationToken.None
        );
        Assert.Equal(8, network.Quantities[0].Exact);
        Assert.Equal(1, network.Multiplicity);
    }

    [Theory]
    [InlineData("sgld")]
    [InlineData("sgnht")]
    [InlineData("mala")]
    public void Every_sampler_of_a_law_agrees_on_every_kind_of_surface(string samplerName)
    {
        Sampler sampler = Sampler.Parse(samplerName);
        ValidationSettings settings = Settings with { Sampler = sampler, Draws = 600 };
        List<IValidationCase> cases =
        [
            new MonomialCase([3, 2], settings with { Localization = 20 }),
            new MonomialCase([40], settings),
            new CrossingCase(100, 1, 1, settings with { Draws = 60 }),
            new AnharmonicCase(1, 0.5, 1, 100, settings with { NBeta = 100, Localization = 30, Draws = 2000 }),
            new InfluenceCase(0.01, [1, 2], [0, 0.3], settings with { NBeta = 30, Localization = 5 }),
            new LinearNetworkCase([3, 2, 3], 1, settings with { Localization = 10, Draws = 100 }),
        ];
        IReadOnlyList<ValidationResult> results = ValidationSuite.Run(cases, TestRun.Kernels, 2);
        Assert.All(results.SelectMany(result => result.Quantities), quantity => Assert.True(quantity.Passed, quantity.ToString()));
        Assert.All(results, result => Assert.Equal(sampler, result.Options.Sampler));
    }

    [Fact]
    public void A_few_batches_must_be_further_off_than_many()
    {
        // Student's t of 4 degrees of freedom exceeds 4.604 as often as a normal number 2.576 (both 1 % two-sided tables).
        Assert.Equal(-2.5758, new ValidationQuantity("q", 5.604, 5.604, 1, 1, 0, 4).Z, 1e-3);
        Assert.Equal(2.5758, new ValidationQuantity("q", 1, 1, 5.604, 1, 0, 4).Z, 1e-3);
        Assert.Equal(0, new ValidationQuantity("q", 1, 1, 1, 1, 0, 4).Z);
        Assert.Equal(double.PositiveInfinity, new ValidationQuantity("q", 1, 1, 2, 0, 0, 4).Z);
    }

    [Fact]
    public void Loss_covariances_have_their_closed_form()
    {
        ValidationResult result = new InfluenceCase(0.01, [1, 2, 0.5], [0, 0.3, -0.2], Settings with { Draws = 8 }).Run(
            TestRun.Kernels,
            CancellationToken.None
        );
        Assert.Equal([5e-5, 1e-4, 2.5e-5, 1e-4, 3.8e-3], result.Quantities.Take(5).Select(quantity => Math.Round(quantity.Exact, 12)));
        Assert.Equal(3, result.Columns);
    }

    [Fact]
    public void Cases_that_have_no_answer_are_refused_in_one_sentence()
    {
        Refuses("symmetric", () => new QuadraticCase([2, 1, 0, 2], Settings));
        Refuses("3 values are given", () => new QuadraticCase([2, 1, 0], Settings));
        Refuses("no stationary law", () => new QuadraticCase([-1], Settings));
        Refuses("nbeta above 0", () => new MonomialCase([4], Settings with { NBeta = 0 }));
        Refuses("localization above 0", () => new CrossingCase(1000, 1, 1, Settings with { Localization = 0 }));
        Refuses("leave localization out", () => new BoxCase(1000, 1, 1, Settings with { Localization = 1 }));
        Refuses("leave nbeta out, or give the same", () => new AnharmonicCase(1, 0.5, 1, 100, Settings with { NBeta = 3 }));
        Refuses("a localization below", () => new InfluenceCase(0.01, [1], [0], Settings with { Localization = 200 }));
        Refuses("validate it with slope", () => new QuadraticCase([1], Settings with { Sampler = Sampler.RmsPropSgld }));
        Refuses("compares exact losses", () => new QuadraticCase([1], Settings with { Sampler = Sampler.Mala }, 0.1));
        Refuses("too strong for any friction", () => new QuadraticCase([1], Settings with { Sampler = Sampler.Sgnht }, 1));
        Refuses("variance of at least 0", () => new QuadraticCase([1], Settings, -1));
        Refuses("no box to be reflected in", () => new BoxCase(100, 1, 1, Settings with { Sampler = Sampler.Sgnht }));
        Refuses("without end", () => new SlopeCase([1], Settings with { Localization = 0 }));
        Refuses("a finite slope", () => new SlopeCase([], Settings));
        Refuses("2 h and 1 a are given", () => new InfluenceCase(0.01, [1, 2], [0], Settings));
        Refuses("smaller than 0.01", () => new InfluenceCase(0.01, [1], [0], Settings with { StepSize = 0.02 }));
        Refuses("the true rank 4", () => new LinearNetworkCase([5, 3, 5], 4, Settings));
        Refuses("too few for a standard error", () => new QuadraticCase([1], Settings with { Draws = 7 }));
        Refuses("updates to forget", () => new CrossingCase(1e9, 1, 1, Settings));
    }

    private static void Refuses(string message, Func<IValidationCase> create) =>
        Assert.Contains(message, Assert.Throws<InputException>(create).Message, StringComparison.Ordinal);

    private static double Exact(IValidationCase one) => one.Run(TestRun.Kernels, CancellationToken.None).Quantities[0].Exact;

    private static ValidationQuantity[] Quantities(IValidationCase[] cases, int threads) =>
        [.. ValidationSuite.Run(cases, TestRun.Kernels, threads).SelectMany(result => result.Quantities)];
}
