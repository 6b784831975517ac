using Curie.Development.Roles;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;
using Curie.Studies.Susceptibilities;

namespace Curie.Cli.Reports.Conclusions;

/// <summary>What a finished run is concluded from, once the attention of its model's heads has been measured and kept beside it.</summary>
internal static class RunEnding
{
    /// <summary>
    /// What a run folder shows. A model that cannot be read any more leaves the roles out, for the run is whole without them.
    /// </summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="threads">How many threads; 0 for all cores.</param>
    public static RunFindings Of(string folder, int threads) => Of(RunFolder.Read(folder), folder, threads);

    /// <summary>What a run that is in memory shows.</summary>
    /// <param name="run">The run.</param>
    /// <param name="folder">Its folder; null where it is in none.</param>
    /// <param name="threads">How many threads; 0 for all cores.</param>
    public static RunFindings Of(SusceptibilityRun run, string? folder, int threads)
    {
        if (folder is not null)
        {
            KeepAttention(folder, run, threads);
        }

        return new RunFindings(run, Roles(folder, run, threads), folder is null ? null : SusceptibilityStudy.ControlOf(folder));
    }

    /// <summary>Keeps where the heads attend in the probes' text, for the report page; what is kept already stays.</summary>
    private static void KeepAttention(string folder, SusceptibilityRun run, int threads)
    {
        try
        {
            using Machine machine = Machine.Create(threads);
            RunAttention.Keep(folder, run, model: null, machine);
        }
        catch (InputException)
        {
            // The run is whole without it, and the page says that it is missing.
        }
    }

    private static AttentionRoles? Roles(string? folder, SusceptibilityRun run, int threads)
    {
        try
        {
            if (folder is not null && RunRoles.Find(folder) is { } kept)
            {
                return kept;
            }

            using Machine machine = Machine.Create(threads);
            if (RunRoles.Measure(run, model: null, RunRoles.DefaultSamples, RunRoles.Seed(run), machine) is not { } roles)
            {
                return null;
            }

            if (folder is not null)
            {
                RunRoles.Store(folder, roles);
            }

            return roles;
        }
        catch (InputException)
        {
            return null;
        }
    }
}
