using Curie.Development.Clustering;
using Curie.Numerics.Random;

namespace Curie.Development.Tests.Clustering;

public sealed class ClusteringTests
{
    private static readonly double[][] Points =
    [
        [0],
        [1],
        [5],
        [7],
        [20],
    ];

    /// <summary>
    /// By hand for 0, 1, 5, 7, 20 in two and three clusters: {0, 1, 5, 7} {20}, squares about 3.25: 32.75; {0, 1} {5, 7} {20}: 0.5 + 2.
    /// </summary>
    [Theory]
    [InlineData(2, new[] { 0, 0, 0, 0, 1 }, 32.75)]
    [InlineData(3, new[] { 0, 0, 1, 1, 2 }, 2.5)]
    [InlineData(5, new[] { 0, 1, 2, 3, 4 }, 0.0)]
    public void K_means_finds_the_least_squares(int clusters, int[] labels, double inertia)
    {
        KMeans found = KMeans.Of(Points, clusters, CurveMetric.Euclidean, seed: 1, restarts: 20);
        Assert.Equal(labels, found.Labels);
        Assert.Equal(inertia, found.Inertia, 1e-12);
    }

    /// <summary>
    /// By hand from centres 0 and 1: {0} {1, 5, 7, 20}, centres 0, 8.25; {0, 1} {5, 7, 20}, 0.5, 10.667; {0, 1, 5} {7, 20}, 2, 13.5; {0, 1,
    /// 5, 7} {20}.
    /// </summary>
    [Fact]
    public void Lloyds_rounds_go_from_given_centres_to_the_nearest_minimum()
    {
        KMeans found = KMeans.Descend(
            Points,
            [
                [0.0],
                [1.0],
            ],
            CurveMetric.Euclidean
        );
        Assert.Equal([0, 0, 0, 0, 1], found.Labels);
        Assert.Equal([3.25], found.Centres[0]);
    }

    [Fact]
    public void Two_equal_curves_in_two_clusters_are_one_each() =>
        Assert.Equal(
            [0, 1],
            KMeans
                .Of(
                    [
                        [1.0],
                        [1.0],
                    ],
                    2,
                    CurveMetric.Euclidean,
                    seed: 1
                )
                .Labels
        );

    /// <summary>
    /// By hand. Single: 1, 2, 4, 13; complete: 1, 2, 7, 20; average: 1, 2, mean of 5, 7, 4, 6 = 5.5, mean of 20, 19, 15, 13 = 16.75.
    /// </summary>
    [Theory]
    [InlineData(Linkage.Single, new[] { 1.0, 2, 4, 13 })]
    [InlineData(Linkage.Complete, new[] { 1.0, 2, 7, 20 })]
    [InlineData(Linkage.Average, new[] { 1.0, 2, 5.5, 16.75 })]
    public void Hierarchical_merges_have_the_distances_of_their_linkage(Linkage linkage, double[] distances)
    {
        HierarchicalClustering tree = HierarchicalClustering.Of(CurveMetric.Euclidean.Distances(Points), linkage);
        Assert.Equal(distances, tree.Merges.Select(merge => merge.Distance));
        Assert.Equal([(0, 1, 2), (2, 3, 2), (5, 6, 4), (4, 7, 5)], tree.Merges.Select(merge => (merge.First, merge.Second, merge.Count)));
        Assert.Equal([0, 0, 1, 1, 2], tree.Cut(3));
        Assert.Equal([0, 0, 0, 0, 1], tree.Cut(2));
        Assert.Equal([0, 1, 2, 3, 4], tree.Cut(5));
    }

    /// <summary>
    /// Ward's distance is √(2·growth of the sum of squares): {0, 1} and {5, 7} grow by 32.75 − 2.5 = 30.25; with {20} by |20 − 3.25|²·4/5 =
    /// 224.45.
    /// </summary>
    [Fact]
    public void Wards_distances_are_the_growth_of_the_sum_of_squares()
    {
        HierarchicalClustering tree = HierarchicalClustering.Of(CurveMetric.Euclidean.Distances(Points), Linkage.Ward);
        double[] growth = [0.5, 2, 30.25, 224.45];
        Assert.All(tree.Merges.Zip(growth), pair => Assert.Equal(Math.Sqrt(2 * pair.Second), pair.First.Distance, 1e-9));
    }

