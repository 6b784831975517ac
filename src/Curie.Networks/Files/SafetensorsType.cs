namespace Curie.Networks.Files;

/// <summary>The element types of the safetensors format: the name in the header and the bits of one element.</summary>
internal static class SafetensorsType
{
    public const string F16 = "F16";
    public const string BF16 = "BF16";
    public const string F32 = "F32";
    public const string F64 = "F64";

    /// <summary>The bits of one element, or null for a name that the format does not know.</summary>
    public static int? Bits(string name) =>
        name switch
        {
            "F4" => 4,
            "F6_E2M3" or "F6_E3M2" => 6,
            "BOOL" or "U8" or "I8" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" or "F8_E4M3FNUZ" or "F8_E5M2FNUZ" => 8,
            "U16" or "I16" or F16 or BF16 => 16,
            "U32" or "I32" or F32 => 32,
            "U64" or "I64" or F64 or "C64" => 64,
            _ => null,
        };

    /// <summary>Whether Curie converts the type to float32.</summary>
    public static bool IsFloat(string name) => name is F16 or BF16 or F32 or F64;
}
