using Curie.Development.Scores;
using Curie.Numerics.Statistics;

namespace Curie.Development.Tests.Scores;

public sealed class RepeatScoreTests
{
    /// <summary>
    /// Two rows of 7 positions, block length 3: first copy at 0…2, second at 4 and 5; position 3 cannot be predicted by copying.
    /// </summary>
    [Fact]
    public void The_copies_are_averaged_without_the_first_token_of_the_second()
    {
        float[] losses = [6, 7, 8, 100, 1, 2, 50, 8, 9, 10, 100, 3, 4, 50];

        RepeatScore score = RepeatScore.Of(losses, rows: 2, blockLength: 3);

        Assert.Equal(new RepeatScore(new MeanEstimate(8, 1, 1), new MeanEstimate(2.5, 1, 1)), score);
    }

    [Fact]
    public void Two_copies_must_fit_into_a_row() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RepeatScore.Of(new float[10], rows: 2, blockLength: 3));
}
