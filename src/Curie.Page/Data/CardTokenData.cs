namespace Curie.Page.Data;

/// <summary>A token that the component expresses or suppresses, in its text.</summary>
/// <param name="Part">The part's name.</param>
/// <param name="Side">`expressed` or `suppressed`.</param>
/// <param name="Value">The response less the component's mean over tokens.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Token">The token's place on the page; null where that does not hold it.</param>
/// <param name="Before">The text before it.</param>
/// <param name="Text">Its own.</param>
/// <param name="After">The text after it.</param>
/// <param name="Probe">The probe's name.</param>
internal sealed record CardTokenData(
    string Part,
    string Side,
    double Value,
    double Error,
    int? Token,
    string Before,
    string Text,
    string After,
    string Probe
);
