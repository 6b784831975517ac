using System.Diagnostics;
using Curie.Numerics;
using Curie.Response.Runs;
using Curie.Sampling.Chains;
using Curie.Studies.Folders;

namespace Curie.Studies.Sharding;

/// <summary>Runs one shard of a study, or continues it, in its own folder, and says there how far it is.</summary>
public static class ShardRunner
{
    private const string NothingSaved = "stopped before anything was saved";
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Runs a shard; one that is done is left as it is, and for one that another process is at is waited: its work is not done twice.
    /// </summary>
    /// <param name="folder">The study's folder.</param>
    /// <param name="index">The shard.</param>
    /// <param name="options">Threads and memory, in place of the plan's where they are given, and how often states are saved.</param>
    /// <param name="job">What its scheduler calls it; null for nothing.</param>
    /// <param name="takeOver">Whether the shard's folder is taken over from a process that has ended, as by
    /// <see cref="OutputFolder.TakeOver"/>.</param>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="cancellation">Stops between two updates or evaluations; what was saved last stays for the next attempt.</param>
    /// <returns>False if it was done already.</returns>
    /// <exception cref="InputException">An input is missing or differs from what was planned, a file cannot be written, or three attempts
    /// were
    /// stopped before they had saved anything.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static bool Run(
        string folder,
        int index,
        StudyOptions options,
        string? job = null,
        bool takeOver = false,
        IProgress<StudyProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ShardPlan plan = ShardPlan.Read(folder);
        ShardFolder shard = new(folder, plan, index);
        if (shard.IsDone)
        {
            return false;
        }

        if (takeOver)
        {
            OutputFolder.TakeOver(shard.Path);
        }

        using OutputFolder output = OpenWhenFree(shard.Path, cancellation);
        if (shard.IsDone)
        {
            return false;
        }

