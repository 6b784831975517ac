using System.Globalization;
using Curie.Numerics;

namespace Curie.Cluster.Local;

/// <summary>Runs the shards of a study as processes of this machine, some at a time.</summary>
public sealed class LocalEngine
{
    /// <summary>The engine's name.</summary>
    public const string Name = "local";

    /// <summary>The last exit code that is a program's own; those above name the signal that ended it.</summary>
    private const int LastOrdinary = 128;

    private const int MostKills = 3;

    private readonly ClusterJob _job;
    private readonly LocalOptions _options;

    /// <summary>Starts nothing yet.</summary>
    /// <exception cref="InputException">The job or the options are not valid.</exception>
    public LocalEngine(ClusterJob job, LocalOptions options)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(options);
        job.Validate();
        options.Validate();
        (_job, _options) = (job, options);
    }

    /// <summary>
    /// Runs shards, each to its end. One that asks to continue, or was killed, is started again; one that fails does not stop the others.
    /// When the run is cancelled no more are started, and those that run are told to save their states and stop.
    /// </summary>
    /// <param name="shards">The shards.</param>
    /// <param name="progress">Told of every process that has ended; may be null.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="InputException">The program cannot be started, or a log not be written.</exception>
    public async Task<LocalOutcome> RunShards(
        IReadOnlyList<int> shards,
        IProgress<ShardEnd>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(shards);
        MakeLogs();
        Queue<int> waiting = new(shards);
        List<int> done = [];
        List<ShardEnd> failed = [];
        List<int> left = [];
        Dictionary<Task<int>, int> running = [];
        Dictionary<int, int> kills = [];
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            while (running.Count > 0 || (waiting.Count > 0 && !cancellation.IsCancellationRequested))
            {
                while (running.Count < _options.Jobs && !cancellation.IsCancellationRequested && waiting.TryDequeue(out int next))
                {
                    running.Add(Run([.. _job.ShardCommand, "--index", Text(next)], _job.LogOf(next), stop.Token), next);
                }

                Task<int> ended = await Task.WhenAny(running.Keys).ConfigureAwait(false);
                running.Remove(ended, out int shard);
                ShardEnd end = new(shard, await ended.ConfigureAwait(false));
                progress?.Report(end);
                switch (end.ExitCode)
                {
                    case ShardExit.Done:
                        done.Add(shard);
                        break;
                    case ShardExit.AsksToContinue when !cancellation.IsCancellationRequested:
                        waiting.Enqueue(shard);
                        break;
                    case int when cancellation.IsCancellationRequested:
                        left.Add(shard);
                        break;
                    case > LastOrdinary when (kills[shard] = kills.GetValueOrDefault(shard) + 1) <= MostKills:
                        waiting.Enqueue(shard);
                        break;
                    default:
                        failed.Add(end);
                        break;
                }
            }
        }
        finally
        {
            // Of an error the other shards know nothing: they save their states too.
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(running.Keys.Select(task => (Task)task)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return new LocalOutcome([.. done.Order()], [.. failed.OrderBy(end => end.Shard)], [.. left.Concat(waiting).Order()]);
    }

    /// <summary>Runs the merge; its output is in <c>logs/merge.log</c>.</summary>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="InputException">The program cannot be started, or the log not be written.</exception>
    public Task<int> RunMerge(CancellationToken cancellation = default)
    {
        MakeLogs();
        return Run(_job.MergeCommand, Path.Combine(_job.Logs, "merge.log"), cancellation);
    }

    private async Task<int> Run(IReadOnlyList<string> command, string log, CancellationToken cancellation)
    {
        using LoggedProcess process = LoggedProcess.Start(_job, command, log);
        Task<int> end = process.End();
        try
        {
            return await end.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Terminate();
        }

        try
        {
            return await end.WaitAsync(_options.Notice, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            process.Kill();
            return await end.ConfigureAwait(false);
        }
    }

    private void MakeLogs()
    {
        try
        {
            Directory.CreateDirectory(_job.Logs);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot make the folder {_job.Logs}: {error.Message} Check that it is writable.", error);
        }
    }

    private static string Text(int index) => index.ToString(CultureInfo.InvariantCulture);
}
