using Curie.Response.Reproducibility;
using Curie.Studies.Conclusions;

namespace Curie.Studies.Tests.Conclusions;

public sealed class ControlSentenceTests
{
    [Fact]
    public void Every_share_is_said_and_where_its_error_is_unknown_that_too() =>
        Assert.Equal(
            "Random draws around the checkpoint, which never feel the loss, explain 81 % (error unknown) of the variance of χ over tokens "
                + "and all components (sampling error taken out) and 56 % (error unknown) of that of the excess; what sampling adds has an "
                + "unknown error.",
            ControlSentence.Of(new ControlVerdict([Part("chi", 0.9, 1), Part("excess", 0.6, 0.64)]))
        );

    [Fact]
    public void A_share_is_said_with_its_interval_and_what_is_within_it()
    {
        ControlPartVerdict[] parts =
        [
            Part("chi", 0.9, 1) with
            {
                ShareInterval = new Interval(0.81, 0.03, 0.752, 0.868),
            },
            Part("covariance", 0.98, 1) with
            {
                ShareInterval = new Interval(0.96, 0.03, 0.9, 1),
            },
        ];

        Assert.Equal(
            "Random draws around the checkpoint, which never feel the loss, explain 81 % [75 – 87] of the variance of χ over tokens and all "
                + "components (sampling error taken out) and 96 % [90 – 100] of that of the covariance; sampling adds the rest of χ; what "
                + "sampling adds to the covariance is within the errors.",
            ControlSentence.Of(new ControlVerdict(parts))
        );
        Assert.EndsWith(
            "; what sampling adds is within the errors.",
            ControlSentence.Of(new ControlVerdict(parts[1..])),
            StringComparison.Ordinal
        );
        Assert.EndsWith("; sampling adds the rest.", ControlSentence.Of(new ControlVerdict(parts[..1])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_share_that_noise_hides_is_not_made_up()
    {
        ControlPartVerdict hidden = Part("covariance", 0.4, null);

        Assert.Equal(
            "Random draws around the checkpoint, which never feel the loss, explain of the covariance (r = 0.40) a share that noise hides.",
            ControlSentence.Of(new ControlVerdict([hidden]))
        );
        Assert.EndsWith(
            "what sampling adds has an unknown error. How much of the covariance (r = 0.40) they explain, noise hides.",
            ControlSentence.Of(new ControlVerdict([Part("chi", 0.9, 1), hidden])),
            StringComparison.Ordinal
        );
        Assert.Null(ControlSentence.Of(new ControlVerdict([])));
    }

    private static ControlPartVerdict Part(string name, double correlation, double? reliability) =>
        new(name, correlation, reliability, 1, 1, []);
}
