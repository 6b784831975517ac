using System.Runtime.InteropServices;
using Curie.Cli.Invocation;

using CancellationTokenSource interruption = new();

// The first signal asks for a clean stop. A second Ctrl-C, while that is under way, ends the process as the system would; a second SIGTERM
// does not, since schedulers send several where one is meant, and have SIGKILL for more.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = signal.Signal == PosixSignal.SIGTERM || !interruption.IsCancellationRequested;
    interruption.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return CurieCommandLine.Run(args, Terminal.OfProcess(), interruption.Token);
