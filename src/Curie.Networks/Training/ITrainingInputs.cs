using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Training;

/// <summary>What a training run reads: all that it knows of the kind of model.</summary>
public interface ITrainingInputs
{
    /// <summary>The initial weights; not written to.</summary>
    ParameterSet Initial { get; }

    /// <summary>Identifies settings, data and initial weights, so that a run is not continued with others.</summary>
    string Fingerprint { get; }

    /// <summary>A tokenizer's file to copy into every checkpoint, or null.</summary>
    string? Tokenizer { get; }

    /// <summary>How much a row of a minibatch counts in the run's progress.</summary>
    int ProgressPerRow { get; }

    /// <summary>The minibatches, which become the caller's.</summary>
    IMinibatches Minibatches(TrainingOptions options, Machine machine);

    /// <summary>What is evaluated at every checkpoint, which becomes the caller's; null for nothing.</summary>
    IBatch? HeldOut(TrainingOptions options, Machine machine);
}
