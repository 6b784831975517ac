namespace Curie.Page.Data;

/// <summary>A component's counterpart in another run of the page.</summary>
/// <param name="Run">The other run.</param>
/// <param name="Partner">The counterpart.</param>
/// <param name="Part">The part of the response by which it is found.</param>
/// <param name="Value">The correlation over tokens.</param>
/// <param name="Error">Its standard error over rows.</param>
internal sealed record CardTwinData(string Run, string Partner, string Part, double Value, double Error);
