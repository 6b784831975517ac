using Curie.Response.Runs;

namespace Curie.Page;

/// <summary>The traces of a page: every draw where they are few, else every k-th.</summary>
internal static class PageTraces
{
    /// <summary>The most values that are kept.</summary>
    public const int MostValues = 250_000;

    /// <summary>k.</summary>
    public static int Every(RunShape shape)
    {
        long values = (long)shape.Runs * shape.Chains * shape.Draws;
        return (int)Math.Clamp((values + MostValues - 1) / MostValues, 1, Math.Max(1, shape.Draws));
    }

    /// <summary>P, runs × chains × kept draws: draws k − 1, 2k − 1, ….</summary>
    public static float[] Of(SusceptibilityData data)
    {
        int every = Every(data.Shape);
        List<float> kept = [];
        for (int run = 0; run < data.Shape.Runs; run++)
        {
            for (int chain = 0; chain < data.Shape.Chains; chain++)
            {
                Span<double> trace = data.Trace(run, chain);
                for (int draw = every - 1; draw < trace.Length; draw += every)
                {
                    kept.Add((float)trace[draw]);
                }
            }
        }

        return [.. kept];
    }
}
