using System.Text.Json.Nodes;

namespace Curie.Cli.Tests.Commands;

/// <summary>Known answers through the command line; what the cases measure is tested beside them.</summary>
public sealed class ValidateCommandTests
{
    [Theory]
    [InlineData("quadratic --h 2,1,1,2 --nbeta 100 --localization 10 --step-size 0.001", 0.991920)]
    [InlineData("quadratic --h 2,1,1,2 --sampler mala --draws 2000", 0.938416)]
    [InlineData("quadratic --h 2,1,1,2 --sampler sgnht --draws 2000", 0.938416)]
    [InlineData("slope --slopes 0,0 --sampler rmsprop-sgld --draws 1000", 2)]
    [InlineData("monomial --powers 4,2", 0.75)]
    [InlineData("crossing --powers 1,1 --scale 1000 --localization 1 --draws 20", 0.390273)]
    [InlineData("box --p 1 --q 1 --scale 100 --draws 20", 0.347762)]
    [InlineData("anharmonic --lambda 1 --alpha 0.5 --kappa 1 --t 100 --draws 1000", -0.981392)]
    [InlineData("rrr --input 5 --hidden 3 --output 5 --rank 1 --localization 10 --draws 100", 8)]
    [InlineData("dln --widths 4,4,4,4 --rank 0 --localization 10 --draws 100", 5.5)]
    public void A_case_prints_what_is_known_and_what_it_measured(string arguments, double exact)
    {
        JsonNode json = Json(arguments);
        Assert.Equal(exact, (double)json["exact"]!, 1e-6);
        double z = ((double)json["estimate"]! - (double)json["expected"]!) / (double)json["se"]!;
        Assert.InRange(Math.Abs((double)json["z"]!), 0, Math.Min(4, Math.Abs(z)));
        Assert.True((bool)json["ok"]!);
    }

    [Fact]
    public void Multiplicities_are_given_where_there_are_some()
    {
        Assert.Equal(
            3,
            (int)Json("dln --widths 4,4,4,4 --rank 0 --draws 8 --burn-in 3000 --steps-between-draws 200 --localization 10")["multiplicity"]!
        );
        Assert.Null(Json("quadratic --h 1 --draws 100")["multiplicity"]);
    }

    [Fact]
    public void Covariances_are_a_matrix()
    {
        JsonNode json = Json("influence --variance 0.01 --h 1,2,0.5 --a 0,0.3,-0.2 --draws 400");
        Assert.Equal(3.8e-3, (double)json["exact"]![1]![1]!, 1e-12);
        Assert.Equal((double)json["estimate"]![0]![2]!, (double)json["estimate"]![2]![0]!);
        Assert.All(json["z"]!.AsArray(), row => Assert.Equal(3, row!.AsArray().Count));
    }

    [Fact]
    public void A_filter_chooses_cases_and_the_table_has_a_verdict_for_each()
    {
        CommandRun result = CommandRun.Of("validate", "--filter", "QUADRATIC", "--seed", "2").AssertDone();
        Assert.Equal(
            6,
            result
                .Output.Split('\n')
                .Count(line =>
                    line.TrimStart().StartsWith("quadratic", StringComparison.Ordinal) && line.EndsWith("ok", StringComparison.Ordinal)
                )
        );
        Assert.Contains("All of 6 agree.", result.Output, StringComparison.Ordinal);
        JsonNode json = JsonNode.Parse(CommandRun.Of("validate", "--filter", "quadratic", "--json").AssertDone().Output)!;
        Assert.Equal((6, 0, 6), ((int)json["passed"]!, (int)json["failed"]!, json["cases"]!.AsArray().Count));
    }

