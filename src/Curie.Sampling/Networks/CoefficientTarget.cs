using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;

namespace Curie.Sampling.Networks;

/// <summary>
/// A frozen model whose distribution takes the place of the next token (<see cref="DivergenceTarget"/>).
/// </summary>
/// <param name="Model">The frozen model.</param>
/// <param name="Direction">Forward, KL(q‖p) of its distribution q, or reverse, KL(p‖q).</param>
public sealed record CoefficientTarget(ParameterSet Model, DivergenceDirection Direction)
{
    internal DivergenceTarget Create(Machine machine) => new(Model, Direction, machine);
}
