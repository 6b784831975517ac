using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;

namespace Curie.Response.Tests.Accumulation;

/// <summary>
/// Stored losses of one component: autocorrelated, with tokens that follow φ to different degrees, as restricted runs give.
/// </summary>
internal sealed class LossTrace
{
    public const double InitMean = 2.5;

    public LossTrace(int seed, int chains, int draws, ProbeLayout layout, double level)
    {
        Layout = layout;
        Plan = BatchPlan.ForDraws(draws, chains);
        InitLosses = MakeInitLosses(layout.Tokens);
        Phi = new double[chains][];
        Losses = new float[chains][][];
        System.Random random = new(seed);
        for (int chain = 0; chain < chains; chain++)
        {
            Phi[chain] = new double[draws];
            Losses[chain] = new float[draws][];
            double[] state = new double[layout.Tokens];
            double common = 0;
            for (int draw = 0; draw < draws; draw++)
            {
                common = (0.7 * common) + Gaussian(random);
                Phi[chain][draw] = level + (0.1 * common);
                Losses[chain][draw] = new float[layout.Tokens];
                for (int i = 0; i < layout.Tokens; i++)
                {
                    state[i] = (0.5 * state[i]) + Gaussian(random);
                    Losses[chain][draw][i] = (float)(InitLosses[i] + (Phi[chain][draw] * (i % 5)) + (0.05 * state[i]));
                }
            }
        }
    }

    public ProbeLayout Layout { get; }

    public BatchPlan Plan { get; }

    public float[] InitLosses { get; }

    public double[][] Phi { get; }

    public float[][][] Losses { get; }

    public int Chains => Phi.Length;

    public int Draws => Plan.Draws;

    public static double Gaussian(System.Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public PairAccumulator Accumulate(int chain)
    {
        PairAccumulator accumulator = new(Layout, Plan, chain);
        for (int draw = 0; draw < Draws; draw++)
        {
            accumulator.Add(Phi[chain][draw], Losses[chain][draw], InitLosses);
        }

        return accumulator;
    }

    public ComponentMoments Moments(params int[] chains)
    {
        ComponentMoments moments = new("l0h0", Layout);
        foreach (int chain in chains)
        {
            using PairAccumulator accumulator = Accumulate(chain);
            moments.Add(accumulator);
        }

        return moments;
    }

    public ComponentMoments AllMoments() => Moments([.. Enumerable.Range(0, Chains)]);

    private static float[] MakeInitLosses(int tokens)
    {
        System.Random random = new(99);
        return [.. Enumerable.Range(0, tokens).Select(_ => (float)(5 * random.NextDouble()))];
    }
}
