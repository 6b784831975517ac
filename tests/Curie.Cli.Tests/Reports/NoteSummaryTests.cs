using Curie.Studies.Conclusions;

namespace Curie.Cli.Tests.Reports;

public sealed class NoteSummaryTests
{
    [Fact]
    public void Notes_that_differ_in_numbers_alone_are_one_line_with_their_ranges()
    {
        string[] lines =
        [
            .. NoteSummary.Of(
                [
                    ("l0h0", "the chains disagree (split R-hat 1.059, at most 1.05 is wanted): more draws."),
                    ("l0h1", "too few draws."),
                    ("l1h4", "the chains disagree (split R-hat 1.24, at most 1.05 is wanted): more draws."),
                ],
                components: 5
            ),
        ];
        Assert.Equal(
            ["l0h0, l1h4: the chains disagree (split R-hat 1.059 to 1.24, at most 1.05 is wanted): more draws.", "l0h1: too few draws."],
            lines
        );
    }

    [Fact]
    public void Many_components_are_counted()
    {
        string[] names = [.. Enumerable.Range(0, 9).Select(head => $"l0h{head}")];
        Assert.Equal("all 9 components: few.", Assert.Single(NoteSummary.Of(names.Select(name => (name, "few.")), 9)));
        Assert.Equal(
            "l0h0, l0h1, l0h2, l0h3, l0h4, l0h5 and 3 more: few.",
            Assert.Single(NoteSummary.Of(names.Select(name => (name, "few.")), 20))
        );
    }
}
