using Curie.Response.Accumulation;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Response.Tests.Accumulation;

namespace Curie.Response.Tests.Reproducibility;

public sealed class TokenCoefficientsTests
{
    private const double NBeta = 30;

    // Batch means are stored in float32, and the losses that they come of too.
    private const double Tolerance = 1e-4;

    [Fact]
    public void Errors_are_those_of_the_batch_means_of_the_tokens_own_excess_loss_where_these_are_kept()
    {
        ProbeLayout layout = new(["a"], [6]) { Sampled = [0, 1, 2, 3, 4] };
        LossTrace trace = new(21, 4, 40, layout, 0.5);
        SusceptibilityRun run = SyntheticRun.Of(new LossTrace(20, 4, 40, layout, 0.3), trace);
        float[] errors = TokenCoefficients.StandardErrors(run, NBeta)!;
        Assert.True(float.IsNaN(errors[5]));
        foreach (int i in layout.Sampled)
        {
            double[][] changes =
            [
                .. trace.Losses.Select(chain => chain.Select(draw => NBeta * ((double)draw[i] - trace.InitLosses[i])).ToArray()),
            ];
            double mean = changes.Average(chain => chain.Average());
            double squares = changes.Sum(chain =>
                Enumerable
                    .Range(0, trace.Plan.Batches)
                    .Sum(batch =>
                    {
                        double[] part = chain[trace.Plan.DrawsOf(batch)];
                        return part.Length * Math.Pow(part.Average() - mean, 2);
                    })
            );
            double batches = trace.Chains * trace.Plan.Batches;
            double expected = Math.Sqrt(squares / ((batches - 1) * trace.Chains * trace.Draws));
            Assert.Equal(expected, errors[i], Tolerance * expected);
        }
    }

    [Fact]
    public void A_run_without_batch_means_has_none()
    {
        ProbeLayout layout = new(["a"], [6]);
        SusceptibilityRun run = SyntheticRun.Of(new LossTrace(20, 2, 20, layout, 0.3), new LossTrace(21, 2, 20, layout, 0.5));
        SusceptibilityData bare = new(run.Data.Shape with { Batches = 0, SampledTokens = 0 });
        Assert.Null(TokenCoefficients.StandardErrors(run with { Data = bare }, NBeta));
    }
}
