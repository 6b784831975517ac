namespace Curie.Versus.Items;

/// <summary>One piece of work, prepared outside the measured time and run any number of times.</summary>
internal interface IWorkItem : IDisposable
{
    /// <summary>The floating-point operations that one run cannot do without; 0 where they are not counted.</summary>
    double Operations { get; }

    /// <summary>Does the work once.</summary>
    void Run();

    /// <summary>Numbers of the last run that the other side must reproduce; empty if there are none.</summary>
    float[] Result();
}
