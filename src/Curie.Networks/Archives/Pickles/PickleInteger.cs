using System.Numerics;

namespace Curie.Networks.Archives.Pickles;

/// <summary>How integers of Python are held.</summary>
internal static class PickleInteger
{
    /// <summary>As long where it has room, as BigInteger elsewhere.</summary>
    public static object Of(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (long)value : (object)value;
}
