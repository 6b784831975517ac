namespace Curie.Numerics.Kernels;

/// <summary>What logits are made of and what becomes of their exponentials, known at compile time.</summary>
internal interface ILogitForm
{
    /// <summary>Whether a logit is (frozen + product)/σ + bias; otherwise it is product + bias.</summary>
    static abstract bool HasFrozen { get; }

    /// <summary>Whether exponentials are needed after they were summed: for gradients, not for losses alone.</summary>
    static abstract bool Keeps { get; }
}

/// <summary>Losses of x·W + b.</summary>
internal readonly struct PlainLosses : ILogitForm
{
    public static bool HasFrozen => false;

    public static bool Keeps => false;
}

/// <summary>Losses of x·W + b and their gradients.</summary>
internal readonly struct PlainGradients : ILogitForm
{
    public static bool HasFrozen => false;

    public static bool Keeps => true;
}

/// <summary>Losses of (frozen + z·M)/σ + b.</summary>
internal readonly struct LowRankLosses : ILogitForm
{
    public static bool HasFrozen => true;

    public static bool Keeps => false;
}

/// <summary>Losses of (frozen + z·M)/σ + b and their gradients.</summary>
internal readonly struct LowRankGradients : ILogitForm
{
    public static bool HasFrozen => true;

    public static bool Keeps => true;
}