        IReadOnlyList<ShardAttempt> earlier = shard.Attempts();
        ShardAttempt attempt = new()
        {
            Index = index,
            Attempt = 1 + earlier.Select(one => one.Attempt).DefaultIfEmpty(0).Max(),
            Host = Environment.MachineName,
            Process = Environment.ProcessId,
            Job = job,
            Started = DateTimeOffset.UtcNow,
            Updated = DateTimeOffset.UtcNow,
            Fraction = earlier.Count > 0 ? earlier[^1].Fraction : 0,
        };
        Dictionary<string, DateTime> found = SavedFiles(shard.Path);
        AttemptReport report = new(
            output.FilePath(ShardFolder.AttemptName(attempt.Attempt)),
            attempt,
            () => SavedFiles(shard.Path).Except(found).Any(),
            progress
        );
        try
        {
            using ShardedStudy study = ShardedStudy.Open(plan, options);
            IReadOnlyList<PlannedWork> works = plan.Shards[index].Work;
            study.RequireUnchanged(plan, works.Select(work => work.Unit));
            for (int place = 0; place < works.Count; place++)
            {
                PlannedWork work = works[place];
                report.Begin(place, works.Count);
                if (File.Exists(shard.FileOf(work.Unit)))
                {
                    continue;
                }

                output.Enter([ShardFolder.FileName(work.Unit), .. StateFiles(plan, work)]);
                Directory.CreateDirectory(shard.StatesOf(work.Unit));
                SavedStates states = new(shard.StatesOf(work.Unit), plan.HeaderOf(index, work.Unit).Fingerprint, options.SaveInterval);
                study.Run(plan, index, work, shard.FileOf(work.Unit), states, report, cancellation);
                Directory.Delete(shard.StatesOf(work.Unit), recursive: true);
            }

            report.End(ShardAttemptState.Done, null);
            return true;
        }
        catch (OperationCanceledException)
        {
            IEnumerable<ShardAttempt> last = earlier.TakeLast(ShardFolder.MostFruitless - 1);
            if (
                report.HasSaved
                || last.Count(one => one is { State: ShardAttemptState.Stopped, HasSaved: false }) < ShardFolder.MostFruitless - 1
            )
            {
                report.End(ShardAttemptState.Stopped, report.HasSaved ? null : NothingSaved);
                throw;
            }

            string sentence =
                $"shard {index} was stopped three times before it had saved anything; give it more time, or cut the study into more "
                + "shards.";
            report.End(ShardAttemptState.Failed, sentence);
            throw new InputException(sentence);
        }
        catch (Exception error)
        {
            report.End(ShardAttemptState.Failed, error.Message);
            throw;
        }
    }

    /// <summary>
    /// Opens the shard's folder once no other attempt is at it: a node that is cut off is given up by its scheduler while its process goes
    /// on.
    /// </summary>
    private static OutputFolder OpenWhenFree(string path, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return OutputFolder.Open(path, ExistingRun.Resume);
            }
            catch (FolderInUseException)
            {
                cancellation.WaitHandle.WaitOne(LookAgain);
            }
        }
    }

    /// <summary>States and results, with the time at which each was saved.</summary>
    private static Dictionary<string, DateTime> SavedFiles(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".state" or ".shard")
            .ToDictionary(file => file, File.GetLastWriteTimeUtc);

    /// <summary>Names that a unit's states may have, for the ledger.</summary>
    private static IEnumerable<string> StateFiles(ShardPlan plan, PlannedWork work) =>
        from part in work.Parts
        from component in part.Components
        from name in new[] { $"{component}.state", $"{component}.{part.FirstChain}-{part.FirstChain + part.Chains - 1}.state" }
        select Path.Combine(ShardFolder.StatesName(work.Unit), name);

    /// <summary>Writes how far the attempt is, and passes progress on.</summary>
    private sealed class AttemptReport : IProgress<StudyProgress>
    {
        private readonly string _path;
        private readonly Func<bool> _hasSaved;
        private readonly IProgress<StudyProgress>? _progress;
        private readonly Stopwatch _sinceStart = Stopwatch.StartNew();
        private readonly Stopwatch _sinceReport = Stopwatch.StartNew();
        private readonly double _start;
        private ShardAttempt _attempt;
        private int _place;
        private int _works = 1;

        public AttemptReport(string path, ShardAttempt attempt, Func<bool> hasSaved, IProgress<StudyProgress>? progress)
        {
            _path = path;
            _attempt = attempt;
            _hasSaved = hasSaved;
            _progress = progress;
            _start = attempt.Fraction;
            Write();
        }

        /// <summary>Whether the attempt has saved anything.</summary>
        public bool HasSaved
        {
            get
            {
                try
                {
                    return _attempt.HasSaved || _hasSaved();
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    // A folder that cannot be listed does not end the shard, as below.
                    return false;
                }
            }
        }

        public void Begin(int place, int works) => (_place, _works) = (place, works);

        public void Report(StudyProgress value)
        {
            double share = value.Total > 0 ? Math.Min(1, value.Done / value.Total) : 0;
            double done = (_place + share) / _works;
            _attempt = _attempt with
            {
                Fraction = Math.Max(_attempt.Fraction, _start + ((1 - _start) * done)),
                SecondsLeft = done > 0 ? _sinceStart.Elapsed.TotalSeconds * (1 - done) / done : null,
            };
            if (_sinceReport.Elapsed > ReportInterval)
            {
                Write();
                _sinceReport.Restart();
            }

            _progress?.Report(value);
        }

        public void End(ShardAttemptState state, string? message)
        {
            _attempt = _attempt with
            {
                State = state,
                Message = message,
                Fraction = state == ShardAttemptState.Done ? 1 : _attempt.Fraction,
                SecondsLeft = state == ShardAttemptState.Done ? 0 : null,
            };
            Write();
        }

        /// <summary>What cannot be said, as on a full disk, does not end the shard: its own files do if they cannot be written.</summary>
        private void Write()
        {
            _attempt = _attempt with { Updated = DateTimeOffset.UtcNow, HasSaved = HasSaved };
            try
            {
                RecordJson.WriteFile(_path, _attempt);
            }
            catch (InputException)
            {
                // As above.
            }
        }
    }
}
