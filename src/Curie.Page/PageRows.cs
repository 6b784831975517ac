namespace Curie.Page;

/// <summary>The tokens of a run that a page holds, out of arrays over all of them.</summary>
internal static class PageRows
{
    /// <summary>The kept columns of a matrix, components × tokens.</summary>
    public static float[][] Of(float[] matrix, int components, int[] kept)
    {
        int columns = matrix.Length / components;
        return [.. Enumerable.Range(0, components).Select(row => Pick<float>(matrix.AsSpan(row * columns, columns), kept))];
    }

    /// <summary>The kept values.</summary>
    public static T[] Pick<T>(ReadOnlySpan<T> values, int[] kept)
    {
        T[] picked = new T[kept.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            picked[i] = values[kept[i]];
        }

        return picked;
    }
}
