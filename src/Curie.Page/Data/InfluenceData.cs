using Curie.Response.Influence;

namespace Curie.Page.Data;

/// <summary>A token and its partners, as places on the page.</summary>
/// <param name="Token">The token.</param>
/// <param name="Components">The components whose draws were used.</param>
/// <param name="Together">The tokens whose losses move with it.</param>
/// <param name="Against">Those whose losses move against it.</param>
/// <param name="Missing">How many partners the page does not hold.</param>
internal sealed record InfluenceData(
    int Token,
    IReadOnlyList<string> Components,
    IReadOnlyList<TokenPartner> Together,
    IReadOnlyList<TokenPartner> Against,
    int Missing
);
