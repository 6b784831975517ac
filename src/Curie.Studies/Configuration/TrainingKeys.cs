using Curie.Networks.Training;
using Curie.Studies.Configuration.Yaml;

namespace Curie.Studies.Configuration;

/// <summary>The keys that every training has: the seed, the batch, Adam's settings and checkpoints.</summary>
internal static class TrainingKeys
{
    // Far more than any folder is good for.
    private const int MostCheckpoints = 1_000_000;

    /// <summary>Reads the keys that are there; the rest is as in the defaults.</summary>
    /// <exception cref="Numerics.InputException">A value is of the wrong type or out of range.</exception>
    public static TrainingOptions Read(YamlSection root, TrainingOptions defaults)
    {
        IReadOnlyList<double> betas = root.Numbers("betas", 2, value => value is >= 0 and < 1, "from 0 up to but not including 1")
            ?? [defaults.Beta1, defaults.Beta2];
        YamlSection checkpoints = root.OptionalSection("checkpoints");
        TrainingOptions options = defaults with
        {
            Seed = root.Integer("seed", 0, long.MaxValue, defaults.Seed),
            BatchSize = root.Integer("batch_size", 1, int.MaxValue, defaults.BatchSize),
            LearningRate = root.Number("learning_rate", defaults.LearningRate, value => value > 0, "above 0"),
            Beta1 = betas[0],
            Beta2 = betas[1],
            Epsilon = root.Number("eps", defaults.Epsilon, value => value > 0, "above 0"),
            LogCheckpoints = checkpoints.Integer("log", 0, MostCheckpoints, defaults.LogCheckpoints),
            LinearCheckpoints = checkpoints.Integer("linear", 0, MostCheckpoints, defaults.LinearCheckpoints),
        };
        checkpoints.Finish();
        return options;
    }
}
