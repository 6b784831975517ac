namespace Curie.Cli.Invocation;

/// <summary>What the process returns; scripts rely on these numbers.</summary>
internal static class ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    public const int Done = 0;

    /// <summary>An input is bad; one sentence on standard error says what, where and how to mend it.</summary>
    public const int BadInput = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The run finished, but some chains were excluded from it.</summary>
    public const int ChainsExcluded = 3;

    /// <summary>A validation measured something else than what is known.</summary>
    public const int ValidationFailed = 4;

    /// <summary>A calibration found no setting that is sound for every component.</summary>
    public const int NoSoundSetting = 5;

    /// <summary>A defect in Curie (EX_SOFTWARE of sysexits.h).</summary>
    public const int Defect = 70;

    /// <summary>Stopped by Ctrl-C (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
