using System.Diagnostics;
using System.Text.Json;
using Curie.Numerics.Benchmarking;
using Curie.Numerics.Files;
using Curie.Versus;
using Curie.Versus.Items;

// Answers requests, one a line, until the input ends: `NAME COMPONENT REPEATS` (component `-` where there is none). An item stays
// prepared and warm between requests; the answer is a line of JSON with the mean seconds of a repeat, the operations that it cannot do
// without, and the peak of the processor at this moment in GFLOP/s.
string folder = args[0];
using Bench bench = new(folder);
Dictionary<string, IWorkItem> items = [];
Answer(
    new
    {
        curie = typeof(Bench).Assembly.GetName().Version!.ToString(3),
        dotnet = Environment.Version.ToString(),
        isa = bench.Machine.Kernels.Width.ToString(),
        threads = bench.Machine.Pool.Workers,
    }
);
while (Console.ReadLine() is { } line)
{
    string[] words = line.Split(' ');
    (string name, string component, int repeats) = (words[0], words[1], int.Parse(words[2], provider: null));
    string key = $"{name} {component}";
    if (!items.TryGetValue(key, out IWorkItem? item))
    {
        items[key] = item = Create(name, component);
    }

    long start = Stopwatch.GetTimestamp();
    for (int i = 0; i < repeats; i++)
    {
        item.Run();
    }

    double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds / repeats;

    // Afterwards: the other side's threads may still wait busily for a while when it has just had its turn.
    double peak = MachinePeak.Measure(bench.Machine.Kernels.Width, bench.Machine.Pool);
    float[] result = item.Result();
    if (result.Length > 0)
    {
        NpyFile.Write<float>(Path.Combine(folder, $"curie-{name}-{component}.npy"), result, result.Length);
    }

    Answer(
        new
        {
            seconds,
            operations = item.Operations,
            peak,
        }
    );
}

foreach (IWorkItem item in items.Values)
{
    item.Dispose();
}

IWorkItem Create(string name, string component) =>
    name switch
    {
        "loss" => new TokenLossItem(bench),
        "train" => new TrainingItem(bench),
        "component-loss" => new ComponentLossItem(bench, component),
        "sample" => new SamplingStepItem(bench, component, noise: true),
        "layer-loss" => new LayerLossItem(bench, component),
        "layer-sample" => new LayerStepItem(bench, component),
        "descend" => new SamplingStepItem(bench, component, noise: false),
        "experiment" => new ExperimentItem(bench),
        _ => throw new ArgumentException($"There is no work called {name}."),
    };

static void Answer(object answer)
{
    Console.WriteLine(JsonSerializer.Serialize(answer));
    Console.Out.Flush();
}
