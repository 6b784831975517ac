namespace Curie.Networks.Archives.Pickles;

/// <summary>A type of elements of PyTorch.</summary>
/// <param name="Name">Its name, where the safetensors format has it that of safetensors.</param>
/// <param name="Bytes">The bytes of one element.</param>
internal sealed record TorchType(string Name, int Bytes)
{
    private static readonly (string Storage, string Type, TorchType Value)[] All =
    [
        ("FloatStorage", "float32", new("F32", 4)),
        ("HalfStorage", "float16", new("F16", 2)),
        ("BFloat16Storage", "bfloat16", new("BF16", 2)),
        ("DoubleStorage", "float64", new("F64", 8)),
        ("LongStorage", "int64", new("I64", 8)),
        ("IntStorage", "int32", new("I32", 4)),
        ("ShortStorage", "int16", new("I16", 2)),
        ("CharStorage", "int8", new("I8", 1)),
        ("ByteStorage", "uint8", new("U8", 1)),
        ("BoolStorage", "bool", new("BOOL", 1)),
        ("ComplexFloatStorage", "complex64", new("C64", 8)),
        ("ComplexDoubleStorage", "complex128", new("C128", 16)),
        ("QInt8Storage", "qint8", new("QINT8", 1)),
        ("QUInt8Storage", "quint8", new("QUINT8", 1)),
        ("QInt32Storage", "qint32", new("QINT32", 4)),
        ("QUInt4x2Storage", "quint4x2", new("QUINT4X2", 1)),
        ("QUInt2x4Storage", "quint2x4", new("QUINT2X4", 1)),
        (string.Empty, "uint16", new("U16", 2)),
        (string.Empty, "uint32", new("U32", 4)),
        (string.Empty, "uint64", new("U64", 8)),
        (string.Empty, "float8_e4m3fn", new("F8_E4M3", 1)),
        (string.Empty, "float8_e5m2", new("F8_E5M2", 1)),
        (string.Empty, "float8_e4m3fnuz", new("F8_E4M3FNUZ", 1)),
        (string.Empty, "float8_e5m2fnuz", new("F8_E5M2FNUZ", 1)),
        (string.Empty, "float8_e8m0fnu", new("F8_E8M0", 1)),
        (string.Empty, "complex32", new("C32", 4)),
    ];

    /// <summary>The type of a storage's class, such as <c>torch.FloatStorage</c> or <c>torch.cuda.FloatStorage</c>.</summary>
    /// <returns>The type; null for another class.</returns>
    public static TorchType? OfStorage(PickleGlobal type) =>
        type.Module is "torch" or "torch.cuda" && type.Name.Length > 0 ? Array.Find(All, one => one.Storage == type.Name).Value : null;

    /// <summary>The type that a dtype names, such as <c>torch.float32</c>; null where it is none.</summary>
    public static TorchType? OfName(PickleGlobal type) =>
        type.Module == "torch" ? Array.Find(All, one => one.Type == type.Name).Value : null;

    /// <summary>Whether a class is that of storages whose tensors say the type.</summary>
    public static bool IsUntyped(PickleGlobal type) =>
        type is { Module: "torch.storage" or "torch" or "torch.cuda", Name: "UntypedStorage" };
}
