namespace Curie.Development.Effects;

/// <summary>What one head does through one later head: by how much losses rise when the later one alone does without it.</summary>
/// <param name="Sender">The earlier head.</param>
/// <param name="Receiver">The head of a later layer.</param>
/// <param name="Change">The loss without the path less the loss with it, nats, one per token; above 0 where the path helps.</param>
public sealed record PathEffect(string Sender, string Receiver, float[] Change);
