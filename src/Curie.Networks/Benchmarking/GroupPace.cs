namespace Curie.Networks.Benchmarking;

/// <summary>How long counted operations take, as tried.</summary>
/// <param name="Gradient">Seconds per floating-point operation of minibatch gradients.</param>
/// <param name="Losses">Seconds per floating-point operation of losses at a draw, where nothing is kept from one draw to the next.</param>
public sealed record GroupPace(double Gradient, double Losses);
