using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Curie.Numerics.Simd;

/// <summary>What a kernel knows about the memory that it will read.</summary>
internal static unsafe class CacheHint
{
    private const int LineElements = 16;

    /// <summary>Asks for <paramref name="count"/> floats to be brought into the second-level cache; the address may be any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* address, int count)
    {
        if (Sse.IsSupported)
        {
            for (int i = 0; i < count; i += LineElements)
            {
                Sse.Prefetch1(address + i);
            }
        }
    }
}
