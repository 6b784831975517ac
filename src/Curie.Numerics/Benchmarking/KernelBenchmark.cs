using System.Diagnostics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;

namespace Curie.Numerics.Benchmarking;

/// <summary>
/// The speed of the kernels that nearly all of a run's time goes to, at the shapes of a small language model (width 256, vocabulary
/// 5000), each against the peak measured in the same seconds. Takes about ten seconds, with scalar kernels some thirty.
/// </summary>
public sealed unsafe class KernelBenchmark : IDisposable
{
    private const int Rounds = 5;
    private const int PeakMilliseconds = 30;
    private const int Width = 256;
    private const int Vocabulary = 5000;
    private const int Positions = 2048;
    private const int LossPositions = 1024;
    private const int ManyPositions = 8192;
    private const int Heads = 16;
    private const int HeadWidth = 32;
    private const int Parameters = 4_000_000;
    private const int UpdateBlock = 50_000;

    private readonly Machine _machine;
    private readonly int _milliseconds;
    private readonly Scratch[] _scratch;
    private readonly List<IDisposable> _owned = [];

    /// <summary>Prepares to measure.</summary>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <param name="milliseconds">How long to run each kernel in each of five rounds; at least one run is made.</param>
    public KernelBenchmark(Machine machine, int milliseconds = 150)
    {
        _machine = machine;
        _milliseconds = milliseconds;
        _scratch = [.. Enumerable.Range(0, machine.Pool.Workers).Select(_ => new Scratch())];
        _owned.AddRange(_scratch);
    }

    /// <summary>Measures every kernel.</summary>
    public IReadOnlyList<KernelRate> Run() =>
        [
            Product(ManyPositions, Width, Width),
            Product(Positions, Vocabulary, Width),
            TransposedProduct(Width, Width),
            TransposedProduct(Positions, Width),
            TransposedProduct(Positions, Vocabulary),
            .. CrossEntropy(),
            .. Attention(),
        ];

