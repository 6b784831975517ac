using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;

namespace Curie.Response.Tests.Accumulation;

public class PairAccumulatorTests
{
    private static readonly ProbeLayout Layout = new(["a", "b", "c"], [3, 1, 9]);

    [Fact]
    public void An_excluded_chain_left_out_equals_never_having_run_it_bit_for_bit()
    {
        LossTrace trace = new(1, 3, 40, Layout, 0.8);
        using ComponentMoments without = new("l0h0", Layout);
        using PairAccumulator first = trace.Accumulate(0);
        using PairAccumulator excluded = trace.Accumulate(1);
        using PairAccumulator last = trace.Accumulate(2);
        without.Add(first);
        without.Add(last);
        using ComponentMoments never = trace.Moments(0, 2);
        using ComponentMoments all = trace.AllMoments();

        Assert.Equal(Saved(never), Saved(without));
        Assert.NotEqual(Saved(all), Saved(without));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(36)]
    public void A_chain_saved_and_restored_in_the_middle_continues_bit_for_bit(int cut)
    {
        LossTrace trace = new(2, 1, 40, Layout, 0.8);
        using PairAccumulator whole = trace.Accumulate(0);
        using PairAccumulator start = new(Layout, trace.Plan);
        using PairAccumulator rest = new(Layout, trace.Plan);
        for (int draw = 0; draw < cut; draw++)
        {
            start.Add(trace.Phi[0][draw], trace.Losses[0][draw], trace.InitLosses);
        }

        rest.Add(123, trace.Losses[0][0], trace.InitLosses);
        rest.Restore(new MemoryStream(Saved(start.Save)));
        for (int draw = rest.Draws; draw < trace.Draws; draw++)
        {
            rest.Add(trace.Phi[0][draw], trace.Losses[0][draw], trace.InitLosses);
        }

        Assert.Equal(Saved(whole.Save), Saved(rest.Save));
    }

    [Fact]
    public void Component_moments_are_restored_bit_for_bit()
    {
        using ComponentMoments moments = new LossTrace(3, 2, 20, Layout, 0.4).AllMoments();
        using ComponentMoments restored = new("l0h0", Layout);
        restored.Restore(new MemoryStream(Saved(moments)));
        Assert.Equal(2, restored.Pairs);
        Assert.Equal(Saved(moments), Saved(restored));
    }

    [Fact]
    public void The_number_of_workers_does_not_change_a_bit()
    {
        ProbeLayout layout = new(["a", "b"], [10_001, 4097]);
        LossTrace trace = new(4, 1, 9, layout, 1.1);
        using PairAccumulator alone = trace.Accumulate(0);
        foreach (int workers in new[] { 1, 2, 5 })
        {
            using WorkerPool pool = new(workers);
            using PairAccumulator shared = new(layout, trace.Plan);
            for (int draw = 0; draw < trace.Draws; draw++)
            {
                shared.Add(trace.Phi[0][draw], trace.Losses[0][draw], trace.InitLosses, pool);
            }

            Assert.Equal(Saved(alone.Save), Saved(shared.Save));
        }
    }

    [Fact]
    public void Tokens_added_in_ragged_ranges_equal_tokens_added_at_once_bit_for_bit()
    {
        LossTrace trace = new(5, 1, 12, Layout, 0.3);
        using TokenAccumulator whole = new(Layout.Tokens, trace.Plan);
        using TokenAccumulator ragged = new(Layout.Tokens, trace.Plan);
        for (int draw = 0; draw < trace.Draws; draw++)
        {
            float[] losses = trace.Losses[0][draw];
            whole.Add(trace.Phi[0][draw], losses, trace.InitLosses);
            EvaluationWeight weight = EvaluationWeight.OfProduct(trace.Phi[0][draw], 1);
            ragged.BeginDraw();
            ragged.AddPhi(weight);
            foreach (Range range in new[] { 8..13, 0..1, 1..8 })
            {
                ragged.AddTokens(range.Start.Value, losses.AsSpan(range), trace.InitLosses.AsSpan(range), weight);
                ragged.EndTokens(range.Start.Value, range.End.Value - range.Start.Value);
            }

            ragged.EndDraw();
        }

        Assert.Equal(Saved(whole.Save), Saved(ragged.Save));
    }

