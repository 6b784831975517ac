using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Curie.Cluster.Processes;
using Curie.Numerics;

namespace Curie.Cluster.Local;

/// <summary>A process of Curie's whose output is added to a file.</summary>
internal sealed class LoggedProcess : IDisposable
{
    private readonly Process _process;
    private readonly FileStream _log;
    private readonly Task _output;
    private readonly Task _error;

    private LoggedProcess(Process process, FileStream log)
    {
        (_process, _log) = (process, log);
        _output = Copy(process.StandardOutput.BaseStream);
        _error = Copy(process.StandardError.BaseStream);
    }

    /// <summary>Starts a shard's process, or the merge's.</summary>
    /// <exception cref="InputException">The program cannot be started, or the log not be written.</exception>
    public static LoggedProcess Start(ClusterJob job, IReadOnlyList<string> command, string log)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CURIE_ISA"] = job.Isa;
        start.Environment["DOTNET_PROCESSOR_COUNT"] = job.Cpus.ToString(CultureInfo.InvariantCulture);
        FileStream? file = null;
        try
        {
            file = new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            Process process = Process.Start(start)!;
            process.StandardInput.Close();
            return new LoggedProcess(process, file);
        }
        catch (Exception error) when (error is Win32Exception or IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new InputException($"cannot start {command[0]} with its log {log}: {error.Message} Check that both are there.", error);
        }
    }

    /// <summary>Waits for its end and for all of its output.</summary>
    public async Task<int> End()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        await Task.WhenAll(_output, _error).ConfigureAwait(false);
        return _process.ExitCode;
    }

    /// <summary>Asks it to stop.</summary>
    public void Terminate() => Signals.Terminate(_process);

    /// <summary>Ends it at once.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        _log.Dispose();
    }

    private async Task Copy(Stream from)
    {
        byte[] buffer = new byte[1 << 12];
        for (int read; (read = await from.ReadAsync(buffer).ConfigureAwait(false)) > 0; )
        {
            lock (_log)
            {
                _log.Write(buffer, 0, read);
                _log.Flush();
            }
        }
    }
}
