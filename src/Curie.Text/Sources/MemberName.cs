namespace Curie.Text.Sources;

/// <summary>
/// A documentation identifier such as <c>M:System.String.Join(System.String,System.Object[])</c>, taken apart (ECMA-334, annex D:
/// "Documentation comments").
/// </summary>
/// <param name="Kind">T type, M method, P property, F field, E event.</param>
/// <param name="Path">The dotted name without arguments: <c>System.String.Join</c>.</param>
/// <param name="Arguments">The argument list without parentheses; empty where there is none.</param>
/// <param name="Result">What stands after <c>~</c>, the result of a conversion operator; else empty.</param>
internal sealed record MemberName(char Kind, string Path, string Arguments, string Result)
{
    /// <summary>The name of the type: the path itself for a type, the path up to the member's own name otherwise.</summary>
    public string Type =>
        Kind == 'T' ? Path
        : Path.LastIndexOf('.') is var dot and > 0 ? Path[..dot]
        : Path;

    /// <summary>The last part of the path, arity and explicit interface included: <c>Join</c>, <c>#ctor</c>, <c>Aggregate``1</c>.</summary>
    public string Last => Path[(Path.LastIndexOf('.') + 1)..];

    /// <summary>
    /// The member's name as people say it: without arity, an explicit implementation by its own name, a constructor by its type's.
    /// </summary>
    public string Plain =>
        Last switch
        {
            "#ctor" or "#cctor" => WithoutArity(Type[(Type.LastIndexOf('.') + 1)..]),
            _ => WithoutArity(Last[(Last.LastIndexOf('#') + 1)..]),
        };

    /// <summary>Takes an identifier apart; null if it is not one, e.g. a namespace or an error.</summary>
    public static MemberName? Parse(string? identifier)
    {
        if (identifier is not { Length: > 2 } || identifier[1] != ':' || !"TMPFE".Contains(identifier[0], StringComparison.Ordinal))
        {
            return null;
        }

        string rest = identifier[2..];
        int open = rest.IndexOf('(', StringComparison.Ordinal);
        int close = rest.LastIndexOf(')');
        int tilde = rest.IndexOf('~', StringComparison.Ordinal);
        string result = tilde >= 0 ? rest[(tilde + 1)..] : "";
        string arguments = open >= 0 && close > open ? rest[(open + 1)..close] : "";
        string path =
            open >= 0 ? rest[..open]
            : tilde >= 0 ? rest[..tilde]
            : rest;
        return path.Length == 0 ? null : new MemberName(identifier[0], path, arguments, result);
    }

    /// <summary>The name without the count of its type parameters: <c>List`1</c> is List.</summary>
    public static string WithoutArity(string name)
    {
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : name[..tick];
    }
}
