using System.CommandLine;
using System.CommandLine.Parsing;
using Curie.Numerics;
using Curie.Sampling;
using Curie.Sampling.Samplers;
using Curie.Studies.Configuration;

namespace Curie.Cli.Options;

/// <summary>The sampler and its own settings as options of a command line; what is given takes the place of the file's value.</summary>
internal sealed class SamplerOverrides
{
    private static readonly PreconditionerOptions Preconditioner = new();
    private static readonly ThermostatOptions Thermostat = new();

    private readonly Option<string?> _sampler = new("--sampler")
    {
        Description =
            "How chains move: sgld (the default); rmsprop-sgld, with steps scaled by each weight's gradients; sgnht, a thermostat that "
            + "takes the heat of minibatch noise out.",
        HelpName = "SAMPLER",
    };

    private readonly Option<double?> _weightDecay = SamplingOverrides.Number(
        Dashed(SamplerKeys.WeightDecay),
        "δ, the precision of a Gaussian prior around 0; 0 by default.",
        value => value >= 0,
        "of at least 0"
    );

    private readonly Option<double?> _decay = SamplingOverrides.Number(
        Dashed(SamplerKeys.Decay),
        SamplingOverrides.WithDefault("rmsprop-sgld: a, the share of its past that the mean square keeps", Preconditioner.Decay),
        value => value is >= 0 and <= 1,
        "from 0 to 1"
    );

    private readonly Option<double?> _offset = SamplingOverrides.Number(
        Dashed(SamplerKeys.Offset),
        SamplingOverrides.WithDefault("rmsprop-sgld: b, added to the root of the mean square", Preconditioner.Offset),
        value => value > 0,
        "above 0"
    );

    private readonly Option<bool?> _biasCorrection = new(Dashed(SamplerKeys.BiasCorrection))
    {
        Description =
            "rmsprop-sgld: start the mean square at 1 and correct it for that, as arXiv 2507.21449 does; false by default: start at 0.",
        HelpName = "true|false",
    };

    private readonly Option<double?> _friction = SamplingOverrides.Number(
        Dashed(SamplerKeys.Friction),
        SamplingOverrides.WithDefault("sgnht: α, the momentum forgotten per update without gradient noise", Thermostat.Friction),
        value => value > 0,
        "above 0"
    );

    private readonly Option<double?> _rate = SamplingOverrides.Number(
        Dashed(SamplerKeys.Rate),
        SamplingOverrides.WithDefault("sgnht: κ, how fast the friction answers to the temperature", Thermostat.Rate),
        value => value > 0,
        "above 0"
    );

    /// <summary>The options; the sampler's name is checked as it is parsed.</summary>
    public SamplerOverrides() => _sampler.AcceptOnlyFromAmong([.. ConfigurationWords.Samplers.Keys]);

    /// <summary>All of them, for a command.</summary>
    public IReadOnlyList<Option> Options => [_sampler, _weightDecay, _decay, _offset, _biasCorrection, _friction, _rate];

    /// <summary>Settings with what the command line gives in their place.</summary>
    /// <exception cref="InputException">An option belongs to another sampler, or the sampler cannot sample networks.</exception>
    public SamplingOptions Apply(ParseResult parsed, SamplingOptions options)
    {
        Sampler sampler = parsed.GetValue(_sampler) is { } name ? ConfigurationWords.Samplers[name] : options.Sampler;
        if (sampler.NeedsExactLosses)
        {
            throw new InputException(
                "--sampler mala needs exact losses, and a network is sampled on minibatches: take sgld, rmsprop-sgld or sgnht, and try "
                    + "mala in curie validate."
            );
        }

        foreach (string option in SamplerKeys.ForeignKeys(sampler).Where(key => parsed.GetResult(Dashed(key)) is not null).Select(Dashed))
        {
            string owner = SamplerKeys.OwnerOf(option[2..].Replace('-', '_'));
            throw new InputException($"{option} is not a setting of the sampler {sampler.Name}: leave it out, or give --sampler {owner}.");
        }

        return options with
        {
            Sampler = sampler,
            WeightDecay = parsed.GetValue(_weightDecay) ?? options.WeightDecay,
            Preconditioner = new PreconditionerOptions
            {
                Decay = parsed.GetValue(_decay) ?? options.Preconditioner.Decay,
                Offset = parsed.GetValue(_offset) ?? options.Preconditioner.Offset,
                BiasCorrection = parsed.GetValue(_biasCorrection) ?? options.Preconditioner.BiasCorrection,
            },
            Thermostat = new ThermostatOptions
            {
                Friction = parsed.GetValue(_friction) ?? options.Thermostat.Friction,
                Rate = parsed.GetValue(_rate) ?? options.Thermostat.Rate,
            },
        };
    }

    private static string Dashed(string key) => "--" + key.Replace('_', '-');
}
