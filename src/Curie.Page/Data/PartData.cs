namespace Curie.Page.Data;

/// <summary>What the page calls a part of the response.</summary>
/// <param name="Name">The name of its array, and its key in what is kept by part.</param>
/// <param name="Symbol">What axes and narrow columns call it.</param>
/// <param name="Title">What headings call it.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Meaning">What it says, in a sentence or two.</param>
internal sealed record PartData(string Name, string Symbol, string Title, string Unit, string Meaning);
