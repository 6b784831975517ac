using Curie.Numerics;

namespace Curie.Response.Modes;

/// <summary>What is subtracted from a response, and what it is divided by, before it is factored.</summary>
public enum Centring
{
    /// <summary>Each component less its mean over tokens: the published analysis (Baker et al. 2025).</summary>
    Head,

    /// <summary>That, less the mean over components at each token: what all components share is gone.</summary>
    HeadAndToken,

    /// <summary>
    /// Each component less its mean, divided by its standard deviation over tokens: components weigh alike, whatever their unknown scale.
    /// </summary>
    ZScore,

    /// <summary>That, less the mean over components at each token (Gordon et al. 2026): the uniform mode is gone.</summary>
    ZScoreAndToken,

    /// <summary>
    /// As <see cref="Head"/>, and the scores of every mode divided by their standard deviation, so that all modes weigh alike in distances
    /// between tokens.
    /// </summary>
    Whitened,
}

/// <summary>The names of centrings on the command line and in files.</summary>
public static class Centrings
{
    /// <summary>Every centring.</summary>
    public static IReadOnlyList<Centring> All { get; } =
    [Centring.Head, Centring.HeadAndToken, Centring.ZScore, Centring.ZScoreAndToken, Centring.Whitened];

    /// <summary>`head`, `head-token`, `z-score`, `z-score-token` or `whitened`.</summary>
    public static string Name(this Centring centring) =>
        centring switch
        {
            Centring.Head => "head",
            Centring.HeadAndToken => "head-token",
            Centring.ZScore => "z-score",
            Centring.ZScoreAndToken => "z-score-token",
            Centring.Whitened => "whitened",
            _ => throw new ArgumentOutOfRangeException(nameof(centring)),
        };

    /// <summary>The centring of that name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static Centring Parse(string name)
    {
        foreach (Centring centring in All)
        {
            if (centring.Name() == name)
            {
                return centring;
            }
        }

        throw new InputException($"there is no centring named {name}; use one of {string.Join(", ", All.Select(Name))}.");
    }
}
