using System.Globalization;
using System.Text.Json;
using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Sampling;
using Curie.Sampling.Networks;
using Curie.Text.Packing;

namespace Curie.Response.Experiments;

/// <summary>Everything that defines a scan.</summary>
public sealed record ScanInputs
{
    /// <summary>w*.</summary>
    public required ParameterSet Model { get; init; }

    /// <summary>The components; <c>full</c> is left out.</summary>
    public required IReadOnlyList<Component> Components { get; init; }

    /// <summary>The probes, at least one.</summary>
    public required IReadOnlyList<ProbeInput> Probes { get; init; }

    /// <summary>The rows of which some give P and L0. Default null: P is the mean over the followed tokens of all probes.</summary>
    public TokenRows? Data { get; init; }

    /// <summary>Which positions of <see cref="Data"/> count in P and L0. Default null: all.</summary>
    public CountedPositions? CountedPositions { get; init; }

    /// <summary>So many rows of <see cref="Data"/> give P and L0. Default 64; null for all.</summary>
    public int? LossRows { get; init; } = 64;

    /// <summary>Which. Default the first.</summary>
    public RowChoice LossRowsChoice { get; init; }

    /// <summary>The rows of <see cref="Data"/> that give P and L0, ascending; none without them.</summary>
    internal int[] LossRowIndices => Data is null ? [] : ChosenRows.Of(LossRowsChoice, Data.Count, LossRows, ChosenRows.LossRows);

    /// <summary>
    /// The localisation, the prior, the noise and the step, which together give the variance of the draws
    /// (<see cref="SamplingOptions.LocalizationDistance"/>), and the
    /// seed; the other settings are not used.
    /// </summary>
    public required SamplingOptions Sampling { get; init; }

    /// <summary>The pairs of opposite draws of every component. Default 64; at least 2.</summary>
    public int Pairs { get; init; } = 64;

    /// <summary>The bytes that the whole scan may take. Default 4 GiB.</summary>
    public long Memory { get; init; } = 4L << 30;

    /// <summary>The configuration with every default filled in, for the manifest.</summary>
    public required JsonElement Configuration { get; init; }

    /// <summary>Identifies configuration, model and data.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Checks what can be checked before any work.</summary>
    /// <exception cref="InputException">A setting does not fit the model or the data.</exception>
    public void Validate()
    {
        Sampling.Validate();
        if (Probes.Count == 0)
        {
            throw new InputException("there is no probe; name at least one file of token rows in `ScanInputs.Probes`.");
        }

        if (Probes.GroupBy(probe => probe.Name).FirstOrDefault(group => group.Count() > 1) is { } repeated)
        {
            throw new InputException(
                $"the probes' name {repeated.Key} is used {Counted.Of(repeated.Count(), "time")}; give every probe its own, as in "
                    + "`probes.name`."
            );
        }

        if (Components.All(component => component.IsFull))
        {
            throw new InputException("only full is to be scanned, which a scan leaves out; name heads or other components.");
        }

        if (Pairs < 2)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Counted.Of(Pairs, "pair")} of draws {Counted.Word(Pairs, "has", "have")} no standard error; give at least 2."
                )
            );
        }

        if (LossRows < 1)
        {
            throw new InputException("P needs at least one loss row; give 1 or more, or all.");
        }

        if (Data is not null)
        {
            CountedChecks.Check(CountedPositions, Data, LossRowIndices);
        }

        if (Sampling is { NoiseLevel: 0 } or { Localization: 0, WeightDecay: 0 })
        {
            throw new InputException(
                Sampling.NoiseLevel == 0
                    ? "noise_level is 0, and draws without noise all stay at the checkpoint; give a number above 0."
                    : "localization is 0, and nothing keeps the draws near the checkpoint; give a number above 0, such as 300."
            );
        }

        if (double.IsFinite(Sampling.BoxRadius))
        {
            throw new InputException("box_radius keeps chains between walls, which the draws of a scan do not know; leave it out.");
        }
    }
}
