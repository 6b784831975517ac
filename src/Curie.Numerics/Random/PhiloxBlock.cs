namespace Curie.Numerics.Random;

/// <summary>One output block of Philox4x32-10: four independent uniform 32-bit words.</summary>
/// <param name="W0">The first word.</param>
/// <param name="W1">The second word.</param>
/// <param name="W2">The third word.</param>
/// <param name="W3">The fourth word.</param>
public readonly record struct PhiloxBlock(uint W0, uint W1, uint W2, uint W3);
