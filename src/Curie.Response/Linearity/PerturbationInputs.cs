using System.Globalization;
using Curie.Networks.Components;
using Curie.Numerics;
using Curie.Response.Experiments;
using Curie.Sampling;

namespace Curie.Response.Linearity;

/// <summary>Whose posterior is perturbed, by what and how far.</summary>
public sealed record PerturbationInputs
{
    /// <summary>The most shares of one measurement.</summary>
    public const int MostShares = 8;

    /// <summary>The experiment that the run was: model, data, probes, sampling.</summary>
    public required SusceptibilityInputs Experiment { get; init; }

    /// <summary>The name of the probe that is mixed into the data.</summary>
    public required string Probe { get; init; }

    /// <summary>The shares h of the probe, ascending, each between 0 and 1.</summary>
    public required IReadOnlyList<double> Shares { get; init; }

    /// <summary>The components whose posteriors are perturbed, at least one.</summary>
    public required IReadOnlyList<Component> Components { get; init; }

    /// <summary>Checks what can be checked before any work.</summary>
    /// <exception cref="InputException">Shares are out of range or order, or the run's chains cannot be perturbed.</exception>
    public void Validate()
    {
        Experiment.Validate();
        bool ascend = Shares.Zip(Shares.Skip(1)).All(pair => pair.First < pair.Second);
        if (Shares.Count is 0 or > MostShares || !ascend || Shares.Any(share => !(share > 0 && share < 1)))
        {
            string given = string.Join(", ", Shares.Select(share => share.ToString("R", CultureInfo.InvariantCulture)));
            throw new InputException(
                $"the shares of a mixture must be 1 to {MostShares} numbers between 0 and 1 in ascending order, such as "
                    + $"0.01,0.03,0.1,0.3, but {given} was given."
            );
        }

        SamplingOptions sampling = Experiment.Sampling;
        if (sampling.WhyUncoupled() is { } reason)
        {
            throw new InputException(
                $"the posterior of this run cannot be perturbed beside its chains, because {reason}; sample a run with sgld or "
                    + "rmsprop-sgld, noise and localisation."
            );
        }

        if (sampling.NBeta == 0)
        {
            throw new InputException(
                "the run is a control at nbeta 0, where data do not act on the chains and nothing responds to them; give a run with "
                    + "nbeta above 0."
            );
        }

        if (sampling.NoiseLevel != 1)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the run has noise_level {sampling.NoiseLevel}, but the derivatives that are checked here are those of the "
                        + $"posterior itself, at noise_level 1; sample a run with that."
                )
            );
        }
    }
}