    /// <summary>
    /// By hand: {0,1,2}{3,4,5} against {0,1}{2,3}{4,5}: Σ C(n_ij) = 2, Σ C(a) = 6, Σ C(b) = 3, E = 6·3/15 = 1.2: (2 − 1.2)/(4.5 − 1.2) =
    /// 8/33.
    /// </summary>
    [Fact]
    public void The_adjusted_Rand_index_is_as_computed_by_hand()
    {
        Assert.Equal(8 / 33.0, Partition.AdjustedRandIndex([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2]), 1e-12);
        Assert.Equal(1, Partition.AdjustedRandIndex([0, 0, 1, 1], [1, 1, 0, 0]));
        Assert.Equal(1, Partition.AdjustedRandIndex([0, 0, 0], [1, 1, 1]));
        Assert.Equal(1, Partition.AdjustedRandIndex([0, 1, 2], [2, 1, 0]));

        // Worse than chance is below 0: Σ C(n_ij) = 0, E = 2·2/6: (0 − 2/3)/(2 − 2/3) = −½.
        Assert.Equal(-0.5, Partition.AdjustedRandIndex([0, 0, 1, 1], [0, 1, 0, 1]), 1e-12);
    }

    /// <summary>By hand for {0, 1} {5, 7} {20}: of 0: a = 1, b = 6: 5/6; of 5: a = 2, b = 4.5: 5/9; of 20, alone: 0.</summary>
    [Fact]
    public void Silhouettes_are_as_computed_by_hand()
    {
        double[] silhouettes = Partition.Silhouettes(CurveMetric.Euclidean.Distances(Points), [0, 0, 1, 1, 2]);
        Assert.Equal(5 / 6.0, silhouettes[0], 1e-12);
        Assert.Equal(5 / 9.0, silhouettes[2], 1e-12);
        Assert.Equal(0, silhouettes[4]);
        Assert.All(Partition.Silhouettes(CurveMetric.Euclidean.Distances(Points), [0, 0, 0, 0, 0]), value => Assert.Equal(0, value));
    }

    /// <summary>
    /// Three families of curves with little noise: three clusters are chosen, whatever the seed, the method or the normalisation that keeps
    /// them apart.
    /// </summary>
    [Fact]
    public void Clear_families_are_found_and_stable()
    {
        double[][] curves = Families(noise: 0.05);

        CurveClustering clusters = CurveClustering.Of(curves);

        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], clusters.Labels);
        Assert.Equal(3, clusters.Clusters);
        Assert.All(clusters.Silhouettes, value => Assert.InRange(value, 0.7, 1));
        Assert.InRange(clusters.SeedAgreement, 0.7, 1);
        Assert.Equal(11, clusters.Alternatives.Count);
        Assert.All(clusters.Alternatives.Where(other => other.Method is ClusteringMethod.Hierarchical or ClusteringMethod.KMeans), other =>
            Assert.Equal(1, other.Agreement)
        );
        Assert.Equal(clusters.Labels, CurveClustering.Of(curves).Labels);
    }

    /// <summary>Curves of noise alone have no clusters: silhouettes stay low and seeds disagree.</summary>
    [Fact]
    public void Noise_has_low_silhouettes_and_unstable_clusters()
    {
        CurveClustering clusters = CurveClustering.Of([.. Families(noise: 50)], new CurveClusteringOptions { Clusters = 3 });
        Assert.InRange(clusters.Silhouettes.Average(), -0.2, 0.2);
        Assert.InRange(clusters.SeedAgreement, -0.3, 0.7);
    }

    /// <summary>A rise, a fall, and a bump, four of each, over 40 points.</summary>
    private static double[][] Families(double noise)
    {
        PhiloxStream random = new(PhiloxKey.Derive(7, RandomPurpose.Scores, "families"));
        double[] time = [.. Enumerable.Range(0, 40).Select(i => i / 39.0)];
        Func<double, double>[] families = [t => 2 * t, t => 2 * (1 - t), t => 2 * Math.Sin(Math.PI * t)];
        return
        [
            .. families.SelectMany(family =>
                Enumerable.Range(0, 4).Select(_ => time.Select(t => family(t) + (noise * random.NextGaussian())).ToArray())
            ),
        ];
    }
}
