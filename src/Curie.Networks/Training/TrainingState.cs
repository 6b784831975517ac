using Curie.Networks.Parameters;

namespace Curie.Networks.Training;

/// <summary>Everything that the next training step depends on: parameters, AdamW's moments and the number of updates made.</summary>
public sealed class TrainingState : IDisposable
{
    /// <summary>The state before the first update, around parameters that it takes over.</summary>
    public TrainingState(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
        FirstMoment = new ParameterSet(parameters.Layout);
        SecondMoment = new ParameterSet(parameters.Layout);
    }

    /// <summary>The parameters.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>AdamW's m.</summary>
    public ParameterSet FirstMoment { get; }

    /// <summary>AdamW's v.</summary>
    public ParameterSet SecondMoment { get; }

    /// <summary>Updates made.</summary>
    public int Step { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Parameters.Dispose();
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }
}