    /// <summary>Measures the kernels that memory bounds.</summary>
    public IReadOnlyList<MemoryRate> RunMemoryBound() => [LayerNorm(), AdamW(), Sgld()];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable owned in _owned)
        {
            owned.Dispose();
        }
    }

    private KernelRate Product(int rows, int columns, int depth)
    {
        ProductBody body = new(_machine.Kernels, Fill(rows, depth), Packed(Fill(depth, columns)), Fill(rows, columns));
        return Time("A·B", $"{rows}×{columns}×{depth}", 2.0 * rows * columns * depth, body.Items, body);
    }

    private KernelRate TransposedProduct(int rows, int columns)
    {
        int panel = 4 * (int)_machine.Kernels.Width / 32;
        TransposedBody body = new(_machine.Kernels, Fill(rows, Width), Fill(rows, columns), Fill(Width, columns), panel, _scratch);
        return Time("Aᵀ·B", $"{Width}×{columns}×{rows}", 2.0 * rows * columns * Width, (columns + panel - 1) / panel, body);
    }

    private KernelRate[] CrossEntropy()
    {
        MatrixView unembed = Fill(Width, Vocabulary);
        AlignedBuffer<int> targets = Own(new AlignedBuffer<int>(LossPositions));
        for (int i = 0; i < LossPositions; i++)
        {
            targets.Pointer[i] = i * 7919 % Vocabulary;
        }

        CrossEntropyBody body = new()
        {
            Kernels = _machine.Kernels,
            X = Fill(LossPositions, Width),
            Unembed = Packed(unembed),
            UnembedTransposed = PackedTransposed(unembed),
            Bias = Fill(1, Vocabulary),
            Targets = targets,
            Losses = Own(new AlignedBuffer<double>(LossPositions)),
            ResidualGradient = Fill(LossPositions, Width),
            WeightGradient = Fill(_machine.Pool.Workers * Width, Vocabulary),
            BiasGradient = Fill(_machine.Pool.Workers, Vocabulary),
            Scratch = _scratch,
        };
        string shape = $"{LossPositions}×{Vocabulary}×{Width}";
        double product = 2.0 * LossPositions * Width * Vocabulary;
        return
        [
            Time("cross-entropy", shape, product, _machine.Pool.Workers, body),
            Time("cross-entropy with gradient", shape, 3 * product, _machine.Pool.Workers, body with { Backward = true }),
        ];
    }

    private KernelRate[] Attention()
    {
        int rows = Heads * LossPositions;
        AttentionBody body = new()
        {
            Kernels = _machine.Kernels,
            Positions = LossPositions,
            Q = Fill(rows, HeadWidth),
            K = Fill(rows, HeadWidth),
            V = Fill(rows, HeadWidth),
            Z = Fill(rows, HeadWidth),
            LogSumExp = Fill(Heads, LossPositions),
            OutputGradient = Fill(rows, HeadWidth),
            QGradient = Fill(rows, HeadWidth),
            KGradient = Fill(rows, HeadWidth),
            VGradient = Fill(rows, HeadWidth),
            Scratch = _scratch,
        };
        string shape = $"{Heads} heads, {LossPositions}×{HeadWidth}";

        // Two products forward and four backward, each over the causal half; recomputing the probabilities is not counted.
        double forward = 2.0 * HeadWidth * LossPositions * (LossPositions + 1) * Heads;
        return
        [
            Time("attention", shape, forward, Heads, body),
            Time("attention gradient", shape, 2 * forward, Heads, body with { Backward = true }),
        ];
    }

    private MemoryRate LayerNorm()
    {
        LayerNormBody body = new(
            _machine.Kernels,
            Fill(ManyPositions, Width),
            Fill(1, Width),
            Fill(1, Width),
            Fill(ManyPositions, Width),
            Fill(1, ManyPositions),
            Fill(1, ManyPositions)
        );
        return TimeMemory("layer norm", $"{ManyPositions}×{Width}", (long)ManyPositions * Width, 2, body.Items, body);
    }

    private MemoryRate AdamW()
    {
        MatrixView firstMoment = Fill(1, Parameters);
        MatrixView secondMoment = Fill(1, Parameters);
        firstMoment.Clear();
        secondMoment.Clear();
        AdamWBody body = new(_machine.Kernels, Fill(1, Parameters), Fill(1, Parameters), firstMoment, secondMoment, UpdateBlock);
        return TimeMemory("AdamW update", $"{Parameters} parameters", Parameters, 7, Parameters / UpdateBlock, body);
    }

    private MemoryRate Sgld()
    {
        SgldBody body = new(_machine.Kernels, Fill(1, Parameters), Fill(1, Parameters), Fill(1, Parameters), UpdateBlock);
        return TimeMemory("SGLD update with noise", $"{Parameters} parameters", Parameters, 4, Parameters / UpdateBlock, body);
    }

    private MemoryRate TimeMemory<TBody>(string kernel, string shape, long elements, int floatsPerElement, int items, TBody body)
        where TBody : struct, IParallelBody
    {
        _machine.Pool.Run(items, ref body);
        double[] rates = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            rates[round] = Rate(elements, items, ref body);
        }

        double rate = Median(rates);
        return new MemoryRate(kernel, shape, _machine.Pool.Workers, rate, rate * floatsPerElement * sizeof(float));
    }

    private KernelRate Time<TBody>(string kernel, string shape, double operations, int items, TBody body)
        where TBody : struct, IParallelBody
    {
        _machine.Pool.Run(items, ref body);
        double[] peaks = new double[Rounds];
        double[] rates = new double[Rounds];
        double[] fractions = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            peaks[round] = MachinePeak.Measure(_machine.Kernels.Width, _machine.Pool, PeakMilliseconds);
            rates[round] = Rate(operations, items, ref body);
            fractions[round] = rates[round] / peaks[round];
        }

        return new KernelRate(kernel, shape, _machine.Pool.Workers, Median(rates), Median(peaks), Median(fractions));
    }

    /// <summary>10⁹ of what one run does, per second.</summary>
    private double Rate<TBody>(double perRun, int items, ref TBody body)
        where TBody : struct, IParallelBody
    {
        long start = Stopwatch.GetTimestamp();
        int runs = 0;
        do
        {
            _machine.Pool.Run(items, ref body);
            runs++;
        } while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < _milliseconds);
        return perRun * runs / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    private MatrixView Fill(int rows, int columns)
    {
        AlignedBuffer<float> buffer = Own(new AlignedBuffer<float>((long)rows * columns));
        for (long i = 0; i < buffer.Length; i++)
        {
            buffer.Pointer[i] = ((i * 2654435761 % 2048) - 1024) / 16384f;
        }

        return new MatrixView(buffer.Pointer, rows, columns);
    }

    private PackedMatrix Packed(MatrixView b)
    {
        PackedMatrix packed = Own(_machine.Kernels.CreatePacked(b.Rows, b.Columns));
        _machine.Kernels.Pack(b, packed);
        return packed;
    }

    private PackedMatrix PackedTransposed(MatrixView b)
    {
        PackedMatrix packed = Own(_machine.Kernels.CreatePacked(b.Columns, b.Rows));
        _machine.Kernels.PackTransposed(b, packed);
        return packed;
    }

    private TOwned Own<TOwned>(TOwned owned)
        where TOwned : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
