using Curie.Response.Runs;
using Curie.Sampling;

namespace Curie.Response.Agreement;

/// <summary>A run whose covariances are compared with those of another.</summary>
/// <param name="Run">The run.</param>
/// <param name="Sampling">How it was sampled, as its manifest's configuration says.</param>
public sealed record ComparedRun(SusceptibilityRun Run, SamplingOptions Sampling);
