using System.Text.Json.Nodes;
using Curie.Networks.Data;
using Curie.Sampling;
using Curie.Sampling.Networks;
using Curie.Studies.Configuration.Yaml;

namespace Curie.Studies.Configuration;

/// <summary>The <c>sampling</c> section of an experiment: which posterior is sampled, and how.</summary>
public sealed record SamplingConfiguration
{
    /// <summary>
    /// The rows whose loss defines the posterior (<c>data</c>, required; <c>task</c> for a regression transformer, which takes no other).
    /// </summary>
    public required string Data { get; init; }

    /// <summary>
    /// Which positions of rows count (<c>positions</c>), as <see cref="PositionRule"/> reads it: ranges such as 5-9, or a .npy file.
    /// Default null: all.
    /// </summary>
    public string? Positions { get; init; }

    /// <summary>The components to sample (<c>components</c>). Default full and every head.</summary>
    public IReadOnlyList<string> Components { get; init; } = ["full", "heads"];

    /// <summary>The sampler, step size, nβ, γ, noise, chains, draws, burn-in and the seed; their defaults are documented there.</summary>
    public SamplingOptions Options { get; init; } = new();

    /// <summary>Rows per update (<c>batch_size</c>). Default 16.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The order of rows (<c>order</c>). Default shuffled.</summary>
    public RowOrder Order { get; init; } = RowOrder.Shuffled;

    /// <summary>So many rows of the data give P and L0 at every draw (<c>loss_rows</c>); null for all. Default 64.</summary>
    public int? LossRows { get; init; } = 64;

    /// <summary>
    /// Which (<c>loss_rows_choice</c>): the first, which is the default, or random ones of the whole file, the same for every seed.
    /// </summary>
    public RowChoice LossRowsChoice { get; init; }

    /// <summary>What a susceptibility run observes (<c>observable</c>). Default null: the mean loss of the loss rows.</summary>
    public ObservableConfiguration? Observable { get; init; }

    /// <summary>How the chains of a susceptibility run are coupled.</summary>
    public CouplingConfiguration Coupling { get; init; } = new();

    /// <summary>What stands for the data of a regression transformer.</summary>
    internal const string OfTask = "task";

    /// <summary>The defaults of a regression transformer, whose data is its own task.</summary>
    public static SamplingConfiguration OfRegression =>
        new()
        {
            Data = OfTask,
            BatchSize = RegressionCoefficientInputs.DefaultBatchSize,
            LossRows = RegressionCoefficientInputs.DefaultLossSequences,
        };

    internal static SamplingConfiguration Read(YamlSection section, long seed, bool isRegression = false)
    {
        SamplingOptions defaults = new();
        SamplingConfiguration configuration = isRegression ? OfRegression : new() { Data = section.FilePath("data") };
        configuration = configuration with
        {
            Positions = isRegression || PositionsKey.Read(section) is not { } positions || positions == PositionsKey.All ? null : positions,
            Components = section.Texts("components", configuration.Components),
            BatchSize = section.Integer("batch_size", 1, int.MaxValue, configuration.BatchSize),
            Order = section.Choice("order", configuration.Order, ConfigurationWords.Orders),
            LossRows = section.IntegerOrAll("loss_rows", 1, configuration.LossRows),
            LossRowsChoice = isRegression ? RowChoice.First : RowChoiceKey.Read(section, RowChoiceKey.LossRows),
            Observable = ObservableConfiguration.Read(section),
            Coupling = CouplingConfiguration.Read(section),
            Options = SamplerKeys.Read(section, new SamplingOptions { Seed = seed }) with
            {
                StepSize = section.Number("step_size", defaults.StepSize, value => value > 0, "above 0"),
                NBeta = section.Number("nbeta", defaults.NBeta, value => value >= 0, "of at least 0"),
                Localization = section.Number("localization", defaults.Localization, value => value >= 0, "of at least 0"),
                NoiseLevel = section.Number("noise_level", defaults.NoiseLevel, value => value >= 0, "of at least 0"),
                Chains = section.Integer("chains", 1, int.MaxValue, defaults.Chains),
                Draws = section.Integer("draws", 1, int.MaxValue, defaults.Draws),
                BurnIn = section.Integer("burn_in", 0, int.MaxValue, defaults.BurnIn),
                StepsBetweenDraws = section.Integer("steps_between_draws", 1, int.MaxValue, defaults.StepsBetweenDraws),
            },
        };
        section.Finish();
        if (configuration.Options.Instability() is { } message)
        {
            throw section.Error("step_size", message);
        }

        return configuration;
    }

    internal JsonObject ToJson()
    {
        JsonObject json = new()
        {
            ["data"] = Data,
            ["components"] = new JsonArray([.. Components.Select(name => (JsonNode)name)]),
            ["step_size"] = Options.StepSize,
            ["nbeta"] = Options.NBeta,
            ["localization"] = Options.Localization,
            ["noise_level"] = Options.NoiseLevel,
            ["batch_size"] = BatchSize,
            ["order"] = ConfigurationWords.NameOf(Order, ConfigurationWords.Orders),
            ["chains"] = Options.Chains,
            ["draws"] = Options.Draws,
            ["burn_in"] = Options.BurnIn,
            ["steps_between_draws"] = Options.StepsBetweenDraws,
            ["loss_rows"] = ConfigurationWords.CountOrAll(LossRows),
        };
        RowChoiceKey.Write(json, RowChoiceKey.LossRows, LossRowsChoice);
        SamplerKeys.Write(json, Options);
        PositionsKey.Write(json, Positions);
        if (Observable is not null)
        {
            json[ObservableConfiguration.Key] = Observable.ToJson();
        }

        Coupling.Write(json);
        return json;
    }
}
