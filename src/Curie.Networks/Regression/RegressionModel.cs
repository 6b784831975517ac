using Curie.Networks.Parameters;

namespace Curie.Networks.Regression;

/// <summary>A regression transformer: the task it was made for, its shape and its weights, which it owns.</summary>
public sealed class RegressionModel : IDisposable
{
    /// <summary>A model whose weights are zeros.</summary>
    /// <exception cref="Numerics.InputException">A size is out of range.</exception>
    public RegressionModel(RegressionTask task, RegressionArchitecture architecture)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(architecture);
        Task = task;
        Architecture = architecture;
        Parameters = new ParameterSet(new ParameterLayout(architecture.Shape(task)));
    }

    /// <summary>The task.</summary>
    public RegressionTask Task { get; }

    /// <summary>The shape.</summary>
    public RegressionArchitecture Architecture { get; }

    /// <summary>The weights, under the names of a model folder.</summary>
    public ParameterSet Parameters { get; }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();
}
