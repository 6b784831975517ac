using Curie.Development.Roles;
using Curie.Development.Scores;
using Curie.Response.Runs;
using Curie.Studies.Conclusions;

namespace Curie.Cli.Tests.Reports;

public sealed class RunConclusionTests
{
    [Fact]
    public void A_run_of_unknown_roles_without_a_control_speaks_of_neither()
    {
        using KnownRun known = new();
        IReadOnlyList<string> said = RunConclusion.Of(new RunFindings(RunFolder.Read(known.Run))).Sentences;

        Assert.NotEmpty(said);
        Assert.Equal(said[0], RunConclusion.Headline(new RunFindings(RunFolder.Read(known.Run))));
        Assert.DoesNotContain(said, sentence => sentence.Contains("attend", StringComparison.Ordinal));
        Assert.DoesNotContain(said, sentence => sentence.Contains("never feel the loss", StringComparison.Ordinal));
    }

    [Fact]
    public void Roles_stand_first_and_in_one_line_where_they_were_said_above()
    {
        using KnownRun known = new();
        RunFindings found = new(RunFolder.Read(known.Run), Roles);
        Conclusion first = RunConclusion.Of(found);
        Conclusion second = RunConclusion.Of(found, first);

        Assert.Equal(first.Sentences[0], RunConclusion.Headline(found));
        Assert.StartsWith("l0h1 attends to the previous token, 0.9", first.Sentences[0], StringComparison.Ordinal);
        Assert.StartsWith("l1h0 does induction", first.Sentences[1], StringComparison.Ordinal);
        Assert.Equal("As above, l0h1 attends to the previous token, and l1h0 does induction.", second.Sentences[0]);
        Assert.Equal(first.Sentences.Count - 1, second.Sentences.Count);
    }

    [Fact]
    public void Words_that_were_explained_above_are_not_explained_again()
    {
        using KnownRun known = new();
        RunFindings found = new(RunFolder.Read(known.Run), Roles);
        Conclusion first = RunConclusion.Of(found);

        Assert.Contains(first.Sentences, sentence => sentence.Contains("(Here ", StringComparison.Ordinal));
        Assert.DoesNotContain(RunConclusion.Of(found, first).Sentences, sentence => sentence.Contains("(Here ", StringComparison.Ordinal));
    }

    private static AttentionRoles Roles => new(Scores(0.1, 0.9, 0.1, 0.1), Scores(0.1, 0.1, 0.1, 0.1), Scores(0.1, 0.1, 0.8, 0.1));

    private static HeadScore[] Scores(params double[] values) =>
        [.. values.Select((value, place) => new HeadScore(place / 2, place % 2, value, 0.01))];
}
