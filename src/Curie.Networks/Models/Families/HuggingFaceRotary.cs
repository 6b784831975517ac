using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Numerics;

namespace Curie.Networks.Models.Families;

/// <summary>
/// Rotary positions as Hugging Face's configurations say them: version 4 with <c>rope_theta</c> and <c>rope_scaling</c>, version 5 with
/// <c>rope_parameters</c> for both. Pairs are (i, i + dimension/2).
/// </summary>
internal static class HuggingFaceRotary
{
    /// <summary>Reads all keys that concern rotation.</summary>
    /// <param name="keys">The configuration.</param>
    /// <param name="headWidth">A head's width.</param>
    /// <param name="baseKeys">Keys of the base, the first that is there counts; all must agree.</param>
    /// <param name="fractionKeys">Keys of the share of a head that is turned.</param>
    /// <param name="fraction">That share where no key says it.</param>
    /// <exception cref="InputException">A kind of scaling is not computed, or keys contradict each other.</exception>
    public static RotaryOptions Read(ConfigReader keys, int headWidth, string[] baseKeys, string[] fractionKeys, double fraction = 1)
    {
        ConfigReader? parameters = keys.OptionalSection("rope_parameters");
        ConfigReader? scaling = keys.OptionalSection("rope_scaling");
        double theta = Agreed(keys, parameters, baseKeys, "rope_theta", 10000);
        double share = Agreed(keys, parameters, fractionKeys, "partial_rotary_factor", fraction);
        RotaryScaling? stretch = scaling is null ? null : Scaling(scaling);
        RotaryScaling? newer = parameters is null ? null : Scaling(parameters);
        if (scaling is not null && parameters is not null && stretch != newer)
        {
            throw keys.Contradiction("rope_scaling", "rope_parameters says otherwise");
        }

        return new RotaryOptions
        {
            Dimension = (int)(headWidth * share),
            Base = theta,
            Scaling = newer ?? stretch,
        };
    }

    private static double Agreed(ConfigReader keys, ConfigReader? parameters, string[] names, string newer, double otherwise)
    {
        double? value = parameters?.Optional<double?>(newer, null);
        foreach (string name in names)
        {
            double? other = keys.Optional<double?>(name, null);
            if (value is not null && other is not null && value != other)
            {
                throw keys.Contradiction(name, FormattableString.Invariant($"another key says {value}"));
            }

            value ??= other;
        }

        return value ?? otherwise;
    }

    private static RotaryScaling? Scaling(ConfigReader section)
    {
        string key = section.Has("rope_type") ? "rope_type" : "type";
        string kind = section.Optional(key, "default");
        if (key == "rope_type" && section.Optional("type", kind) != kind)
        {
            throw section.Contradiction("type", "rope_type says otherwise");
        }

        RotaryScaling? scaling = kind switch
        {
            "default" => null,
            "linear" => new RotaryScaling { Factor = section.Required<double>("factor") },
            "llama3" => new RotaryScaling
            {
                Factor = section.Required<double>("factor"),
                Parts = new RotaryParts(
                    section.Required<double>("low_freq_factor"),
                    section.Required<double>("high_freq_factor"),
                    section.Required<int>("original_max_position_embeddings")
                ),
            },
            _ => throw section.Unsupported(key, "default, linear and llama3"),
        };
        section.Harmless("rope_theta", "partial_rotary_factor");
        section.Close("rotary positions");
        return scaling;
    }
}
