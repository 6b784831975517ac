namespace Curie.Sampling.Chains;

/// <summary>How far the sampling of one component is.</summary>
/// <param name="Component">The component.</param>
/// <param name="Chain">The chain that moved last.</param>
/// <param name="CompletedDraws">The draws that all chains have completed.</param>
/// <param name="Updates">The updates made by all chains together.</param>
/// <param name="TotalUpdates">The updates that all chains will make, those stopped early included.</param>
/// <param name="Loss">The chain's last minibatch loss.</param>
public readonly record struct SamplingProgress(
    string Component,
    int Chain,
    int CompletedDraws,
    long Updates,
    long TotalUpdates,
    double Loss
);
