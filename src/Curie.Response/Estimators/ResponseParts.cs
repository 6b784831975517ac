using Curie.Numerics;

namespace Curie.Response.Estimators;

/// <summary>The parts' names in files and on the command line.</summary>
public static class ResponseParts
{
    /// <summary>Every part, in the order of the files.</summary>
    public static IReadOnlyList<ResponsePart> All { get; } =
        [ResponsePart.Susceptibility, ResponsePart.Covariance, ResponsePart.Renormalization, ResponsePart.Shift, ResponsePart.Excess];

    /// <summary>The name of the part's array: `chi`, `covariance`, `renormalization`, `shift` or `excess`.</summary>
    public static string Name(this ResponsePart part) => part switch
    {
        ResponsePart.Susceptibility => "chi",
        ResponsePart.Covariance => "covariance",
        ResponsePart.Renormalization => "renormalization",
        ResponsePart.Shift => "shift",
        ResponsePart.Excess => "excess",
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };

    /// <summary>Whether the run `full` enters the part.</summary>
    public static bool UsesFull(this ResponsePart part) => part is ResponsePart.Susceptibility or ResponsePart.Renormalization;

    /// <summary>Whether the contributions to the covariance enter the part.</summary>
    public static bool UsesCovariance(this ResponsePart part) => part is ResponsePart.Susceptibility or ResponsePart.Covariance;

    /// <summary>The part of that name.</summary>
    /// <exception cref="InputException">There is no such part.</exception>
    public static ResponsePart Parse(string name)
    {
        foreach (ResponsePart part in All)
        {
            if (part.Name() == name)
            {
                return part;
            }
        }

        throw new InputException($"there is no part named {name}; use one of {string.Join(", ", All.Select(Name))}.");
    }
}
