using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Curie.Cluster.Processes;
using Curie.Cluster.Slurm;

namespace Curie.Cluster.Tests.Slurm;

/// <summary>
/// A real Slurm on this machine: its controller and some nodes of one core each, with ports and a munge of their own, so that several can
/// run side by side and beside the machine's. All of it lives in a namespace of processes whose first process reads commands from a pipe of
/// ours: with the pipe, in whatever way this process ends, the kernel ends everything. There are no accounts. The partitions are
/// <c>main</c>, whose tasks give way to those of <c>urgent</c> and are put back into the queue, and <c>grace</c>, whose tasks have 10 s more.
/// </summary>
public sealed class SlurmCluster : IDisposable
{
    /// <summary>How long the controller waits for a node before it is taken to be down.</summary>
    private const int NodeTimeout = 6;

    /// <summary>The first process: it starts what it is told to start, and is the parent of what has lost its own.</summary>
    private const string Init = "while read -r line; do eval \"$line\" || echo \"failed: $line\"; done";

    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(3);

    private readonly Process _init;
    private readonly int _port;
    private readonly Dictionary<string, Stopwatch> _waiting = [];

    private SlurmCluster(int nodes, IReadOnlyList<string> settings)
    {
        Nodes = nodes;
        Folder = Directory.CreateTempSubdirectory("curie-slurm-").FullName;
        _port = FreePorts(nodes + 1);
        File.WriteAllText(Configuration, Settings(settings));
        File.WriteAllBytes(In("munge.key"), RandomNumberGenerator.GetBytes(128));
        File.SetUnixFileMode(In("munge.key"), UnixFileMode.UserRead);
        ProcessStartInfo start = new("unshare", ["--pid", "--fork", "--kill-child=KILL", "--mount-proc", "bash", "-c", Init])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        start.Environment["SLURM_CONF"] = Configuration;
        _init = Process.Start(start)!;
        _init.OutputDataReceived += (_, line) => Note(line.Data);
        _init.ErrorDataReceived += (_, line) => Note(line.Data);
        _init.BeginOutputReadLine();
        _init.BeginErrorReadLine();
        Client = new SlurmClient(
            new ClientPrograms
            {
                Timeout = TimeSpan.FromSeconds(30),
                Missing = SlurmClient.Missing,
                Variables = Variables,
            }
        );
    }

    /// <summary>How many nodes there are: <c>n1</c> and so on.</summary>
    public int Nodes { get; }

    /// <summary>Where all of it lies: configuration, state, logs.</summary>
    public string Folder { get; }

    /// <summary>What a process needs in its environment to talk to this Slurm.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string> { ["SLURM_CONF"] = Configuration };

    /// <summary>Curie's client of this Slurm.</summary>
    public SlurmClient Client { get; }

    private string Configuration => In("slurm.conf");

    /// <summary>Starts a cluster and waits until every node can take work.</summary>
    /// <param name="nodes">How many nodes it has.</param>
    /// <param name="settings">Further lines of its configuration.</param>
    public static SlurmCluster Start(int nodes, params IReadOnlyList<string> settings)
    {
        for (int left = 3; ; left--)
        {
            SlurmCluster cluster = new(nodes, settings);
            try
            {
                cluster.StartAll();
                return cluster;
            }
            catch (Exception) when (left > 1)
            {
                // Somebody else may have taken a port since it was seen to be free.
                cluster.Dispose();
            }
            catch
            {
                cluster.Dispose();
                throw;
            }
        }
    }

    /// <summary>Starts a node's daemon, whose node then takes work again.</summary>
    public void StartNode(int node)
    {
        string name = Name(node);
        Directory.CreateDirectory(In($"spool-{name}"));
        Tell($"slurmd -f '{Configuration}' -N {name}");
    }

