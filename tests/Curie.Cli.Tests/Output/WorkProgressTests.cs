using Curie.Cli.Output;
using Curie.Studies;

namespace Curie.Cli.Tests.Output;

public sealed class WorkProgressTests
{
    /// <summary>The longest: a long run, many layers, and a large loss.</summary>
    [Fact]
    public void A_line_fits_100_columns()
    {
        StudyProgress progress = new("sampling", "tokens", 1.23e8, 1.23e9, "l11h11 (group 12 of 14), draw 1000, loss 10.3456");
        string line = WorkProgress.Line(progress, TimeSpan.FromHours(12));
        Assert.Equal("sampling: 10.0 %, 2.85k tokens/s, 108h 00m left, l11h11 (group 12 of 14), draw 1000, loss 10.3456", line);
        Assert.InRange(line.Length, 80, 100);

        // What is left out goes from the end: first the loss, then the draw, then the component, with which it would have 105 columns.
        string longer = WorkProgress.Line(progress with { Detail = $"{new string('x', 30)} {progress.Detail}" }, TimeSpan.FromHours(12));
        Assert.Equal("sampling: 10.0 %, 2.85k tokens/s, 108h 00m left", longer);
    }

    [Theory]
    [InlineData(250, 1000, 10, "25.0 % of 1k tokens, 25 tokens/s, 0m 30s left")]
    [InlineData(1e6, 1e9, 60, "0.1 % of 1G tokens, 16.7k tokens/s, 16h 39m left")]
    [InlineData(1000, 1000, 10, "100.0 % of 1k tokens, 100 tokens/s, 0m 00s left")]
    [InlineData(1100, 1000, 10, "100.0 % of 1k tokens, 110 tokens/s, 0m 00s left")]
    [InlineData(2.5e6, 0, 10, "2.5M tokens, 250k tokens/s")]
    [InlineData(0, 1000, 10, "0 tokens, 0 tokens/s")]
    public void The_time_left_is_what_remains_at_the_mean_rate_so_far(double done, double total, double seconds, string expected) =>
        Assert.Equal(expected, WorkProgress.Describe(done, total, "tokens", TimeSpan.FromSeconds(seconds)));
}
