using Curie.Numerics.Statistics;
using Curie.Response.Linearity;

namespace Curie.Response.Tests.Linearity;

public sealed class PerturbedTraceTests
{
    private const int Chains = 4;
    private const int Draws = 12;
    private const double NBeta = 30;
    private const double Share = 0.1;
    private static readonly (double Loss, double Probe) Origin = (1.5, 2.25);

    /// <summary>Float64: means of 24 numbers near 2, of which differences of about .1 are divided by h; 1e-15·nβ/h and some.</summary>
    private const double Rounding = 1e-11;

    /// <summary>
    /// Both quantities are those of their definitions, and the errors those of pairs, whose chains are averaged draw by draw.
    /// </summary>
    [Fact]
    public void Changes_are_those_of_the_definitions_over_healthy_pairs()
    {
        Random random = new(5);
        PerturbedTrace trace = new(2, Chains, Draws);
        double[,,] loss = new double[2, Chains, Draws];
        double[,,] probe = new double[2, Chains, Draws];
        for (int i = 0; i < loss.Length; i++)
        {
            (int vector, int chain, int draw) = (i / (Chains * Draws), i / Draws % Chains, i % Draws);
            (loss[vector, chain, draw], probe[vector, chain, draw]) = (2 + (0.1 * random.NextDouble()), 2 + (0.1 * random.NextDouble()));
            trace.Set(vector, chain, draw, loss[vector, chain, draw], probe[vector, chain, draw]);
        }

        int[][] units =
        [
            [2, 3],
        ];
        double Mean(Func<int, int, double> value) =>
            units.SelectMany(unit => unit).Average(chain => Enumerable.Range(0, Draws).Average(draw => value(chain, draw)));
        double change = Mean((chain, draw) => loss[1, chain, draw]) - Mean((chain, draw) => loss[0, chain, draw]);
        CurvePoint response = trace.Response(1, Share, NBeta, units, batches: 3);
        Assert.Equal(change / (NBeta * Share), response.Value, Rounding);
        double[] pair =
        [
            .. Enumerable
                .Range(0, Draws)
                .Select(draw => (loss[1, 2, draw] + loss[1, 3, draw] - loss[0, 2, draw] - loss[0, 3, draw]) / (2 * NBeta * Share)),
        ];
        Assert.Equal(BatchMeans.Estimate(pair, 3).StandardError, response.StandardError, Rounding);

        double mixedOrigin = ((1 - Share) * Origin.Loss) + (Share * Origin.Probe);
        double perturbed =
            NBeta * (Mean((chain, draw) => ((1 - Share) * loss[1, chain, draw]) + (Share * probe[1, chain, draw])) - mixedOrigin);
        double unperturbed = NBeta * (Mean((chain, draw) => loss[0, chain, draw]) - Origin.Loss);
        CurvePoint coefficient = trace.Coefficient(1, Share, NBeta, Origin.Probe - Origin.Loss, units, batches: 3);
        Assert.Equal((perturbed - unperturbed) / Share, coefficient.Value, Rounding);
        Assert.Equal(Enumerable.Range(0, Draws).Select(draw => loss[0, 1, draw]), trace.Loss(1).ToArray());
    }
}
