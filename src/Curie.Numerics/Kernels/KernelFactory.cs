using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Kernels;

public abstract partial class Kernels
{
    /// <summary>The environment variable that forces a width: <c>scalar</c>, <c>128</c>, <c>256</c> or <c>512</c>.</summary>
    public const string WidthVariable = "CURIE_ISA";

    /// <summary>The widths that this processor runs in hardware with fused multiply-add, narrowest first; scalar always.</summary>
    public static IReadOnlyList<SimdWidth> SupportedWidths { get; } = FindSupportedWidths();

    /// <summary>The kernels for one width.</summary>
    /// <exception cref="InputException">The processor does not have that width.</exception>
    public static Kernels For(SimdWidth width)
    {
        if (!SupportedWidths.Contains(width))
        {
            throw new InputException(
                $"{WidthVariable} asks for vectors of width {NameOf(width)}, which this processor does not have; use one of "
                    + $"{AllowedNames()}."
            );
        }

        return width switch
        {
            SimdWidth.Bits512 => new SimdKernels<Simd512, Vector512<float>>(),
            SimdWidth.Bits256 => new SimdKernels<Simd256, Vector256<float>>(),
            SimdWidth.Bits128 => new SimdKernels<Simd128, Vector128<float>>(),
            _ => new SimdKernels<SimdScalar, float>(),
        };
    }

    /// <summary>The kernels that <see cref="WidthVariable"/> names; the widest supported if it is empty or not set.</summary>
    /// <exception cref="InputException">The value is not a width, or the processor does not have that width.</exception>
    public static Kernels FromEnvironment() => FromName(Environment.GetEnvironmentVariable(WidthVariable));

    /// <summary>The kernels for a width by name, as in <see cref="WidthVariable"/>; the widest for none.</summary>
    /// <exception cref="InputException">It is not a width, or the processor does not have that width.</exception>
    public static Kernels FromName(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return For(SupportedWidths[^1]);
        }

        return For(
            name switch
            {
                "scalar" => SimdWidth.Scalar,
                "128" => SimdWidth.Bits128,
                "256" => SimdWidth.Bits256,
                "512" => SimdWidth.Bits512,
                _ => throw new InputException(
                    $"{WidthVariable} is '{name}'; set it to one of {AllowedNames()}, or leave it empty for the widest."
                ),
            }
        );
    }

    private static SimdWidth[] FindSupportedWidths()
    {
        List<SimdWidth> widths = [SimdWidth.Scalar];
        if (Vector128.IsHardwareAccelerated && (Fma.IsSupported || AdvSimd.IsSupported))
        {
            widths.Add(SimdWidth.Bits128);
        }

        if (Vector256.IsHardwareAccelerated && Fma.IsSupported)
        {
            widths.Add(SimdWidth.Bits256);
        }

        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
        {
            widths.Add(SimdWidth.Bits512);
        }

        return [.. widths];
    }

    private static string AllowedNames() => string.Join(", ", SupportedWidths.Select(NameOf));

    /// <summary>The name of a width, as <see cref="FromName"/> takes it.</summary>
    public static string NameOf(SimdWidth width) =>
        width == SimdWidth.Scalar ? "scalar" : ((int)width).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
