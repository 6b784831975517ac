using System.Text.Json.Nodes;
using Curie.Sampling;
using Curie.Sampling.Samplers;
using Curie.Studies.Configuration.Yaml;

namespace Curie.Studies.Configuration;

/// <summary>The keys of the <c>sampling</c> section that choose the sampler and set what only it has.</summary>
public static class SamplerKeys
{
    /// <summary>The sampler.</summary>
    public const string SamplerKey = "sampler";

    /// <summary>δ, the precision of a prior around 0.</summary>
    public const string WeightDecay = "weight_decay";

    /// <summary>a, the share of its past that a preconditioner keeps.</summary>
    public const string Decay = PreconditionerOptions.DecayKey;

    /// <summary>b, added to the root of the mean square.</summary>
    public const string Offset = PreconditionerOptions.OffsetKey;

    /// <summary>Whether the preconditioner's mean square starts at 1 and is corrected for it.</summary>
    public const string BiasCorrection = PreconditionerOptions.BiasCorrectionKey;

    /// <summary>α, the thermostat's friction.</summary>
    public const string Friction = ThermostatOptions.FrictionKey;

    /// <summary>κ, the thermostat's rate.</summary>
    public const string Rate = ThermostatOptions.RateKey;

    /// <summary>Reads the keys over <paramref name="options"/>.</summary>
    /// <exception cref="Numerics.InputException">A value is out of range, or a key belongs to another sampler; the message names the
    /// line.</exception>
    internal static SamplingOptions Read(YamlSection section, SamplingOptions options)
    {
        PreconditionerOptions preconditioner = options.Preconditioner;
        ThermostatOptions thermostat = options.Thermostat;
        options = options with
        {
            Sampler = section.Choice(SamplerKey, options.Sampler, ConfigurationWords.Samplers),
            WeightDecay = section.Number(WeightDecay, options.WeightDecay, value => value >= 0, "of at least 0"),
            Preconditioner = new PreconditionerOptions
            {
                Decay = section.Number(Decay, preconditioner.Decay, value => value is >= 0 and <= 1, "from 0 to 1"),
                Offset = section.Number(Offset, preconditioner.Offset, value => value > 0, "above 0"),
                BiasCorrection = section.Flag(BiasCorrection, preconditioner.BiasCorrection),
            },
            Thermostat = new ThermostatOptions
            {
                Friction = section.Number(Friction, thermostat.Friction, value => value > 0, "above 0"),
                Rate = section.Number(Rate, thermostat.Rate, value => value > 0, "above 0"),
            },
        };
        if (options.Sampler.NeedsExactLosses)
        {
            throw section.Error(
                SamplerKey,
                $"{options.Sampler.Name} needs exact losses, and a network is sampled on minibatches; take sgld, rmsprop-sgld or sgnht, "
                    + "and try mala in curie validate"
            );
        }

        foreach (string key in ForeignKeys(options.Sampler).Where(section.Has))
        {
            throw section.Error(
                key,
                $"\"{key}\" is not a setting of the sampler {options.Sampler.Name}; delete it, or choose {OwnerOf(key)}"
            );
        }

        if (options.Preconditioner is { BiasCorrection: true, Decay: 1 })
        {
            throw section.Error(
                Decay,
                $"\"{Decay}\" must be below 1 with {BiasCorrection}, which takes out the start that v then never forgets"
            );
        }

        return options;
    }

    /// <summary>Writes the keys that the sampler has.</summary>
    public static void Write(JsonObject json, SamplingOptions options)
    {
        json[SamplerKey] = options.Sampler.Name;
        json[WeightDecay] = options.WeightDecay;
        if (options.Sampler == Sampler.RmsPropSgld)
        {
            json[Decay] = options.Preconditioner.Decay;
            json[Offset] = options.Preconditioner.Offset;
            json[BiasCorrection] = options.Preconditioner.BiasCorrection;
        }
        else if (options.Sampler == Sampler.Sgnht)
        {
            json[Friction] = options.Thermostat.Friction;
            json[Rate] = options.Thermostat.Rate;
        }
    }

    /// <summary>The keys that only other samplers have.</summary>
    public static IEnumerable<string> ForeignKeys(Sampler sampler)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        return Sampler.All.SelectMany(other => other.Keys).Except(sampler.Keys);
    }

    /// <summary>The sampler that has the key.</summary>
    public static string OwnerOf(string key) => Sampler.All.First(sampler => sampler.Keys.Contains(key)).Name;
}
