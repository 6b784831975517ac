using Curie.Cluster.Slurm;
using Curie.Numerics;

namespace Curie.Cluster.Tests.Slurm;

public sealed class SlurmTimeTests
{
    /// <summary>The forms that sbatch's manual lists under --time, and what they are.</summary>
    [Theory]
    [InlineData("90", 0, 1, 30, 0)]
    [InlineData("90:30", 0, 1, 30, 30)]
    [InlineData("12:00:00", 0, 12, 0, 0)]
    [InlineData("2-12", 2, 12, 0, 0)]
    [InlineData("2-12:30", 2, 12, 30, 0)]
    [InlineData("2-12:30:15", 2, 12, 30, 15)]
    public void Slurms_durations_are_read(string text, int days, int hours, int minutes, int seconds) =>
        Assert.Equal(new TimeSpan(days, hours, minutes, seconds), SlurmTime.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("1:2:3:4")]
    [InlineData("1h")]
    public void What_is_no_duration_is_refused(string text) =>
        Assert.Contains("write minutes", Assert.Throws<InputException>(() => SlurmTime.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("INVALID")]
    [InlineData("UNLIMITED")]
    [InlineData("")]
    public void What_is_no_time_in_a_table_is_not_known(string text) => Assert.Null(SlurmTime.Read(text));

    [Theory]
    [InlineData(1, "00:01:00")]
    [InlineData(61, "00:02:00")]
    [InlineData(3600, "01:00:00")]
    [InlineData((24 * 3600 * 3) + 1, "3-00:01:00")]
    public void Durations_are_written_in_whole_minutes(int seconds, string text)
    {
        Assert.Equal(text, SlurmTime.Text(TimeSpan.FromSeconds(seconds)));
        Assert.True(SlurmTime.Parse(text) >= TimeSpan.FromSeconds(seconds));
    }
}
