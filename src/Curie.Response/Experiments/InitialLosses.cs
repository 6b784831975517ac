namespace Curie.Response.Experiments;

/// <summary>The losses at w*.</summary>
/// <param name="Mean">L0, nats per token, on the rows that give P.</param>
/// <param name="MeanStandardError">The standard error of L0 over those rows: s.d. of the row means / √rows; NaN for a single row.</param>
/// <param name="Tokens">ℓ_i(w*) of every followed token, nats.</param>
public sealed record InitialLosses(double Mean, double MeanStandardError, float[] Tokens);
