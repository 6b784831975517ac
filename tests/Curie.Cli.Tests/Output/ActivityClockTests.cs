using Curie.Cli.Output;

namespace Curie.Cli.Tests.Output;

public sealed class ActivityClockTests
{
    [Fact]
    public void An_activity_has_the_time_since_the_one_before_it_last_reported()
    {
        ActivityClock clock = new();
        Assert.Equal(TimeSpan.FromSeconds(2), clock.Elapsed("sampling", TimeSpan.FromSeconds(2)));
        Assert.Equal(TimeSpan.FromSeconds(900), clock.Elapsed("sampling", TimeSpan.FromSeconds(900)));
        Assert.Equal(TimeSpan.FromSeconds(1), clock.Elapsed("drawing the control", TimeSpan.FromSeconds(901)));
        Assert.Equal(TimeSpan.FromSeconds(21), clock.Elapsed("drawing the control", TimeSpan.FromSeconds(921)));
    }
}
