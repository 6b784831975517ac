using System.Text.Json;
using Curie.Response.Runs;

namespace Curie.Response.Tests.Runs;

public sealed class RecordJsonTests
{
    [Fact]
    public void Numbers_that_are_not_finite_are_null_and_come_back_as_NaN()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("figures.json");
        Figures written = new("a", double.NaN, [1, double.PositiveInfinity, 0.1], null, double.NegativeInfinity);

        RecordJson.WriteFile(path, written, indented: false);

        Assert.Equal(
            """{"name":"a","mean_loss":null,"all_values":[1,null,0.1],"missing":null,"optional":null}""" + "\n",
            File.ReadAllText(path)
        );
        Figures read = RecordJson.ReadFile<Figures>(path);
        Assert.Equal(double.NaN, read.MeanLoss);
        Assert.Equal([1, double.NaN, 0.1], read.AllValues);
        Assert.Null(read.Missing);
        Assert.Null(read.Optional);
    }

    [Theory]
    [InlineData("""{"name": "a", "mean_loss": 1, "missing": null, "optional": null}""")]
    [InlineData("""{"name": null, "mean_loss": 1, "all_values": [], "missing": null, "optional": null}""")]
    [InlineData("""{"name": "a", "mean_loss": "much", "all_values": [], "missing": null, "optional": null}""")]
    [InlineData("null")]
    [InlineData("")]
    public void What_is_missing_or_of_another_kind_is_damage(string text)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("figures.json"), text);

        Assert.ThrowsAny<JsonException>(() => RecordJson.ReadFile<Figures>(folder.File("figures.json")));
    }

    private sealed record Figures(string Name, double MeanLoss, double[] AllValues, double? Missing, double? Optional);
}
