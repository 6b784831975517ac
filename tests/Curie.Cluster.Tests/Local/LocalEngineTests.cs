using System.Globalization;
using Curie.Cluster.Local;
using Curie.Cluster.Status;
using Curie.Numerics;
using Curie.Tests;

namespace Curie.Cluster.Tests.Local;

public sealed class LocalEngineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Shards_run_some_at_a_time_and_are_merged()
    {
        StandInProgram program = new(_folder.Path, shards: 5, steps: 3, pause: 0.05);
        LocalEngine engine = new(program.Job, new LocalOptions { Jobs = 2 });
        LocalOutcome outcome = await engine.RunShards([0, 1, 2, 3, 4]);
        Assert.Equal([0, 1, 2, 3, 4], outcome.Done);
        Assert.Equal(0, await engine.RunMerge());
        Assert.Equal(program.Expected, program.Merged);
        Assert.Contains("continues at 0 with 256", program.LogOf(3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_run_saves_its_states_and_continues()
    {
        StandInProgram program = new(_folder.Path, shards: 4, steps: 10, pause: 0.1);
        LocalEngine engine = new(program.Job, new LocalOptions { Jobs = 2 });
        using CancellationTokenSource stop = new();
        Task<LocalOutcome> run = engine.RunShards([0, 1, 2, 3], cancellation: stop.Token);
        Wait.Until(() => program.Reports.Count(report => report.Fraction > 0.3) >= 2);
        await stop.CancelAsync();
        LocalOutcome stopped = await run;
        Assert.Equal([0, 1, 2, 3], stopped.Done.Concat(stopped.Left).Order());
        Assert.NotEmpty(stopped.Left);
        Assert.Empty(stopped.Failed);
        Assert.Contains(program.Reports, report => report.State == ShardReportState.Stopped);
        LocalOutcome rest = await engine.RunShards(stopped.Left);
        Assert.Equal(stopped.Left, rest.Done);
        Assert.Equal(0, await engine.RunMerge());
        Assert.Equal(program.Expected, program.Merged);
    }

    [Fact]
    public async Task A_killed_shard_continues_and_one_that_fails_is_named_with_its_exit_code()
    {
        StandInProgram program = new(_folder.Path, shards: 3, steps: 10, pause: 0.1);
        program.Fail(1, yes: true);
        LocalEngine engine = new(program.Job, new LocalOptions { Jobs = 3 });
        Task<LocalOutcome> run = engine.RunShards([0, 1, 2]);
        Wait.Until(() => program.Reports.Any(report => report is { Index: 0, Fraction: > 0 }));
        Wait.Send("KILL", ProcessOf(program, 0));
        LocalOutcome outcome = await run;
        Assert.Equal([0, 2], outcome.Done);
        Assert.Equal([new ShardEnd(1, 1)], outcome.Failed);
        Assert.Equal(1, await engine.RunMerge());
        Assert.Contains("shard 1 is missing", await File.ReadAllTextAsync(_folder.File("logs/merge.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        ClusterJob job = new StandInProgram(_folder.Path, shards: 2, steps: 1, pause: 0).Job with { Program = ["/nowhere/curie"] };
        InputException error = await Assert.ThrowsAsync<InputException>(() => new LocalEngine(job, new LocalOptions()).RunShards([0]));
        Assert.Contains("/nowhere/curie", error.Message, StringComparison.Ordinal);
    }

    private static int ProcessOf(StandInProgram program, int shard) =>
        Directory
            .GetDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => name!.All(char.IsAsciiDigit))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Single(process =>
                CommandOf(process).SequenceEqual(["/bin/bash", program.Job.Program[0], "shard", program.Job.Folder, "--index", $"{shard}"])
            );

    private static string[] CommandOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0')[..^1];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
