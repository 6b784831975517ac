using Curie.Numerics;

namespace Curie.Text.Sources;

/// <summary>The sources that need no download, by name.</summary>
public static class BuiltInSources
{
    /// <summary>
    /// The names that <see cref="Create"/> knows. Repeated blocks are made of tokens, not text: see <see cref="Packing.RepeatedBlocks"/>.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = ["dotnet-docs", "msbuild", "signatures", "arithmetic"];

    /// <summary>The source of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="seed">The user's seed, for generated text.</param>
    /// <exception cref="InputException">There is no such source.</exception>
    public static ICorpusSource Create(string name, long seed) =>
        name switch
        {
            "dotnet-docs" => new DotnetDocsSource(),
            "msbuild" => new MsbuildSource(),
            "signatures" => new SignaturesSource(),
            "arithmetic" => new ArithmeticSource(seed),
            "repeats" => throw new InputException(
                "repeats is made of tokens, not of text; make its rows when packing, where the tokenizer is known."
            ),
            _ => throw new InputException($"there is no built-in source {name}; the built-in sources are {string.Join(", ", Names)}."),
        };
}
