using Curie.Response.Reproducibility;
using Curie.Studies.Conclusions;

namespace Curie.Studies.Tests.Conclusions;

public sealed class ControlSentenceTests
{
    [Fact]
    public void Every_share_is_said_with_its_correlation_and_the_most_that_there_could_be()
    {
        string? sentence = ControlSentence.Of(new ControlVerdict([Part("chi", 0.9, 1), Part("excess", 0.6, 0.64)]));

        Assert.Equal(
            "Draws that never feel the loss explain 81 % of the variance over tokens of χ, all components together (r = 0.90 of at most "
                + "1.0) and 56 % of that of the excess (r = 0.60 of at most 0.80): that much is the network's curvature, and sampling "
                + "adds the rest.",
            sentence
        );
    }

    [Fact]
    public void A_share_that_noise_hides_is_not_made_up()
    {
        string? sentence = ControlSentence.Of(new ControlVerdict([Part("covariance", 0.4, null)]));

        Assert.Equal("How much of the covariance (r = 0.40) draws that never feel the loss explain, noise hides.", sentence);
        Assert.Null(ControlSentence.Of(new ControlVerdict([])));
    }

    private static ControlPartVerdict Part(string name, double correlation, double? reliability) =>
        new(name, correlation, reliability, 1, 1, []);
}
