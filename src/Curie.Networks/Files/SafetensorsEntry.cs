namespace Curie.Networks.Files;

/// <summary>What the header says of one tensor. Offsets count bytes from the end of the header.</summary>
internal sealed record SafetensorsEntry(string Name, string ElementType, long[] Shape, long Count, long Start, long End);
