using Curie.Response.Accumulation;

namespace Curie.Response.Tests.Accumulation;

public sealed class BatchRecordTests
{
    [Fact]
    public void Kept_batch_means_are_those_of_the_stored_draws_for_the_sampled_tokens_alone()
    {
        ProbeLayout layout = new(["a", "b"], [5000, 3]) { Sampled = [0, 7, 4095, 4096, 4999, 5002] };
        LossTrace trace = new(41, 2, 50, layout, 0.7);
        using ComponentMoments moments = trace.AllMoments();
        Assert.Equal([0, 1], moments.Batches.Select(chain => chain.Pair));
        foreach (PairBatches chain in moments.Batches)
        {
            Assert.Equal(layout.Sampled, chain.Tokens.Tokens.ToArray());
            for (int batch = 0; batch < trace.Plan.Batches; batch++)
            {
                for (int j = 0; j < layout.Sampled.Count; j++)
                {
                    (double product, double shift) = Means(trace, chain.Pair, batch, token => token == layout.Sampled[j]);

                    // Float64 sums of a dozen terms of order one.
                    Assert.Equal(-product, chain.Tokens.Covariances(batch)[j], 1e-12);
                    Assert.Equal(shift, chain.Tokens.Shifts(batch)[j], 1e-12);
                }

                Assert.Equal(-Means(trace, chain.Pair, batch, token => token >= 5000).Product, chain.Probes.Covariances(batch)[1], 1e-12);
            }
        }
    }

    [Fact]
    public void Batch_means_survive_saving_in_the_middle_and_at_the_end()
    {
        ProbeLayout layout = new(["a"], [9]) { Sampled = [1, 8] };
        LossTrace trace = new(42, 1, 30, layout, 0.7);
        using PairAccumulator whole = trace.Accumulate(0);
        using PairAccumulator start = new(layout, trace.Plan);
        for (int draw = 0; draw < 17; draw++)
        {
            start.Add(trace.Phi[0][draw], trace.Losses[0][draw], trace.InitLosses);
        }

        using MemoryStream state = new();
        start.Save(state);
        using PairAccumulator rest = new(layout, trace.Plan);
        state.Position = 0;
        rest.Restore(state);
        for (int draw = 17; draw < 30; draw++)
        {
            rest.Add(trace.Phi[0][draw], trace.Losses[0][draw], trace.InitLosses);
        }

        using ComponentMoments moments = new("l0h0", layout);
        moments.Add(rest);
        using MemoryStream finished = new();
        moments.Save(finished);
        finished.Position = 0;
        using ComponentMoments restored = new("l0h0", layout);
        restored.Restore(finished);
        for (int batch = 0; batch < trace.Plan.Batches; batch++)
        {
            Assert.Equal(whole.Batches.Tokens.Covariances(batch), restored.Batches[0].Tokens.Covariances(batch));
            Assert.Equal(whole.Batches.Probes.Shifts(batch), restored.Batches[0].Probes.Shifts(batch));
        }
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(11, 10)]
    [InlineData(1000, 10)]
    public void A_sample_takes_all_tokens_or_one_of_every_stretch_and_repeats_itself(int tokens, int limit)
    {
        int[] sample = TokenSample.Choose(tokens, 5, limit);
        Assert.Equal(Math.Min(tokens, limit), sample.Length);
        Assert.Equal(sample, TokenSample.Choose(tokens, 5, limit));
        for (int i = 0; i < sample.Length; i++)
        {
            Assert.InRange(sample[i], i * tokens / sample.Length, ((i + 1) * tokens / sample.Length) - 1);
        }

        Assert.True(tokens < 1000 || !sample.SequenceEqual(TokenSample.Choose(tokens, 6, limit)));
    }

    private static (double Product, double Shift) Means(LossTrace trace, int chain, int batch, Func<int, bool> isIn)
    {
        int[] tokens = [.. Enumerable.Range(0, trace.InitLosses.Length).Where(isIn)];
        int[] draws = [.. Enumerable.Range(0, trace.Draws).Take(trace.Plan.DrawsOf(batch))];
        double Change(int draw) =>
            tokens.Average(token => (double)trace.Losses[chain][draw][token] - trace.InitLosses[token]) - trace.Phi[chain][draw];
        return (draws.Average(draw => trace.Phi[chain][draw] * Change(draw)), draws.Average(Change));
    }
}
