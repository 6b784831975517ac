using Curie.Networks.Data;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Data;

public sealed class TokenWeightsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TokenWeightsFileTests() => NpyFile.Write<ushort>(_folder.File("rows.npy"), [0, 1, 2, 3, 4, 5], 2, 3);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Weights_are_divided_by_their_mean()
    {
        LossWeights weights = Read([1, 2, 3, 2]);
        Assert.Equal([0.5f, 1f], weights.Row(0).ToArray());
        Assert.Equal([1.5f, 1f], weights.Row(1).ToArray());
    }

    [Theory]
    [InlineData(new float[] { 1, 2, 3, 4, 5, 6 }, "has the shape (2, 3)")]
    [InlineData(new float[] { 1, float.NaN, 3, 4 }, "the weight of row 0, position 1 is not finite")]
    [InlineData(new float[] { 1, -1, 3, -4 }, "the mean of all weights is -0.25; it must be above 0")]
    public void Weights_that_cannot_be_used_are_refused(float[] weights, string words) =>
        Assert.Contains(words, Assert.Throws<InputException>(() => Read(weights)).Message, StringComparison.Ordinal);

    private LossWeights Read(float[] weights)
    {
        TokenWeightsFile.Write(_folder.File("weights.npy"), weights, weights.Length / 2);
        using TokenRows rows = TokenRows.Load(_folder.File("rows.npy"));
        return TokenWeightsFile.Read(_folder.File("weights.npy"), rows, "rows.npy");
    }
}
