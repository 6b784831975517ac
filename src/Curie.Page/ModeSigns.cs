namespace Curie.Page;

/// <summary>
/// The loadings of one mode at several checkpoints, whose signs are arbitrary at each. NaN stands for a component without an estimate, null
/// for a checkpoint without modes.
/// </summary>
internal static class ModeSigns
{
    /// <summary>
    /// The sign by which each checkpoint's loadings agree with those of the next one that has any: Σ_c v_c·v′_c ≥ 0. The last keeps its
    /// own.
    /// </summary>
    public static int[] Of(IReadOnlyList<double[]?> loadings)
    {
        int[] signs = new int[loadings.Count];
        int next = -1;
        for (int i = loadings.Count - 1; i >= 0; i--)
        {
            signs[i] = 1;
            if (loadings[i] is { } own)
            {
                signs[i] = next >= 0 && Products(own, loadings[next]!).Cross * signs[next] < 0 ? -1 : 1;
                next = i;
            }
        }

        return signs;
    }

    /// <summary>
    /// |Σ_c v_c·v′_c| / (|v|·|v′|) of each checkpoint's loadings v and those v′ of the last that has any, over the components of both: 1
    /// where the mode is the same. NaN where there is none.
    /// </summary>
    public static double[] Cosines(IReadOnlyList<double[]?> loadings)
    {
        double[]? last = loadings.LastOrDefault(one => one is not null);
        return
        [
            .. loadings.Select(one =>
            {
                if (one is null)
                {
                    return double.NaN;
                }

                (double cross, double own, double other) = Products(one, last!);
                return Math.Abs(cross) / Math.Sqrt(own * other);
            }),
        ];
    }

    private static (double Cross, double Own, double Other) Products(double[] own, double[] other)
    {
        (double cross, double first, double second) = (0, 0, 0);
        for (int c = 0; c < own.Length; c++)
        {
            if (double.IsFinite(own[c]) && double.IsFinite(other[c]))
            {
                cross += own[c] * other[c];
                first += own[c] * own[c];
                second += other[c] * other[c];
            }
        }

        return (cross, first, second);
    }
}
