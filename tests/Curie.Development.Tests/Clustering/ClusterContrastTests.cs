using Curie.Development.Clustering;

namespace Curie.Development.Tests.Clustering;

public sealed class ClusterContrastTests
{
    /// <summary>
    /// Two of two heads: the three ways to part 1, 2, 3, 6 into pairs have η² of 9/14, 4/14 and 1/14, so the truth of p is 1/3; 0.02 is
    /// four standard deviations
    /// of a share of 9,999 draws.
    /// </summary>
    [Fact]
    public void Share_and_p_value_equal_a_hand_computed_case()
    {
        ClusterContrast contrast = ClusterContrast.Of("score", [1, 2, 3, 6], [0, 0, 1, 1], 1)!;

        Assert.Equal([1.5, 4.5], contrast.Means);
        Assert.Equal(9 / 14.0, contrast.Share, 1e-12);
        Assert.Equal(1 / 3.0, contrast.PValue, 0.02);
    }

    /// <summary>Six against six without overlap: 2 of the 924 ways to part them; 0.002 is four standard deviations.</summary>
    [Fact]
    public void Clusters_that_a_score_tells_apart_have_a_small_p_value()
    {
        double[] values = [1, 2, 1.5, 2.5, 1.2, 2.2, 11, 12, 11.5, 12.5, 11.2, 12.2];

        ClusterContrast contrast = ClusterContrast.Of("score", values, [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1], 1)!;

        Assert.Equal(2 / 924.0, contrast.PValue, 0.002);
        Assert.InRange(contrast.Share, 0.98, 1);
    }

    [Fact]
    public void One_cluster_and_equal_scores_have_no_contrast()
    {
        Assert.Null(ClusterContrast.Of("score", [1, 2, 3], [0, 0, 0], 1));
        Assert.Null(ClusterContrast.Of("score", [2, 2, 2], [0, 0, 1], 1));
    }
}
