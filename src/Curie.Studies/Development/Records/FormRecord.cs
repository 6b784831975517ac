using Curie.Development.Trajectories;

namespace Curie.Studies.Development.Records;

/// <summary>A form of a trajectory.</summary>
/// <param name="Step">Where it is, in updates.</param>
/// <param name="Index">The same in checkpoints, from 0.</param>
/// <param name="Spread">How far apart its points are in time, in checkpoints.</param>
/// <param name="Position">Where it lies, by component.</param>
/// <param name="Discrepancy">How far the planes disagree about that.</param>
public sealed record FormRecord(double Step, double Index, double Spread, IReadOnlyList<double> Position, double Discrepancy)
{
    internal static FormRecord Of(Form form, EssentialDynamics dynamics) =>
        new(dynamics.StepAt(form.Index), form.Index, form.Spread, form.Position, form.Discrepancy);
}
