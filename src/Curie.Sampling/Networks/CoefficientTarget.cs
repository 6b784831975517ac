using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;

namespace Curie.Sampling.Networks;

/// <summary>
/// A frozen model whose distribution takes the place of the next token (<see cref="Curie.Networks.Passes.DivergenceTarget"/>).
/// </summary>
/// <param name="Model">The frozen model.</param>
/// <param name="Direction">Forward, KL(q‖p) of its distribution q, or reverse, KL(p‖q).</param>
public sealed record CoefficientTarget(ParameterSet Model, DivergenceDirection Direction);
