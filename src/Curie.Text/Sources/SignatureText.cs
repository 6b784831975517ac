namespace Curie.Text.Sources;

/// <summary>
/// Writes documentation identifiers as declarations in the manner of C#: <c>M:System.String.Join(System.String,System.Object[])</c> becomes
/// <c>Join(string separator, object[] values);</c>. Identifiers carry no result types, so only conversion operators show one.
/// </summary>
internal sealed class SignatureText
{
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["System.Boolean"] = "bool",
        ["System.Byte"] = "byte",
        ["System.SByte"] = "sbyte",
        ["System.Char"] = "char",
        ["System.Decimal"] = "decimal",
        ["System.Double"] = "double",
        ["System.Single"] = "float",
        ["System.Int32"] = "int",
        ["System.UInt32"] = "uint",
        ["System.Int64"] = "long",
        ["System.UInt64"] = "ulong",
        ["System.Int16"] = "short",
        ["System.UInt16"] = "ushort",
        ["System.Object"] = "object",
        ["System.String"] = "string",
        ["System.Void"] = "void",
        ["System.IntPtr"] = "nint",
        ["System.UIntPtr"] = "nuint",
    };

    private static readonly Dictionary<string, string> Operators = new(StringComparer.Ordinal)
    {
        ["op_Addition"] = "+",
        ["op_Subtraction"] = "-",
        ["op_Multiply"] = "*",
        ["op_Division"] = "/",
        ["op_Modulus"] = "%",
        ["op_Equality"] = "==",
        ["op_Inequality"] = "!=",
        ["op_LessThan"] = "<",
        ["op_GreaterThan"] = ">",
        ["op_LessThanOrEqual"] = "<=",
        ["op_GreaterThanOrEqual"] = ">=",
        ["op_BitwiseAnd"] = "&",
        ["op_BitwiseOr"] = "|",
        ["op_ExclusiveOr"] = "^",
        ["op_OnesComplement"] = "~",
        ["op_LogicalNot"] = "!",
        ["op_UnaryNegation"] = "-",
        ["op_UnaryPlus"] = "+",
        ["op_Increment"] = "++",
        ["op_Decrement"] = "--",
        ["op_LeftShift"] = "<<",
        ["op_RightShift"] = ">>",
        ["op_UnsignedRightShift"] = ">>>",
        ["op_True"] = "true",
        ["op_False"] = "false",
    };

    private readonly IReadOnlyList<string> _typeParameters;

    /// <summary>Prepares for the members of one type.</summary>
    /// <param name="typeParameters">The names of the type's own type parameters.</param>
    public SignatureText(IReadOnlyList<string> typeParameters) => _typeParameters = typeParameters;

    /// <summary>The declaration of a member that is not a type.</summary>
    public string Declare(DocMember member)
    {
        MemberName name = member.Name;
        string[] methodParameters = [.. TypeParameters(member, name.Last)];
        string[] types = [.. SplitArguments(name.Arguments).Select(argument => TypeText(argument, methodParameters))];
        string[] names = [.. member.Xml.Elements("param").Select(parameter => (string?)parameter.Attribute("name") ?? "value")];
        string arguments = string.Join(", ", types.Select((type, i) => $"{type} {(i < names.Length ? names[i] : $"arg{i}")}"));
        return name.Kind switch
        {
            'M' => Method(name, arguments, methodParameters),
            'P' when types.Length > 0 => $"this[{arguments}] {{ get; }}",
            'P' => $"{Qualified(name)} {{ get; }}",
            'E' => $"event {Qualified(name)};",
            _ => $"{name.Plain};",
        };
    }

    /// <summary>The names of a type's or method's type parameters: as documented, else T or T1, T2, …</summary>
    public static IEnumerable<string> TypeParameters(DocMember member, string name)
    {
        int tick = name.LastIndexOf('`');
        if (tick < 0 || !int.TryParse(name[(tick + 1)..], out int count))
        {
            return [];
        }

        string[] documented = [.. member.Xml.Elements("typeparam").Select(parameter => (string?)parameter.Attribute("name") ?? "T")];
        return Enumerable
            .Range(0, count)
            .Select(i =>
                i < documented.Length ? documented[i]
                : count == 1 ? "T"
                : $"T{i + 1}"
            );
    }

    private string Method(MemberName name, string arguments, string[] methodParameters)
    {
        string generic = methodParameters.Length > 0 ? $"<{string.Join(", ", methodParameters)}>" : "";
        string plain = name.Plain;
        return plain is "op_Implicit" or "op_Explicit"
                ? $"{plain[3..].ToLowerInvariant()} operator "
                    + $"{(name.Result.Length > 0 ? TypeText(name.Result, methodParameters) : "")}({arguments});"
            : Operators.TryGetValue(plain.Replace("Checked", "", StringComparison.Ordinal), out string? symbol)
                ? $"operator {(plain.Contains("Checked", StringComparison.Ordinal) ? "checked " : "")}{symbol}({arguments});"
            : $"{Qualified(name)}{generic}({arguments});";
    }

    /// <summary>An explicit interface implementation shows its interface: <c>IList.Add</c>.</summary>
    private static string Qualified(MemberName name)
    {
        string[] parts = name.Last.StartsWith('#') ? [] : name.Last.Split('{')[0].Split('#');
        return parts.Length > 1 && !name.Last.Contains('{', StringComparison.Ordinal)
            ? $"{MemberName.WithoutArity(parts[^2])}.{name.Plain}"
            : name.Plain;
    }

    private string TypeText(string type, string[] methodParameters)
    {
        if (type.EndsWith('@'))
        {
            return $"ref {TypeText(type[..^1], methodParameters)}";
        }

        if (type.EndsWith('*'))
        {
            return $"{TypeText(type[..^1], methodParameters)}*";
        }

        if (type.EndsWith(']') && type.LastIndexOf('[') is var bracket and > 0)
        {
            return $"{TypeText(type[..bracket], methodParameters)}[{new string(',', type.AsSpan(bracket).Count(','))}]";
        }

        if (type.StartsWith('`'))
        {
            IReadOnlyList<string> names = type.StartsWith("``", StringComparison.Ordinal) ? methodParameters : _typeParameters;
            return int.TryParse(type.TrimStart('`'), out int index) && index < names.Count ? names[index] : "T";
        }

        int open = type.IndexOf('{', StringComparison.Ordinal);
        int close = type.LastIndexOf('}');
        return open < 0 || close < open
            ? ShortType(type)
            : GenericText(type[..open], type[(open + 1)..close], type[(close + 1)..], methodParameters);
    }

    private string GenericText(string name, string inner, string nested, string[] methodParameters)
    {
        string arguments = string.Join(", ", SplitArguments(inner).Select(argument => TypeText(argument, methodParameters)));
        return name == "System.Nullable" ? $"{arguments}?" : $"{ShortType(name)}<{arguments}>{nested}";
    }

    private static string ShortType(string name) =>
        Keywords.TryGetValue(name, out string? keyword) ? keyword : MemberName.WithoutArity(name[(name.LastIndexOf('.') + 1)..]);

    /// <summary>Splits at the commas that are outside all brackets.</summary>
    private static IEnumerable<string> SplitArguments(string arguments)
    {
        int depth = 0;
        int start = 0;
        for (int i = 0; i < arguments.Length; i++)
        {
            depth +=
                arguments[i] is '{' or '[' or '(' ? 1
                : arguments[i] is '}' or ']' or ')' ? -1
                : 0;
            if (arguments[i] == ',' && depth == 0)
            {
                yield return arguments[start..i];
                start = i + 1;
            }
        }

        if (start < arguments.Length)
        {
            yield return arguments[start..];
        }
    }
}
