using System.Runtime.InteropServices;
using System.Text;

namespace Curie.Sampling.Chains;

/// <summary>Where the sampling of a component stands at a completed draw, and its bytes in a file.</summary>
/// <param name="Component">The component.</param>
/// <param name="Options">The settings of the run.</param>
/// <param name="InitLoss">L0.</param>
/// <param name="CompletedDraws">The draws recorded.</param>
/// <param name="Trace">P per chain and draw, NaN where there is none yet.</param>
/// <param name="Chains">Every chain, stopped ones included.</param>
/// <param name="Failures">The chains that were stopped.</param>
public sealed record ComponentRunState(
    string Component,
    SamplingOptions Options,
    double InitLoss,
    int CompletedDraws,
    IReadOnlyList<double[]> Trace,
    IReadOnlyList<ChainState> Chains,
    IReadOnlyList<ChainFailure> Failures)
{
    private const string Magic = "curie-chains-2";

    /// <summary>Writes the state; other contents may stand before and behind it.</summary>
    public void Write(Stream stream)
    {
        using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Component);
        writer.Write(Options.StepSize);
        writer.Write(Options.NBeta);
        writer.Write(Options.Localization);
        writer.Write(Options.NoiseLevel);
        writer.Write(Options.BoxRadius);
        writer.Write(Options.Chains);
        writer.Write(Options.Draws);
        writer.Write(Options.BurnIn);
        writer.Write(Options.StepsBetweenDraws);
        writer.Write(Options.Seed);
        writer.Write(InitLoss);
        writer.Write(CompletedDraws);
        writer.Write(Chains.Count == 0 ? 0 : Chains[0].W.Length);
        for (int chain = 0; chain < Chains.Count; chain++)
        {
            writer.Write(MemoryMarshal.AsBytes(Trace[chain].AsSpan()));
            writer.Write(Chains[chain].Step);
            writer.Write(MemoryMarshal.AsBytes(Chains[chain].W.AsSpan()));
        }

        writer.Write(Failures.Count);
        foreach (ChainFailure failure in Failures)
        {
            writer.Write(failure.Chain);
            writer.Write(failure.Draw);
            writer.Write(failure.Updates);
            writer.Write(failure.Reason);
        }

        writer.Write(Magic);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not a saved state, or is damaged.</exception>
    /// <exception cref="EndOfStreamException">It is cut short.</exception>
    public static ComponentRunState Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using BinaryReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
        return Read(reader);
    }

    private static ComponentRunState Read(BinaryReader reader)
    {
        Expect(reader.ReadString() == Magic);
        string component = reader.ReadString();
        SamplingOptions options = new()
        {
            StepSize = reader.ReadDouble(),
            NBeta = reader.ReadDouble(),
            Localization = reader.ReadDouble(),
            NoiseLevel = reader.ReadDouble(),
            BoxRadius = reader.ReadDouble(),
            Chains = reader.ReadInt32(),
            Draws = reader.ReadInt32(),
            BurnIn = reader.ReadInt32(),
            StepsBetweenDraws = reader.ReadInt32(),
            Seed = reader.ReadInt64(),
        };
        double initLoss = reader.ReadDouble();
        int completed = reader.ReadInt32();
        int dimension = reader.ReadInt32();
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        Expect(options.Chains > 0 && options.Draws > 0 && dimension >= 0 && completed >= 0 && completed <= options.Draws);
        Expect(left / options.Chains >= ((long)options.Draws * sizeof(double)) + ((long)dimension * sizeof(float)));

        double[][] trace = new double[options.Chains][];
        ChainState[] chains = new ChainState[options.Chains];
        for (int chain = 0; chain < options.Chains; chain++)
        {
            trace[chain] = new double[options.Draws];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(trace[chain].AsSpan()));
            long step = reader.ReadInt64();
            float[] w = new float[dimension];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(w.AsSpan()));
            chains[chain] = new ChainState(chain, step, w);
        }

        int failed = reader.ReadInt32();
        Expect(failed >= 0 && failed <= options.Chains);
        ChainFailure[] failures = new ChainFailure[failed];
        for (int i = 0; i < failed; i++)
        {
            failures[i] = new ChainFailure(component, reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadString());
        }

        Expect(reader.ReadString() == Magic);
        return new ComponentRunState(component, options, initLoss, completed, trace, chains, failures);
    }

    private static void Expect(bool holds)
    {
        if (!holds)
        {
            throw new InvalidDataException("It is not a file of saved chains, or is damaged.");
        }
    }
}
