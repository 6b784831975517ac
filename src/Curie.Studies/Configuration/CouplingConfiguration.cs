using System.Text.Json.Nodes;
using Curie.Response.Experiments;
using Curie.Sampling;
using Curie.Studies.Configuration.Yaml;

namespace Curie.Studies.Configuration;

/// <summary>
/// How the chains of a susceptibility run are coupled, a part of the section <c>sampling</c>; <c>curie llc</c> does not look at it.
/// </summary>
public sealed record CouplingConfiguration
{
    private const string CovarianceKey = "covariance";
    private const string AntitheticKey = "antithetic";
    private const string StrengthKey = "perturbation_strength";
    private const string RowsKey = "perturbation_rows";
    private const string PairsKey = "gaussian_pairs";
    private const string FullDrawsKey = "full_draws";
    private const string ControlKey = "control";

    /// <summary>How the covariance is estimated (<c>covariance</c>: <c>response</c> or <c>product</c>). Default response.</summary>
    public CovarianceEstimator Covariance { get; init; } = CovarianceEstimator.Response;

    /// <summary>
    /// Whether chains come in pairs with opposite noise (<c>antithetic</c>). Default null: where their number is even and the sampler
    /// allows it.
    /// </summary>
    public bool? Antithetic { get; init; }

    /// <summary>The strength of the shadows' perturbation in units of nβ (<c>perturbation_strength</c>). Default null: chosen.</summary>
    public double? Strength { get; init; }

    /// <summary>The loss rows that give its gradient at an update (<c>perturbation_rows</c>). Default null: chosen.</summary>
    public int? Rows { get; init; }

    /// <summary>Pairs of independent draws of the localisation's Gaussian (<c>gaussian_pairs</c>). Default 8.</summary>
    public int GaussianPairs { get; init; } = 8;

    /// <summary>
    /// The draws of each chain of `full`, a multiple of <c>draws</c> (<c>full_draws</c>). Default null: four times as many where the
    /// covariance is a response.
    /// </summary>
    public int? FullDraws { get; init; }

    /// <summary>
    /// Whether the control at nβ = 0 is drawn beside the run, into its folder (<c>control</c>: <c>auto</c>, <c>true</c> or <c>false</c>).
    /// Default auto.
    /// </summary>
    public ControlDraws Control { get; init; }

    /// <summary>Whether chains are paired under some settings.</summary>
    public bool IsAntithetic(SamplingOptions options) => Antithetic ?? (options.Chains % 2 == 0 && options.WhyUncoupled() is null);

    internal static CouplingConfiguration Read(YamlSection section)
    {
        CouplingConfiguration defaults = new();
        return new CouplingConfiguration
        {
            Covariance = section.Choice(CovarianceKey, defaults.Covariance, ConfigurationWords.Covariances),
            Antithetic = section.Has(AntitheticKey) ? section.Flag(AntitheticKey, false) : null,
            Strength = section.Has(StrengthKey) ? section.Number(StrengthKey, 0, value => value > 0, "above 0") : null,
            Rows = section.Has(RowsKey) ? section.Integer(RowsKey, 1) : null,
            FullDraws = section.Has(FullDrawsKey) ? section.Integer(FullDrawsKey, 1) : null,
            GaussianPairs = section.Integer(PairsKey, 0, 1 << 20, defaults.GaussianPairs),
            Control = section.Choice(ControlKey, defaults.Control, ConfigurationWords.Controls),
        };
    }

    internal void Write(JsonObject json)
    {
        json[CovarianceKey] = ConfigurationWords.NameOf(Covariance, ConfigurationWords.Covariances);
        json[PairsKey] = GaussianPairs;
        WriteGiven(json, AntitheticKey, Antithetic);
        WriteGiven(json, StrengthKey, Strength);
        WriteGiven(json, RowsKey, Rows);
        WriteGiven(json, FullDrawsKey, FullDraws);
        if (Control != ControlDraws.Auto)
        {
            json[ControlKey] = ConfigurationWords.NameOf(Control, ConfigurationWords.Controls);
        }
    }

    /// <summary>What is left to the program depends on other settings, and is written as it was given: not at all.</summary>
    private static void WriteGiven<T>(JsonObject json, string key, T? value)
        where T : struct
    {
        if (value is { } given)
        {
            json[key] = JsonValue.Create(given);
        }
    }

    internal static void Remove(JsonObject json)
    {
        foreach (string key in new[] { CovarianceKey, AntitheticKey, StrengthKey, RowsKey, PairsKey, FullDrawsKey, ControlKey })
        {
            json.Remove(key);
        }
    }
}
