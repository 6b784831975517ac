using Curie.Cli.Tests.Commands;
using Curie.Tests;

namespace Curie.Cli.Tests;

/// <summary>The example that ends every command's help, run by the built program on stand-ins for the files that it names.</summary>
public sealed class HelpExampleTests(ExampleFiles files) : IClassFixture<ExampleFiles>
{
    private const string Tiny = "the stand-in is tiny, and what is tested is that the command line runs, not the precision";
    private const string Fewer = "the case's own draws take up to half a minute; it agrees within its errors for any number of them";

    /// <summary>Options that an example is given here in addition, so that it is done in seconds, with the reason.</summary>
    private static readonly Dictionary<string, (string Options, string Reason)> Additions = new()
    {
        ["curie calibrate"] = (
            "--chains 2 --localizations 300,3000 --loss-shares 0.1 --steps 0.4 --effective-draws 10 --no-response",
            "coupled chains for the default grid take minutes; CalibrateCommandTests makes some"
        ),
        ["curie llc"] = ("--draws 8 --burn-in 20 --loss-rows 8", Tiny),
        ["curie regression evaluate"] = ("--sequences 64 --outputs 8", Tiny),
        ["curie stages"] = ("--posterior-draws 200", Tiny),
        ["curie validate crossing"] = ("--draws 20", Fewer),
        ["curie validate box"] = ("--draws 20", Fewer),
        ["curie validate rrr"] = ("--draws 100", Fewer),
        ["curie validate dln"] = ("--draws 20", Fewer),
    };

    /// <summary>Examples that take long and are run by other tests, in the same or in a shorter form.</summary>
    private static readonly Dictionary<string, string> RunElsewhere = new()
    {
        ["curie demo"] = $"{nameof(DemoCommandTests)} runs it as it stands",
        ["curie validate --filter crossing"] =
            $"{nameof(ValidateCommandTests)} filters other cases, and ValidationTests of Curie.Sampling.Tests runs all",
        ["curie submit susceptibility"] = $"{nameof(ShardCommandsTests)} submits to processes of this machine",
        ["curie submit llc"] = $"{nameof(ShardCommandsTests)} submits to processes of this machine",
        ["curie submit scores"] = $"{nameof(ShardCommandsTests)} submits to processes of this machine",
        ["curie submit regression-evaluate"] = $"{nameof(ShardCommandsTests)} submits to processes of this machine",
        ["curie shard"] = $"{nameof(ShardCommandsTests)} runs shards",
        ["curie status"] = $"{nameof(ShardCommandsTests)} asks how shards stand",
        ["curie merge"] = $"{nameof(ShardCommandsTests)} merges",
        ["curie validate coverage"] = $"{nameof(ControlTests)} runs it on one case with fewer replicates",
    };

    /// <summary>Exit codes other than 0 that an example may have here, with the reason.</summary>
    private static readonly Dictionary<string, (string Code, string Reason)> MayExitWith = new()
    {
        ["curie calibrate"] = ("5", "a model of 60 updates need not have a sound setting"),
        ["curie perturb"] = ("4", "with eight draws the run's own errors are not known well enough for the comparison to be judged"),
    };

    public static TheoryData<string> Examples { get; } =
    [.. CommandLineTests.Examples.Where(example => !RunElsewhere.Keys.Any(start => Begins(example, start)))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_runs(string example)
    {
        string[] arguments = [.. example.Split(' ')[1..], .. Of(Additions, example)?.Split(' ') ?? []];
        using TemporaryFolder folder = new();
        files.CopyInputs(arguments, folder.Path);

        CommandRun run = BuiltProgram.Run(folder.Path, arguments);

        Assert.True(
            run.ExitCode == 0 || $"{run.ExitCode}" == Of(MayExitWith, example),
            $"{example}: exit code {run.ExitCode}: {run.Error}"
        );
        Assert.NotEmpty(run.Output);
        foreach (string option in (string[])["--out", "--csv"])
        {
            int place = Array.IndexOf(arguments, option);
            Assert.True(place < 0 || Path.Exists(folder.File(arguments[place + 1])), $"{example} did not write {option}");
        }
    }

    [Fact]
    public void Every_exception_is_of_one_example()
    {
        foreach (string start in (string[])[.. Additions.Keys, .. RunElsewhere.Keys, .. MayExitWith.Keys])
        {
            Assert.Single(CommandLineTests.Examples, example => Begins(example, start));
        }
    }

    private static string? Of(Dictionary<string, (string Value, string Reason)> exceptions, string example) =>
        exceptions.Where(pair => Begins(example, pair.Key)).Select(pair => pair.Value.Value).SingleOrDefault();

    private static bool Begins(string example, string start) =>
        example == start || example.StartsWith(start + " ", StringComparison.Ordinal);
}
