using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Response.Tests.Accumulation;

namespace Curie.Response.Tests.Reproducibility;

public sealed class ModeScoreErrorsTests
{
    [Fact]
    public void The_error_of_a_score_is_the_noise_of_its_batches_along_the_loadings()
    {
        // Orthonormal loadings keep the noise: 2 per batch, 8 batches, 2/√8. The mean square of 3,000 errors with 7 degrees of freedom each
        // is known to √(2/7/3000) of itself.
        const int tokens = 3000;
        System.Random random = new(21);
        double[] pattern = [.. Enumerable.Range(0, tokens).Select(_ => 9 * LossTrace.Gaussian(random))];
        SusceptibilityRun run = SyntheticRun.Of(
            (c, i) => (c + 1) * pattern[i],
            noise: 2,
            components: 3,
            tokens,
            chains: 4,
            batches: 2,
            seed: 22
        );
        ModeAnalysis modes = GroupModes.Of(run, ResponsePart.Susceptibility)[0].Modes!;
        for (int mode = 0; mode < 3; mode++)
        {
            double[] errors = ModeScoreErrors.Of(run, ResponsePart.Susceptibility, modes, mode);
            Assert.Equal(4.0 / 8, errors.Average(error => error * error), 4 * 0.5 * Math.Sqrt(2.0 / 7 / tokens));
        }
    }

    [Fact]
    public void Without_batch_means_no_error_is_known()
    {
        SusceptibilityRun run = Attribution.KnownTerms.Run();
        ModeAnalysis modes = GroupModes.Of(run, ResponsePart.Susceptibility)[0].Modes!;
        Assert.All(ModeScoreErrors.Of(run, ResponsePart.Susceptibility, modes, 0), error => Assert.True(double.IsNaN(error)));
    }
}