    /// <summary>A node loses its power: its daemon, its tasks and all their processes are gone at once.</summary>
    public void KillNode(int node)
    {
        IReadOnlyList<int> tasks = TaskProcesses(node);

        // The daemons of its tasks first, which would tell the controller that a task has ended.
        int[] daemons = [.. tasks.Select(ParentOf).Where(parent => Words($"/proc/{parent}/cmdline") is [string name, ..] && IsStep(name))];
        foreach (int process in (int[])[.. daemons.Distinct(), .. tasks])
        {
            Wait.Send("STOP", process);
        }

        KillDaemon(node);
        foreach (int process in (int[])[.. daemons.Distinct(), .. tasks])
        {
            Wait.Send("KILL", process);
        }
    }

    /// <summary>A node's daemon is killed. Its tasks go on, and the controller takes the node to be down after a while.</summary>
    public void KillDaemon(int node)
    {
        foreach (
            int process in Processes(command =>
                command is ["slurmd", "-f", string file, "-N", string name] && file == Configuration && name == Name(node)
            )
        )
        {
            Wait.Send("KILL", process);
        }
    }

    /// <summary>Starts the controller, with the state that the last one has saved.</summary>
    public void StartController() => Tell($"slurmctld -f '{Configuration}'");

    /// <summary>The controller is stopped, which saves its state, or killed, and then its last seconds are lost.</summary>
    public void StopController(bool isKilled = false)
    {
        int[] controllers = [.. Processes(command => command is ["slurmctld", "-f", string file] && file == Configuration)];
        foreach (int process in controllers)
        {
            Wait.Send(isKilled ? "KILL" : "TERM", process);
        }

        Wait.Until(() => !ProcessIds().Intersect(controllers).Any());
    }

    /// <summary>The processes of a task on a node, its script first.</summary>
    public IReadOnlyList<int> TaskProcesses(int node) =>
        [
            .. ProcessIds()
                .Where(process =>
                    Words($"/proc/{process}/environ") is string[] environment
                    && environment.Contains($"SLURM_CONF={Configuration}")
                    && environment.Contains($"SLURMD_NODENAME={Name(node)}")
                ),
        ];

    /// <summary>
    /// Puts tasks that were put back into the queue to its front: Slurm lets them wait two minutes. Some seconds they wait here too: a node
    /// refuses a task that begins in the second in which its last attempt ended ("Job credential revoked"), and Slurm takes it to have
    /// failed then.
    /// </summary>
    public void Hurry(string job)
    {
        string[] waiting =
        [
            .. Run("squeue", "--noheader", "--array", $"--jobs={job}", "--states=PENDING", "--format=%i %r")
                .Split('\n')
                .Select(task => task.Split(' '))
                .Where(task => task is [_, "BeginTime"])
                .Select(task => task[0]),
        ];
        foreach (string id in _waiting.Keys.Except(waiting).ToArray())
        {
            _waiting.Remove(id);
        }

        foreach (string id in waiting)
        {
            if (_waiting.TryAdd(id, Stopwatch.StartNew()) || _waiting[id].Elapsed < LeastWait)
            {
                continue;
            }

            Try("scontrol", "update", $"JobId={id}", "StartTime=now");
        }
    }

    /// <summary>Runs a program of Slurm's to its end, which must be a good one.</summary>
    /// <returns>What it printed.</returns>
    public string Run(string program, params IReadOnlyList<string> arguments)
    {
        ProcessResult result = Try(program, arguments);
        Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {result.Error}");
        return result.Output;
    }