    /// <summary>
    /// The step is so large that walls and loss are overstepped at once: what is known of the step, its first order, is no longer enough.
    /// </summary>
    [Fact]
    public void An_estimate_that_is_off_exits_with_4()
    {
        CommandRun result = CommandRun.Of("validate", "box", "--p", "1", "--q", "1", "--scale", "1000", "--step-size", "0.05");
        Assert.Equal(4, result.ExitCode);
        Assert.Contains("FAIL", result.Output, StringComparison.Ordinal);
        Assert.Contains("1 of 1 do not agree.", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "response --h 2,1,1,2 --curvature 2,1,1,2 --data-slope 0.02,-0.01 --data-curvature 0.4,0.1,0.1,-0.3 --moving 0 --draws 200"
    )]
    [InlineData("response --h 1 --slope 1 --data-slope 1 --data-curvature 5 --noise-level 2 --unpaired --draws 200")]
    [InlineData("response --h 1 --curvature 1 --data-curvature 1 --gradient-noise 0.04 --observable-noise 0.1 --draws 200")]
    [InlineData("anharmonic --lambda 1 --alpha 0.5 --kappa 1 --t 10 --response --draws 200")]
    [InlineData("crossing --powers 1,1 --scale 100 --response --draws 60")]
    [InlineData("slope --slopes 0.1,1 --sampler rmsprop-sgld --response --unpaired --draws 200")]
    public void A_covariance_is_measured_as_a_response_in_both_directions_and_as_a_product(string arguments)
    {
        JsonNode json = Json(arguments);
        Assert.Equal(
            ["response", "response, reversed", "product"],
            json["quantities"]!.AsArray().Select(quantity => (string)quantity!["quantity"]!)
        );
        Assert.All(json["quantities"]!.AsArray(), quantity => Assert.True((bool)quantity!["ok"]!, quantity.ToString()));
        Assert.Equal((double)json["estimate"]!, (double)json["quantities"]![0]!["estimate"]!);
    }

    [Theory]
    [InlineData("--filter nothing", 1, "no case has 'nothing' in its name")]
    [InlineData("crossing --powers 1,1,1 --scale 3", 1, "--powers gives 3")]
    [InlineData("crossing --powers 1,1.5 --scale 3", 1, "--powers has the value 1.5")]
    [InlineData("quadratic --h 1 --step-size 0.1", 1, "keep nbeta × curvature + localization above 0, and below 4/step_size")]
    [InlineData("quadratic --h 1,x", 2, "--h is '1,x'; give a number")]
    [InlineData("monomial --powers 4 --draws 3", 2, "--draws is '3'; give a whole number of at least 8.")]
    [InlineData("box --p 1 --q 1", 2, "--scale")]
    [InlineData("quadratic --h 1 --sampler rmsprop-sgld", 1, "validate it with slope")]
    [InlineData("quadratic --h 1 --sampler hmc", 2, "hmc")]
    [InlineData("response --h 1 --slope 1", 1, "an observable that is 0")]
    [InlineData("response --h 1 --slope 1 --data-slope 1,2", 1, "the data's slope has 2 values")]
    [InlineData("response --h 1,0,0,1 --slope 1,1 --data-slope 1,1 --curvature 0,1,0,0", 1, "symmetric matrix")]
    [InlineData("response --h 1 --slope 1 --data-slope 1 --moving 1", 1, "counted from 0")]
    [InlineData("response --h 1 --slope 1 --data-slope 1 --sampler mala", 1, "leave --sampler out")]
    [InlineData("response --h 1 --slope 1 --data-slope 1 --chains 3", 1, "3 is an odd number")]
    [InlineData("crossing --powers 1,1 --scale 3 --unpaired", 1, "without --response none is measured")]
    [InlineData("quadratic --h 1,0,0,-1", 1, "a mode of curvature -1 has no stationary law")]
    public void Bad_input_is_refused(string arguments, int exitCode, string message) =>
        CommandRun.Of(["validate", .. arguments.Split(' ')]).AssertRefused(exitCode, message);

    private static JsonNode Json(string arguments) =>
        JsonNode.Parse(CommandRun.Of(["validate", .. arguments.Split(' '), "--json"]).AssertDone().Output)!;
}
