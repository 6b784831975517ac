using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Response.Coverage;

namespace Curie.Response.Tests.Coverage;

/// <summary>The study of docs/coverage.md with fewer replicates.</summary>
public sealed class CoverageStudyTests
{
    private const int Replicates = 100;

    /// <summary>
    /// Within 93–97 %, with four standard errors of the study: of a share of 95 % over 100 replicates 2.2 %, or the row's own where it is
    /// more. Of the ratio of errors a variance of
    /// 100 replicates is known to 14 %, so the ratio to 7 %; four of these are allowed.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Intervals_of_correlated_draws_hold_the_truth_as_often_as_they_say(bool coupled)
    {
        CoverageResult result = CoverageStudy.Run(
            new CoverageCase("test", 0.85, 4, 100)
            {
                Coupled = coupled,
                NBeta = coupled ? 30 : 100,
                Localization = coupled ? 300 : 10,
            },
            Replicates,
            500,
            Kernels.FromEnvironment(),
            2
        );
        Assert.Equal(29, result.Rows.Count);

        // An interval of |r| that reaches 0 begins there, and may hold more.
        Assert.All(result.Rows, row => AssertHolds(row, 0.93, IsCorrelation(row) ? 1 : 0.97));

        // The interval of a reliability is not symmetric and not made from its error, which is the larger where few draws give a large one.
        // That of |r| is made on a scale that bends near 1.
        Assert.All(
            result.Rows.Where(row => !row.Quantity.StartsWith("reliabilities", StringComparison.Ordinal) && !IsCorrelation(row)),
            row => Assert.InRange(row.ErrorRatio, 0.7, 1.3)
        );
    }

    private static bool IsCorrelation(CoverageRow row) => row.Quantity.StartsWith("|r|", StringComparison.Ordinal);

    /// <summary>
    /// What is said of all text, from 40 rows of it that are other ones in every replicate: 90–97 %, with four standard errors of the study
    /// as above.
    /// </summary>
    [Fact]
    public void Intervals_hold_what_is_true_of_all_text()
    {
        CoverageResult result = CoverageStudy.Run(
            new CoverageCase("test", 0.85, 4, 100) { Rows = 20 },
            Replicates,
            500,
            Kernels.FromEnvironment(),
            2
        );
        CoverageRow[] rows =
        [
            .. result.Rows.Where(row =>
                row.Quantity.StartsWith("explained", StringComparison.Ordinal)
                || row.Quantity.StartsWith("loadings", StringComparison.Ordinal)
                || row.Quantity.StartsWith("reliabilities", StringComparison.Ordinal)
            ),
        ];
        Assert.Equal(13, rows.Length);
        Assert.All(rows, row => AssertHolds(row, 0.9, 0.97));
    }

    private static void AssertHolds(CoverageRow row, double least, double most)
    {
        double allowed = 4 * Math.Max(row.CoverageError, Math.Sqrt(0.05 * 0.95 / Replicates));
        Assert.True(row.Coverage + allowed >= least, $"{row.Quantity}: {row.Coverage:P1} ± {row.CoverageError:P1}");
        Assert.True(row.Coverage - allowed <= most, $"{row.Quantity}: {row.Coverage:P1} ± {row.CoverageError:P1}");
    }

    /// <summary>
    /// Batches as long as the response's memory leave an error of .77 of the truth at ρ = .95 with two pairs of 100 draws; those of four
    /// memories one that is right. The ratio is known to 7 %: three of these below 1, four above.
    /// </summary>
    [Fact]
    public void Batches_are_longer_than_the_responses_memory()
    {
        CoverageRow row = CoverageStudy
            .Run(new CoverageCase("test", 0.95, 4, 100), Replicates, 500, Kernels.FromEnvironment(), 2)
            .Rows.Single(one => one.Quantity == "covariance");
        Assert.InRange(row.ErrorRatio, 1 - 0.2, 1 + 0.28);
    }

    [Fact]
    public void The_study_does_not_depend_on_the_number_of_threads()
    {
        CoverageCase settings = new("test", 0.5, 2, 40) { Copies = 2 };
        Assert.Equal(
            CoverageStudy.Run(settings, 6, 1, Kernels.FromEnvironment(), 1).Rows,
            CoverageStudy.Run(settings, 6, 1, Kernels.FromEnvironment(), 3).Rows
        );
    }

    [Fact]
    public void A_case_that_cannot_be_sampled_is_refused() =>
        Assert.Throws<InputException>(() => CoverageStudy.Run(new CoverageCase("test", 1, 4, 100), 10, 1, Kernels.FromEnvironment(), 1));
}
