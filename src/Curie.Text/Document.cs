namespace Curie.Text;

/// <summary>One piece of text that stands on its own: a file, a line of a JSON Lines file, a type's documentation.</summary>
/// <param name="Text">The text; may be empty.</param>
/// <param name="Source">The name of the set it came from, e.g. <c>wikipedia</c>; Pile's <c>pile_set_name</c>.</param>
public sealed record Document(string Text, string Source);