    [Fact]
    public void Permuting_the_tokens_of_a_draw_permutes_the_sums_bit_for_bit()
    {
        LossTrace trace = new(6, 1, 30, Layout, 0.6);
        int[] order = [.. Enumerable.Range(0, Layout.Tokens).OrderBy(i => (i * 7) % Layout.Tokens)];
        using TokenAccumulator straight = new(Layout.Tokens, trace.Plan);
        using TokenAccumulator permuted = new(Layout.Tokens, trace.Plan);
        for (int draw = 0; draw < trace.Draws; draw++)
        {
            float[] losses = trace.Losses[0][draw];
            straight.Add(trace.Phi[0][draw], losses, trace.InitLosses);
            permuted.Add(trace.Phi[0][draw], [.. order.Select(i => losses[i])], [.. order.Select(i => trace.InitLosses[i])]);
        }

        for (int i = 0; i < order.Length; i++)
        {
            Assert.Equal(straight.Moments.SumCC[order[i]], permuted.Moments.SumCC[i]);
            Assert.Equal(straight.Moments.SumD[order[i]], permuted.Moments.SumD[i]);
        }
    }

    [Fact]
    public void A_chain_with_draws_left_is_not_added()
    {
        LossTrace trace = new(7, 1, 10, Layout, 0.6);
        using PairAccumulator chain = new(Layout, trace.Plan);
        using ComponentMoments moments = new("l0h0", Layout);
        Assert.Throws<InvalidOperationException>(() => moments.Add(chain));
    }

    [Fact]
    public void A_finished_chain_takes_no_further_draw()
    {
        LossTrace trace = new(7, 1, 4, Layout, 0.6);
        using PairAccumulator chain = trace.Accumulate(0);
        Assert.Throws<InvalidOperationException>(() => chain.Add(0.1, trace.Losses[0][0], trace.InitLosses));
    }

    [Fact]
    public void A_token_loss_that_is_not_finite_is_found_and_refused()
    {
        LossTrace trace = new(8, 1, 10, Layout, 0.6);
        trace.Losses[0][4][6] = float.PositiveInfinity;
        using PairAccumulator chain = trace.Accumulate(0);
        using ComponentMoments moments = new("l1h3", Layout);
        Assert.Equal(6, chain.FirstNonFiniteToken());
        DivergenceException error = Assert.Throws<DivergenceException>(() => moments.Add(chain));
        Assert.Contains("l1h3: the loss of token 6 was not finite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_of_another_run_or_a_cut_state_is_refused_in_words()
    {
        LossTrace trace = new(9, 1, 10, Layout, 0.6);
        using PairAccumulator chain = trace.Accumulate(0);
        byte[] state = Saved(chain.Save);
        using PairAccumulator moreDraws = new(Layout, BatchPlan.ForDraws(11, 1));
        using PairAccumulator moreTokens = new(new ProbeLayout(["a"], [14]), trace.Plan);
        Assert.Contains(
            "10 draws per pair where this run has 11",
            Assert.Throws<InputException>(() => moreDraws.Restore(new MemoryStream(state))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "13 tokens where this run has 14",
            Assert.Throws<InputException>(() => moreTokens.Restore(new MemoryStream(state))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "ends early",
            Assert.Throws<InputException>(() => chain.Restore(new MemoryStream(state[..^1]))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Probes_that_cannot_be_laid_out_are_refused_in_words()
    {
        Assert.Contains("no probe", Assert.Throws<InputException>(() => new ProbeLayout([], [])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "two probes are named a",
            Assert.Throws<InputException>(() => new ProbeLayout(["a", "a"], [1, 1])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "probe b has no tokens",
            Assert.Throws<InputException>(() => new ProbeLayout(["a", "b"], [1, 0])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "more than",
            Assert.Throws<InputException>(() => new ProbeLayout(["a", "b"], [int.MaxValue - 99, 99])).Message,
            StringComparison.Ordinal
        );
    }

    private static byte[] Saved(ComponentMoments moments) => Saved(moments.Save);

    private static byte[] Saved(Action<Stream> save)
    {
        using MemoryStream stream = new();
        save(stream);
        return stream.ToArray();
    }
}
