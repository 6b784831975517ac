using System.Runtime.InteropServices;
using System.Text;
using Curie.Sampling.Samplers;

namespace Curie.Sampling.Chains;

/// <summary>Where the sampling of a component stands at a completed draw, and its bytes in a file.</summary>
/// <param name="Component">The component.</param>
/// <param name="Options">The settings of the run.</param>
/// <param name="InitLoss">L0.</param>
/// <param name="CompletedDraws">The draws recorded.</param>
/// <param name="Trace">P per chain of <paramref name="Chains"/> and draw, NaN where there is none yet.</param>
/// <param name="Pull">The mean of ∇L_m(w)·(w − w*) on the way to each draw, per chain and draw.</param>
/// <param name="SquaredDistance">The mean of ‖w − w*‖² on the way to each draw, per chain and draw.</param>
/// <param name="ShadowDistance">‖w⁺ − w‖/‖w − w*‖ of the first companion at each draw, per chain and draw.</param>
/// <param name="Chains">Every chain that is sampled there, in order, stopped ones included.</param>
/// <param name="Failures">The chains that were stopped.</param>
public sealed record ComponentRunState(
    string Component,
    SamplingOptions Options,
    double InitLoss,
    int CompletedDraws,
    IReadOnlyList<double[]> Trace,
    IReadOnlyList<double[]> Pull,
    IReadOnlyList<double[]> SquaredDistance,
    IReadOnlyList<double[]> ShadowDistance,
    IReadOnlyList<ChainState> Chains,
    IReadOnlyList<ChainFailure> Failures
)
{
    private const string Magic = "curie-chains-6";

    /// <summary>Writes the state; other contents may stand before and behind it.</summary>
    public void Write(Stream stream)
    {
        using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Component);
        WriteOptions(writer);
        writer.Write(InitLoss);
        writer.Write(CompletedDraws);
        writer.Write(Chains[0].Chain);
        writer.Write(Chains.Count);
        writer.Write(Chains[0].W.Length);
        for (int chain = 0; chain < Chains.Count; chain++)
        {
            writer.Write(MemoryMarshal.AsBytes(Trace[chain].AsSpan()));
            writer.Write(MemoryMarshal.AsBytes(Pull[chain].AsSpan()));
            writer.Write(MemoryMarshal.AsBytes(SquaredDistance[chain].AsSpan()));
            writer.Write(Chains[chain].Step);
            writer.Write(MemoryMarshal.AsBytes(Chains[chain].W.AsSpan()));
            WriteSampler(writer, Chains[chain].Sampler);
            writer.Write(MemoryMarshal.AsBytes(ShadowDistance[chain].AsSpan()));
            writer.Write((byte)Chains[chain].Companions.Count);
            foreach (float[] companion in Chains[chain].Companions)
            {
                writer.Write(MemoryMarshal.AsBytes(companion.AsSpan()));
            }
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
        SamplingOptions options = ReadOptions(reader);
        double initLoss = reader.ReadDouble();
        int completed = reader.ReadInt32();
        ChainRange range = new(reader.ReadInt32(), reader.ReadInt32());
        int dimension = reader.ReadInt32();
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        Expect(options.Draws > 0 && dimension >= 0 && completed >= 0 && completed <= options.Draws);
        Expect(range.First >= 0 && range.Count > 0 && range.Count <= options.Chains - range.First);
        Expect(left / range.Count >= (3L * options.Draws * sizeof(double)) + ((long)dimension * sizeof(float)));

        double[][] trace = new double[range.Count][];
        double[][] pull = new double[range.Count][];
        double[][] shadowDistance = new double[range.Count][];
        double[][] squaredDistance = new double[range.Count][];
        ChainState[] chains = new ChainState[range.Count];
        for (int chain = 0; chain < range.Count; chain++)
        {
            trace[chain] = ReadNumbers<double>(reader, options.Draws);
            pull[chain] = ReadNumbers<double>(reader, options.Draws);
            squaredDistance[chain] = ReadNumbers<double>(reader, options.Draws);
            long step = reader.ReadInt64();
            float[] w = ReadNumbers<float>(reader, dimension);
            SamplerState sampler = ReadSampler(reader, dimension);
            shadowDistance[chain] = ReadNumbers<double>(reader, options.Draws);
            chains[chain] = new ChainState(range.First + chain, step, w, sampler, ReadCompanions(reader, dimension));
        }

        int failed = reader.ReadInt32();
        Expect(failed >= 0 && failed <= range.Count);
        ChainFailure[] failures = new ChainFailure[failed];
        for (int i = 0; i < failed; i++)
        {
            failures[i] = new ChainFailure(component, reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadString());
        }

        Expect(reader.ReadString() == Magic);
        return new ComponentRunState(
            component,
            options,
            initLoss,
            completed,
            trace,
            pull,
            squaredDistance,
            shadowDistance,
            chains,
            failures
        );
    }

    private void WriteOptions(BinaryWriter writer)
    {
        writer.Write(Options.StepSize);
        writer.Write(Options.NBeta);
        writer.Write(Options.Localization);
        writer.Write(Options.WeightDecay);
        writer.Write(Options.NoiseLevel);
        writer.Write(Options.BoxRadius);
        writer.Write(Options.Sampler.Name);
        writer.Write(Options.Preconditioner.Decay);
        writer.Write(Options.Preconditioner.Offset);
        writer.Write(Options.Preconditioner.BiasCorrection);
        writer.Write(Options.Thermostat.Friction);
        writer.Write(Options.Thermostat.Rate);
        writer.Write(Options.Antithetic);
        writer.Write(Options.Chains);
        writer.Write(Options.Draws);
        writer.Write(Options.BurnIn);
        writer.Write(Options.StepsBetweenDraws);
        writer.Write(Options.Seed);
    }

    private static SamplingOptions ReadOptions(BinaryReader reader) =>
        new()
        {
            StepSize = reader.ReadDouble(),
            NBeta = reader.ReadDouble(),
            Localization = reader.ReadDouble(),
            WeightDecay = reader.ReadDouble(),
            NoiseLevel = reader.ReadDouble(),
            BoxRadius = reader.ReadDouble(),
            Sampler = ReadSampler(reader),
            Preconditioner = new PreconditionerOptions
            {
                Decay = reader.ReadDouble(),
                Offset = reader.ReadDouble(),
                BiasCorrection = reader.ReadBoolean(),
            },
            Thermostat = new ThermostatOptions { Friction = reader.ReadDouble(), Rate = reader.ReadDouble() },
            Antithetic = reader.ReadBoolean(),
            Chains = reader.ReadInt32(),
            Draws = reader.ReadInt32(),
            BurnIn = reader.ReadInt32(),
            StepsBetweenDraws = reader.ReadInt32(),
            Seed = reader.ReadInt64(),
        };

    /// <summary>
    /// A sampler that is not one of Curie's stands for itself by its name alone: settings are compared, never sampled with.
    /// </summary>
    private static Sampler ReadSampler(BinaryReader reader)
    {
        string name = reader.ReadString();
        return Sampler.All.FirstOrDefault(sampler => sampler.Name == name) ?? new NamedSampler(name);
    }

    private static void WriteSampler(BinaryWriter writer, SamplerState state)
    {
        writer.Write((byte)state.Vectors.Count);
        writer.Write((byte)state.Scalars.Count);
        foreach (float[] vector in state.Vectors)
        {
            writer.Write(MemoryMarshal.AsBytes(vector.AsSpan()));
        }

        foreach (double scalar in state.Scalars)
        {
            writer.Write(scalar);
        }
    }

    private static SamplerState ReadSampler(BinaryReader reader, int dimension)
    {
        int vectors = reader.ReadByte();
        int scalars = reader.ReadByte();
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        Expect(left >= ((long)vectors * dimension * sizeof(float)) + (scalars * sizeof(double)));
        return new SamplerState(
            [.. Enumerable.Range(0, vectors).Select(_ => ReadNumbers<float>(reader, dimension))],
            [.. Enumerable.Range(0, scalars).Select(_ => reader.ReadDouble())]
        );
    }

    private static float[][] ReadCompanions(BinaryReader reader, int dimension)
    {
        int count = reader.ReadByte();
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        Expect(left >= (long)count * dimension * sizeof(float));
        return [.. Enumerable.Range(0, count).Select(_ => ReadNumbers<float>(reader, dimension))];
    }

    private static T[] ReadNumbers<T>(BinaryReader reader, int count)
        where T : unmanaged
    {
        T[] numbers = new T[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }

    private static void Expect(bool holds)
    {
        if (!holds)
        {
            throw new InvalidDataException("It is not a file of saved chains, or is damaged.");
        }
    }
}
