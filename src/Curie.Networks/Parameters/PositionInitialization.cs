namespace Curie.Networks.Parameters;

/// <summary>How W_pos starts.</summary>
public enum PositionInitialization
{
    /// <summary>N(0, (0.8/√d_model)²) like every other weight matrix.</summary>
    Normal,

    /// <summary>
    /// Sines and cosines of amplitude 1: W_pos[t, 2j] = sin(t·1000^(−2j/d)), W_pos[t, 2j + 1] = cos(t·1000^(−2j/d)) (Vaswani et al. 2017,
    /// section 3.5, with base 1000 for short contexts), trained on like any weight. With normal W_pos the scores between positions start
    /// near zero, and previous-token heads, on which induction builds, form an order of magnitude later.
    /// </summary>
    Sinusoidal,
}
