using Curie.Networks.Files;

namespace Curie.Networks.Archives.Pickles;

/// <summary>The name of a class or a function. Nothing is ever imported.</summary>
/// <param name="Module">The module, with names of Python 2 and of numpy 2 as those of Python 3 and numpy 1.</param>
/// <param name="Name">The name in it.</param>
internal sealed record PickleGlobal(string Module, string Name)
{
    /// <summary>Both, as Python writes them.</summary>
    public string FullName => $"{Module}.{Name}";

    /// <summary>Both, fit for a message.</summary>
    public string Printable => PrintableText.Of(FullName);

    /// <summary>A name as a pickle has it.</summary>
    public static PickleGlobal Of(string module, string name)
    {
        const string NewNumpy = "numpy._core.";
        string usual = module switch
        {
            "__builtin__" => "builtins",
            "copy_reg" => "copyreg",
            _ when module.StartsWith(NewNumpy, StringComparison.Ordinal) => $"numpy.core.{module[NewNumpy.Length..]}",
            _ => module,
        };
        return new PickleGlobal(usual, name);
    }
}
