namespace Curie.Text.Tokenization;

/// <summary>
/// One rule of byte-pair encoding: the tokens <paramref name="Left"/> and <paramref name="Right"/>, side by side, become
/// <paramref name="Result"/>.
/// </summary>
/// <param name="Left">The first token's id.</param>
/// <param name="Right">The second token's id.</param>
/// <param name="Result">The merged token's id.</param>
public readonly record struct Merge(int Left, int Right, int Result)
{
    internal static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;
}
