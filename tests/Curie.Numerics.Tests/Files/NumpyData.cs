namespace Curie.Numerics.Tests.Files;

/// <summary>The files that numpy wrote (numpy/make.py) and the values in them.</summary>
internal static class NumpyData
{
    public static readonly long[] Values = [.. Enumerable.Range(-5, 24).Select(value => (long)value)];

    public static readonly float[] Eighths = Array.ConvertAll(Values, value => value / 8f);

    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Files", "numpy", name);
}
