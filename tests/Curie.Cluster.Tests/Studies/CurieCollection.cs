namespace Curie.Cluster.Tests.Studies;

/// <summary>Tests that run Curie itself: one after another, since each takes the whole machine, and with one experiment.</summary>
[CollectionDefinition(Name)]
public sealed class CurieCollection : ICollectionFixture<CurieExperiment>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "studies by Curie itself";
}
