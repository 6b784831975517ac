namespace Curie.Sampling.Calibration;

/// <summary>How far the search went with a setting.</summary>
public enum CalibrationStage
{
    /// <summary>Not tried: a stronger localisation was already too weak, or the search was stopped.</summary>
    Untried,

    /// <summary>Left out without sampling: it cannot be sound.</summary>
    Discarded,

    /// <summary>Tried with few draws.</summary>
    Coarse,

    /// <summary>Measured at length, and judged as a run is.</summary>
    Measured,
}
