using System.CommandLine;
using Curie.Cli.Invocation;

namespace Curie.Cli.Tests;

public sealed class CommandLineTests
{
    public static TheoryData<string> EveryExample { get; } = [.. Examples];

    /// <summary>The example of every command that has one.</summary>
    internal static IEnumerable<string> Examples => Commands().OfType<CurieCommand>().Select(command => command.Example);

    [Theory]
    [MemberData(nameof(EveryExample))]
    public void Every_example_parses_and_is_shown_by_its_commands_help(string example)
    {
        RootCommand root = CurieCommandLine.CreateRoot(NewSession());
        string[] arguments = example.Split(' ')[1..];
        ParseResult parsed = root.Parse(arguments);
        Assert.Empty(parsed.Errors);
        Assert.Equal(example, Assert.IsType<CurieCommand>(parsed.CommandResult.Command).Example);

        string[] path =
        [
            .. arguments.TakeWhile(argument => !argument.StartsWith('-') && !argument.Contains('.', StringComparison.Ordinal)),
        ];
        CommandRun help = CommandRun.Of([.. path, "--help"]).AssertDone();
        Assert.Contains(example, help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_command_and_option_has_a_description()
    {
        foreach (Command command in Commands())
        {
            Assert.False(string.IsNullOrWhiteSpace(command.Description), command.Name);
            Assert.All(command.Options, option =>
                Assert.False(string.IsNullOrWhiteSpace(option.Description), $"{command.Name} {option.Name}")
            );
            Assert.All(command.Arguments, argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), command.Name));
        }
    }

    [Fact]
    public void Every_command_without_subcommands_has_an_example() =>
        Assert.All(Commands().Where(command => command.Subcommands.Count == 0), command => Assert.IsType<CurieCommand>(command));

    // Where a file system has no locks, the refusal of a folder names --take-over.
    [Fact]
    public void Every_command_that_replaces_what_is_in_a_folder_can_take_it_over()
    {
        string description = SharedOptions.Overwrite().Description!;
        Command[] writers = [.. Commands().Where(command => command.Options.Any(option => option.Description == description))];
        Assert.NotEmpty(writers);
        Assert.All(writers, command => Assert.Contains(command.Options, option => option.Name == "--take-over"));
    }

    [Theory]
    [InlineData("", "See curie --help.")]
    [InlineData("corpus", "See curie corpus --help.")]
    [InlineData("corpsu", "See curie --help.")]
    [InlineData("corpus build --out a", "--source")]
    [InlineData("corpus build --source arithmetic --out a --limit 4X", "'4X' is not a size")]
    [InlineData("corpus build --source arithmetic --out a --colour red", "See curie corpus build --help.")]
    [InlineData("pack --tokenizer t --n-ctx 8 --out a.npy", "Nothing to pack")]
    [InlineData("pack --tokenizer t --n-ctx 8 --out a.npy --repeats 2 --repeat-block x", "'x' is not a range")]
    public void A_wrong_command_line_exits_with_2(string arguments, string message) =>
        CommandRun.Of(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)).AssertRefused(2, message);

    [Fact]
    public void A_missing_file_exits_with_1() =>
        CommandRun.Of("corpus", "inspect", "nowhere.jsonl").AssertRefused(1, "nowhere.jsonl does not exist; check the path.");

    [Fact]
    public void An_unexpected_exception_is_called_a_bug_and_exits_with_70()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Terminal terminal = new(
            output,
            error,
            () => throw new NotFiniteNumberException("a defect made by this test"),
            IsInteractive: false
        );
        int exitCode = CurieCommandLine.Run(["corpus", "inspect", "-"], terminal, CancellationToken.None);
        new CommandRun(exitCode, "", error.ToString()).AssertRefused(
            70,
            "this is a bug in Curie (NotFiniteNumberException: a defect made by this test)"
        );
    }

    [Fact]
    public void Ctrl_C_exits_with_130_and_says_what_to_do() =>
        CommandRun
            .With("some text", new CancellationToken(canceled: true), "corpus", "inspect", "-")
            .AssertRefused(130, "stopped; nothing was written; run the command again to start over.");

    [Fact]
    public void Version_and_help_exit_with_0()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+", CommandRun.Of("--version").AssertDone().Output);
        Assert.Contains("corpus", CommandRun.Of("--help").AssertDone().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", 1L)]
    [InlineData("512K", 512L << 10)]
    [InlineData("4m", 4L << 20)]
    [InlineData("8G", 8L << 30)]
    [InlineData("8388607T", 8388607L << 40)]
    [InlineData("8388608T", null)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("1.5G", null)]
    [InlineData("G", null)]
    [InlineData("", null)]
    public void Sizes_are_read_in_powers_of_1024(string text, long? bytes)
    {
        Assert.Equal(bytes is not null, ByteSize.TryParse(text, out long parsed));
        Assert.Equal(bytes ?? 0, parsed);
    }

    internal static Session NewSession() => new(Terminal.OfProcess(), CancellationToken.None);

    private static List<Command> Commands()
    {
        List<Command> commands = [CurieCommandLine.CreateRoot(NewSession())];
        for (int i = 0; i < commands.Count; i++)
        {
            commands.AddRange(commands[i].Subcommands);
        }

        return commands;
    }
}
