using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Response.Coverage;

namespace Curie.Response.Tests.Coverage;

/// <summary>The study of docs/coverage.md with fewer replicates.</summary>
public sealed class CoverageStudyTests
{
    private const int Replicates = 100;

    [Fact]
    public void Intervals_of_four_chains_of_a_hundred_correlated_draws_hold_the_truth_in_ninety_to_ninety_nine_percent()
    {
        // Each coverage is known to its own standard error over replicates (1 to 3 %); four of them are allowed on top. Of the ratio of errors, a variance
        // of 100 replicates is known to 14 %, so the ratio to 7 %.
        CoverageResult result = CoverageStudy.Run(new CoverageCase("test", 0.85, 4, 100), Replicates, 500, Kernels.FromEnvironment(), 2);
        Assert.Equal(20 + 1, result.Rows.Count);
        Assert.All(result.Rows, row =>
        {
            Assert.True(row.Coverage + (4 * row.CoverageError) >= 0.90, $"{row.Quantity}: {row.Coverage:P1} ± {row.CoverageError:P1}");
            Assert.True(row.Coverage - (4 * row.CoverageError) <= 0.99, $"{row.Quantity}: {row.Coverage:P1} ± {row.CoverageError:P1}");
            Assert.InRange(row.ErrorRatio, 0.7, 1.3);
        });
    }

    [Fact]
    public void The_study_does_not_depend_on_the_number_of_threads()
    {
        CoverageCase settings = new("test", 0.5, 2, 40, Copies: 2);
        Assert.Equal(
            CoverageStudy.Run(settings, 6, 1, Kernels.FromEnvironment(), 1).Rows, CoverageStudy.Run(settings, 6, 1, Kernels.FromEnvironment(), 3).Rows);
    }

    [Fact]
    public void A_case_that_cannot_be_sampled_is_refused() =>
        Assert.Throws<InputException>(() => CoverageStudy.Run(new CoverageCase("test", 1, 4, 100), 10, 1, Kernels.FromEnvironment(), 1));
}
