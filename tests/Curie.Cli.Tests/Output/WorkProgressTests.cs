using Curie.Cli.Output;

namespace Curie.Cli.Tests.Output;

public sealed class WorkProgressTests
{
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