    /// <summary>Ends everything and deletes the folder.</summary>
    public void Dispose()
    {
        _init.StandardInput.Close();
        if (!_init.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _init.Kill(entireProcessTree: true);
        }

        _init.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void StartAll()
    {
        Tell(
            $"munged --force --socket='{In("munge.socket")}' --key-file='{In("munge.key")}' --pid-file='{In("munge.pid")}' "
                + $"--log-file='{In("munge.log")}' --seed-file='{In("munge.seed")}'"
        );
        StartController();
        for (int node = 1; node <= Nodes; node++)
        {
            StartNode(node);
        }

        Wait.Until(
            () => Try("sinfo", "--noheader", "--partition=main", "--states=idle", "--format=%D").Output.Trim() == $"{Nodes}",
            seconds: 30,
            () => $"Slurm does not start: {string.Join('\n', Logs())}"
        );
    }

    private IEnumerable<string> Logs() =>
        Directory.GetFiles(Folder, "*.log").Concat(Directory.GetFiles(Folder, "init")).SelectMany(file => File.ReadLines(file).TakeLast(5));

    private ProcessResult Try(string program, params IReadOnlyList<string> arguments) =>
        new ClientPrograms
        {
            Timeout = TimeSpan.FromSeconds(30),
            Missing = "",
            Variables = Variables,
        }.Run(program, arguments);

    private void Tell(string command)
    {
        _init.StandardInput.WriteLine(command);
        _init.StandardInput.Flush();
    }

    private void Note(string? line)
    {
        if (line is not null)
        {
            lock (_init)
            {
                File.AppendAllText(In("init"), line + "\n");
            }
        }
    }

    private string Settings(IReadOnlyList<string> further)
    {
        string host = Dns.GetHostName().Split('.')[0];
        return $"""
            ClusterName=curie
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={_port}
            AuthType=auth/munge
            AuthInfo=socket={In("munge.socket")}
            CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
            SlurmUser=root
            SlurmdUser=root
            StateSaveLocation={Directory.CreateDirectory(In("state")).FullName}
            SlurmdSpoolDir={Folder}/spool-%n
            SlurmctldPidFile={Folder}/slurmctld.pid
            SlurmdPidFile={Folder}/%n.pid
            SlurmctldLogFile={Folder}/slurmctld.log
            SlurmdLogFile={Folder}/%n.log
            SlurmdParameters=config_overrides
            SlurmdTimeout={NodeTimeout}
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SwitchType=switch/none
            MpiDefault=none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU
            ReturnToService=2
            KillWait=10
            PreemptType=preempt/partition_prio
            PreemptMode=REQUEUE
            NodeName=n[1-{Nodes}] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{_port + 1}-{_port + Nodes}] CPUs=1 RealMemory=100000
            PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE PriorityTier=1 PreemptMode=REQUEUE
            PartitionName=grace Nodes=ALL MaxTime=INFINITE PriorityTier=1 PreemptMode=REQUEUE GraceTime=10
            PartitionName=urgent Nodes=ALL MaxTime=INFINITE PriorityTier=10 PreemptMode=OFF
            {string.Join('\n', further)}

            """;
    }

    private string In(string name) => Path.Combine(Folder, name);

    private static string Name(int node) => string.Create(CultureInfo.InvariantCulture, $"n{node}");

    private static IEnumerable<int> Processes(Func<string[], bool> isMeant) =>
        ProcessIds().Where(process => Words($"/proc/{process}/cmdline") is string[] command && isMeant(command));

    private static IEnumerable<int> ProcessIds() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int process) ? process : 0)
            .Where(process => process > 0)
            .Order();

    private static bool IsStep(string command) => command.StartsWith("slurmstepd: ", StringComparison.Ordinal);

    /// <summary>The parent of a process, or 0.</summary>
    private static int ParentOf(int process)
    {
        // After the name, which is in parentheses, come the state and the parent.
        string? stat = Words($"/proc/{process}/stat")?[0];
        return stat is null ? 0 : int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ')[2], CultureInfo.InvariantCulture);
    }

    private static string[]? Words(string file)
    {
        try
        {
            return File.ReadAllText(file).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The first of so many ports in a row that are free, below those that the kernel gives to whoever asks for any.</summary>
    private static int FreePorts(int count)
    {
        for (int left = 100; left > 0; left--)
        {
            int first = Random.Shared.Next(20_000, 32_000);
            if (Enumerable.Range(first, count).All(IsFree))
            {
                return first;
            }
        }

        throw new InvalidOperationException("there are no free ports");
    }

    private static bool IsFree(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
