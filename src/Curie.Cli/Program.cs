using System.Runtime.InteropServices;
using Curie.Cli.Invocation;

using CancellationTokenSource interruption = new();

// The first signal asks for a clean stop; a second one, while that is under way, ends the process as the system would.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !interruption.IsCancellationRequested;
    interruption.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return CurieCommandLine.Run(args, Terminal.OfProcess(), interruption.Token);
