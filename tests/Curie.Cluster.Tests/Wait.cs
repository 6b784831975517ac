using System.Diagnostics;
using System.Globalization;

namespace Curie.Cluster.Tests;

/// <summary>Waiting for other processes, and signals to them.</summary>
internal static class Wait
{
    /// <summary>Waits for something to hold.</summary>
    /// <param name="holds">Whether it does.</param>
    /// <param name="seconds">For how long at most.</param>
    /// <param name="otherwise">What to say if it never does.</param>
    public static void Until(Func<bool> holds, double seconds = 30, Func<string>? otherwise = null)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(clock.Elapsed.TotalSeconds < seconds, otherwise?.Invoke() ?? "what was waited for did not come");
            Thread.Sleep(50);
        }
    }

    /// <summary>Sends a signal.</summary>
    public static void Send(string signal, int process)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>The only child of a process.</summary>
    public static int ChildOf(int process)
    {
        string children = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task/{process}/children"));
        return int.Parse(Assert.Single(children.Split(' ', StringSplitOptions.RemoveEmptyEntries)), CultureInfo.InvariantCulture);
    }
}
