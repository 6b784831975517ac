namespace Curie.Networks.Training;

/// <summary>Where a training run stands after a step.</summary>
/// <param name="Step">Updates made.</param>
/// <param name="Steps">Updates in all.</param>
/// <param name="Loss">The last minibatch loss, nats per token.</param>
/// <param name="Tokens">Predicted tokens of one step.</param>
/// <param name="ValidationLoss">The mean loss on the validation rows, where this step measured it.</param>
public sealed record TrainingProgress(int Step, int Steps, double Loss, long Tokens, double? ValidationLoss);
