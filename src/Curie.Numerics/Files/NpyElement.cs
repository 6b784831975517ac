namespace Curie.Numerics.Files;

/// <summary>The element types of the .npy files that Curie reads and writes, all little-endian.</summary>
public enum NpyElement
{
    /// <summary>IEEE single precision, <c>&lt;f4</c>.</summary>
    Float32,

    /// <summary>IEEE double precision, <c>&lt;f8</c>.</summary>
    Float64,

    /// <summary>Unsigned 16-bit integer, <c>&lt;u2</c>.</summary>
    UInt16,

    /// <summary>Signed 32-bit integer, <c>&lt;i4</c>.</summary>
    Int32,

    /// <summary>Signed 64-bit integer, <c>&lt;i8</c>.</summary>
    Int64,

    /// <summary>Unsigned 8-bit integer, <c>|u1</c>.</summary>
    UInt8,

    /// <summary>Unsigned 32-bit integer, <c>&lt;u4</c>.</summary>
    UInt32,

    /// <summary>True or false in a byte, <c>|b1</c>.</summary>
    Bool,
}

/// <summary>What numpy calls each element type, its size, and the .NET type that holds it.</summary>
public static class NpyElements
{
    /// <summary>numpy's short description, e.g. <c>&lt;f4</c>.</summary>
    public static string Descriptor(this NpyElement element) =>
        element switch
        {
            NpyElement.Float32 => "<f4",
            NpyElement.Float64 => "<f8",
            NpyElement.UInt16 => "<u2",
            NpyElement.Int32 => "<i4",
            NpyElement.Int64 => "<i8",
            NpyElement.UInt8 => "|u1",
            NpyElement.UInt32 => "<u4",
            NpyElement.Bool => "|b1",
            _ => throw new ArgumentOutOfRangeException(nameof(element), element, null),
        };

    /// <summary>numpy's name, e.g. <c>float32</c>.</summary>
    public static string NumpyName(this NpyElement element) =>
        element switch
        {
            NpyElement.Float32 => "float32",
            NpyElement.Float64 => "float64",
            NpyElement.UInt16 => "uint16",
            NpyElement.Int32 => "int32",
            NpyElement.Int64 => "int64",
            NpyElement.UInt8 => "uint8",
            NpyElement.UInt32 => "uint32",
            NpyElement.Bool => "bool",
            _ => throw new ArgumentOutOfRangeException(nameof(element), element, null),
        };

    /// <summary>The bytes of one element.</summary>
    public static int Size(this NpyElement element) =>
        element switch
        {
            NpyElement.UInt8 or NpyElement.Bool => 1,
            NpyElement.UInt16 => 2,
            NpyElement.Float32 or NpyElement.Int32 or NpyElement.UInt32 => 4,
            NpyElement.Float64 or NpyElement.Int64 => 8,
            _ => throw new ArgumentOutOfRangeException(nameof(element), element, null),
        };

    /// <summary>The element type whose .NET type is <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is none of float, double, byte, bool, ushort, uint, int and
    /// long.</exception>
    public static NpyElement Of<T>()
        where T : unmanaged =>
        typeof(T) == typeof(float) ? NpyElement.Float32
        : typeof(T) == typeof(double) ? NpyElement.Float64
        : typeof(T) == typeof(ushort) ? NpyElement.UInt16
        : typeof(T) == typeof(int) ? NpyElement.Int32
        : typeof(T) == typeof(long) ? NpyElement.Int64
        : typeof(T) == typeof(byte) ? NpyElement.UInt8
        : typeof(T) == typeof(uint) ? NpyElement.UInt32
        : typeof(T) == typeof(bool) ? NpyElement.Bool
        : throw new NotSupportedException($"no .npy element type for {typeof(T)}");

    internal static NpyElement? FromDescriptor(string descriptor)
    {
        foreach (NpyElement element in Enum.GetValues<NpyElement>())
        {
            if (element.Descriptor() == descriptor)
            {
                return element;
            }
        }

        return null;
    }
}
