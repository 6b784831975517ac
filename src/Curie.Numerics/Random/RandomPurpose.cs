namespace Curie.Numerics.Random;

/// <summary>
/// What a random stream is for. Part of every key, so that streams never overlap; the numbers are part of the file format.
/// </summary>
public enum RandomPurpose
{
    /// <summary>Initial weights.</summary>
    Initialization = 1,

    /// <summary>The order of training rows.</summary>
    TrainingOrder = 2,

    /// <summary>The order of a chain's minibatches.</summary>
    MinibatchOrder = 3,

    /// <summary>Langevin noise.</summary>
    LangevinNoise = 4,

    /// <summary>The choice of probe tokens.</summary>
    ProbeTokens = 5,

    /// <summary>Generated text.</summary>
    GeneratedText = 6,

    /// <summary>The order of documents.</summary>
    DocumentOrder = 7,

    /// <summary>Synthetic inputs of behavioural scores.</summary>
    Scores = 8,

    /// <summary>Resampling in error estimates.</summary>
    Bootstrap = 9,

    /// <summary>The order of packed rows in a file.</summary>
    RowOrder = 10,

    /// <summary>The momenta that a thermostat starts with.</summary>
    InitialMomentum = 11,

    /// <summary>Whether a Metropolis chain makes the step it proposed.</summary>
    MetropolisChoice = 12,

    /// <summary>The starts of clustering.</summary>
    Clustering = 13,

    /// <summary>The tasks of in-context regression.</summary>
    RegressionTasks = 14,

    /// <summary>Sequences of in-context regression.</summary>
    RegressionSequences = 15,

    /// <summary>The rows that give an observable's gradient.</summary>
    ObservableRows = 16,

    /// <summary>Where the gradient is looked at from which the strength of a perturbation is chosen.</summary>
    Perturbation = 17,

    /// <summary>Independent draws of the localisation's Gaussian.</summary>
    GaussianDraws = 18,

    /// <summary>The choice of rows out of a file.</summary>
    RowChoice = 19,

    /// <summary>The seed that stands for the user's in a control, whose chains have a life of their own.</summary>
    Control = 20,

    /// <summary>Designed weights dealt out to random tokens.</summary>
    ShuffledDesign = 21,

    /// <summary>The order of tokens in rows that are scrambled.</summary>
    TokenOrder = 22,

    /// <summary>Where the search for the direction of the largest curvature starts.</summary>
    Curvature = 23,
}
