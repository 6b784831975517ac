namespace Curie.Page.Data;

/// <summary>The size of a run.</summary>
/// <param name="Tokens">Followed tokens.</param>
/// <param name="Kept">Those that the page holds.</param>
/// <param name="Chains">Chains of a component.</param>
/// <param name="ChainsPerUnit">2 where they are pairs.</param>
/// <param name="Draws">Draws of a chain.</param>
/// <param name="TraceEvery">Of how many draws a trace shows one.</param>
internal sealed record ShapeData(int Tokens, int Kept, int Chains, int ChainsPerUnit, int Draws, int TraceEvery);
