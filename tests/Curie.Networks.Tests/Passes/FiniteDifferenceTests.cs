using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Passes;

/// <summary>
/// Gradients against central differences of the loss itself, one direction per tensor: that of the tensor's own gradient g.
/// </summary>
public sealed class FiniteDifferenceTests
{
    /// <summary>
    /// The step is chosen so that the loss moves by about this much: large against its float32 rounding, small against 1.
    /// </summary>
    private const double LossChange = 4e-3;

    /// <summary>
    /// The mean loss of some hundred float32 losses carries a rounding error below 2e-7, so a difference of 8e-3 is good to 5e-5; the cubic
    /// term
    /// of the expansion adds what the largest of these models shows at this step, about 3e-3. A wrong factor in any term is larger than 1
    /// %.
    /// </summary>
    private const double Tolerance = 0.01;

    [Theory]
    [InlineData("1-relu-standard")]
    [InlineData("2-attention-shortformer")]
    [InlineData("2-gelu_new-standard")]
    [InlineData("3-gelu-standard")]
    public void The_loss_along_a_gradient_changes_by_its_length(string name)
    {
        string folder = ReferenceData.Transformer(name);
        using NetworkFixture network = new(Path.Combine(folder, "model"), NetworkFixture.Widest, workers: 2);
        using TokenRows rows = TokenRows.Load(Path.Combine(folder, "tokens.npy"));
        Restriction full = network.Component("full").Restriction;
        int[] batch = [0, 1, 2];
        float[] gradient = new float[network.Layout.Length];
        network.Evaluator.LossAndGradient(network.Weights, rows, batch, new GradientPlan(network.Layout, full), gradient);

        foreach (ParameterTensor tensor in network.Layout.Tensors.Where(tensor => !tensor.Name.EndsWith("b_K", StringComparison.Ordinal)))
        {
            float[] origin = network.Parameters[tensor].ToArray();
            double[] direction = [.. gradient.Skip(tensor.Offset).Take(tensor.Length).Select(g => (double)g)];
            double length = Math.Sqrt(direction.Sum(g => g * g));
            double step = LossChange / length;

            double Loss(double distance)
            {
                Span<float> values = network.Parameters[tensor];
                for (int i = 0; i < origin.Length; i++)
                {
                    values[i] = (float)(origin[i] + (distance * direction[i] / length));
                }

                network.Weights.Refresh(network.Machine.Pool, full);
                return network.Evaluator.MeanLoss(network.Weights, rows, batch);
            }

            double slope = (Loss(step) - Loss(-step)) / (2 * step);
            Loss(0);
            Assert.True(Math.Abs(slope - length) <= Tolerance * length, $"{tensor.Name}: {slope} against {length}");
        }
    }
}
