namespace Curie.Studies;

/// <summary>How a study is run, beside what its configuration says. Nothing here changes a result.</summary>
public sealed record StudyOptions
{
    /// <summary>Half of the memory that the machine, or the container, has.</summary>
    public static long DefaultMemory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    /// <summary>Threads, 0 for all cores. Default null: as many as the configuration says.</summary>
    public int? Threads { get; init; }

    /// <summary>The memory to plan for, in bytes. Default half of the machine's.</summary>
    public long Memory { get; init; } = DefaultMemory;

    /// <summary>How often a component in progress is saved. Default 20 s.</summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromSeconds(20);
}
