using Curie.Response.Attribution;
using Curie.Studies.Conclusions;

namespace Curie.Studies.Tests.Conclusions;

public sealed class LevelSentencesTests
{
    private static readonly LevelMean Phi = new(0.02, 0.001, 0.02, 0.001, 0, 0.001);
    private static readonly LevelSpread Unknown = new(null, null, null, double.NaN, null);

    [Fact]
    public void Beside_a_verdict_only_the_components_are_named_to_which_the_loss_adds_nothing()
    {
        ComponentLevels[] levels = [Full, Of("l0h0", loss: 0.01), Of("l0h1", loss: null), Of("l0h2", loss: null)];
        Assert.Equal(
            ["Component by component, what the loss adds to the excess is within sampling error in l0h1 and l0h2."],
            LevelSentences.Of(levels, correlations: false)
        );
        Assert.Empty(LevelSentences.Of(levels[..2], correlations: false));
        Assert.Equal(
            ["Component by component, what the loss adds to the excess is within sampling error in every one."],
            LevelSentences.Of(levels[2..], correlations: false)
        );
    }

    /// <summary>Medians of three components: of .8, .9 and .9 the second, of shares .25, 0 and 0 of the deviation 0.</summary>
    [Fact]
    public void Without_a_verdict_the_correlation_stands_beside_what_sampling_error_would_leave()
    {
        ComponentLevels[] levels = [Of("l0h0", loss: 0.01, r: 0.8), Of("l0h1", loss: null), Of("l0h2", loss: null)];
        Assert.Equal(
            [
                "Over tokens the excess correlates with that of the control by r = 0.90, where sampling error would leave 0.95 of 1 "
                    + "(median); what the loss changes, its size included, has 0 times its standard deviation (median of 3 components), "
                    + "and is nothing beyond sampling error in l0h1 and l0h2.",
            ],
            LevelSentences.Of(levels, correlations: true)
        );
    }

    [Fact]
    public void Nothing_is_said_where_a_run_holds_no_levels_or_none_is_known()
    {
        Assert.Empty(LevelSentences.Of(null, correlations: true));
        Assert.Empty(LevelSentences.Of([Full], correlations: true));
        Assert.Empty(LevelSentences.Of([new ComponentLevels("l0h0", Phi, Unknown, double.NaN, null)], correlations: true));
    }

    private static ComponentLevels Full => Of("full", loss: null);

    private static ComponentLevels Of(string name, double? loss, double r = 0.9) =>
        new(name, Phi, new LevelSpread(0.04, 0.03, loss, r, 0.95), 2, null);
}
