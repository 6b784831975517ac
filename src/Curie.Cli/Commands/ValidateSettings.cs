using System.CommandLine;
using Curie.Cli.Invocation;
using Curie.Cli.Options;
using Curie.Sampling;
using Curie.Sampling.Validation;
using Curie.Studies.Configuration;

namespace Curie.Cli.Commands;

/// <summary>How a case is sampled, as options of a command line; each case has its own defaults.</summary>
internal sealed class ValidateSettings
{
    private readonly Option<string?> _sampler = new("--sampler")
    {
        Description = "sgld (the default), sgnht, mala (a Metropolis test, exact at any step), or on slopes rmsprop-sgld.",
        HelpName = "SAMPLER",
    };

    private readonly Option<double?> _stepSize = SamplingOverrides.Number(
        "--step-size",
        "ε, the step size.",
        value => value > 0,
        "above 0"
    );

    private readonly Option<double?> _nbeta = SamplingOverrides.Number(
        "--nbeta",
        "nβ, the weight of the loss.",
        value => value >= 0,
        "of at least 0"
    );

    private readonly Option<double?> _localization = SamplingOverrides.Number(
        "--localization",
        "γ, the pull towards w*.",
        value => value >= 0,
        "of at least 0"
    );

    private readonly Option<int?> _chains = SamplingOverrides.Whole("--chains", "Independent chains; 4 by default.", 1);

    private readonly Option<int?> _draws = SamplingOverrides.Whole("--draws", "Draws of each chain.", 8);

    private readonly Option<int?> _burnIn = SamplingOverrides.Whole("--burn-in", "Updates before the first draw.", 0);

    private readonly Option<int?> _steps = SamplingOverrides.Whole("--steps-between-draws", "Updates from one draw to the next.", 1);

    private readonly Option<long> _seed = SharedOptions.Seed();

    /// <summary>The options; the sampler's name is checked as it is parsed.</summary>
    public ValidateSettings() => _sampler.AcceptOnlyFromAmong([.. ConfigurationWords.Samplers.Keys]);

    /// <summary>All of them, for a command.</summary>
    public IReadOnlyList<Option> Options => [_sampler, _stepSize, _nbeta, _localization, _chains, _draws, _burnIn, _steps, _seed];

    /// <summary>What the command line gives.</summary>
    public ValidationSettings Read(ParseResult parsed) =>
        new()
        {
            Sampler = parsed.GetValue(_sampler) is { } name ? ConfigurationWords.Samplers[name] : Sampler.Sgld,
            StepSize = parsed.GetValue(_stepSize),
            NBeta = parsed.GetValue(_nbeta),
            Localization = parsed.GetValue(_localization),
            Chains = parsed.GetValue(_chains),
            Draws = parsed.GetValue(_draws),
            BurnIn = parsed.GetValue(_burnIn),
            StepsBetweenDraws = parsed.GetValue(_steps),
            Seed = parsed.GetValue(_seed),
        };
}
