using Curie.Numerics;
using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Response.Tests.Accumulation;

namespace Curie.Response.Tests.Estimators;

public class SusceptibilityEstimatesTests
{
    private static readonly ProbeLayout Layout = new(["a", "b", "c"], [3, 1, 9]);
    private static readonly LossTrace Full = new(11, 4, 53, Layout, 1.7);
    private static readonly LossTrace Component = new(12, 3, 50, Layout, 0.6);

    // Float64 sums of 150 to 212 terms of order one: rounding is far below 1e-12.
    private const double ValueTolerance = 1e-12;

    // A variance is a difference of sums that agree in up to four digits, so four digits fewer remain.
    private const double ErrorTolerance = 1e-9;

    [Fact]
    public void Streaming_values_equal_the_formulas_over_stored_traces()
    {
        SusceptibilityEstimates estimates = TokenEstimates(out FullShift shift);
        for (int i = 0; i < Layout.Tokens; i++)
        {
            StoredTraceEstimator full = new(Full, i, 1);
            StoredTraceEstimator component = new(Component, i, 1);
            AssertClose(full.Shift, shift.Values[i], ValueTolerance);
            AssertClose(component.Susceptibility(full), estimates.Values(ResponsePart.Susceptibility)[i], ValueTolerance);
            AssertClose(component.Covariance, estimates.Values(ResponsePart.Covariance)[i], ValueTolerance);
            AssertClose(component.Phi * (full.Shift - component.Shift), estimates.Values(ResponsePart.Renormalization)[i], ValueTolerance);
            AssertClose(component.Shift, estimates.Values(ResponsePart.Shift)[i], ValueTolerance);
            AssertClose(
                component.Shift - (Component.InitLosses[i] - LossTrace.InitMean),
                estimates.Values(ResponsePart.Excess)[i],
                ValueTolerance
            );
        }
    }

    [Fact]
    public void Streaming_errors_equal_batch_means_of_the_linearised_estimators_over_stored_traces()
    {
        SusceptibilityEstimates estimates = TokenEstimates(out FullShift shift);
        for (int i = 0; i < Layout.Tokens; i++)
        {
            StoredTraceEstimator full = new(Full, i, 1);
            StoredTraceEstimator component = new(Component, i, 1);
            AssertClose(full.ShiftError, shift.StandardErrors[i], ErrorTolerance);
            AssertClose(component.SusceptibilityError(full), estimates.StandardErrors(ResponsePart.Susceptibility)[i], ErrorTolerance);
            AssertClose(component.CovarianceError, estimates.StandardErrors(ResponsePart.Covariance)[i], ErrorTolerance);
            AssertClose(component.RenormalizationError(full), estimates.StandardErrors(ResponsePart.Renormalization)[i], ErrorTolerance);
            AssertClose(component.ShiftError, estimates.StandardErrors(ResponsePart.Shift)[i], ErrorTolerance);
            Assert.Equal(estimates.StandardErrors(ResponsePart.Shift)[i], estimates.StandardErrors(ResponsePart.Excess)[i]);
        }
    }

    [Fact]
    public void A_probe_is_a_token_whose_loss_is_the_mean_over_its_tokens()
    {
        using ComponentMoments full = Full.AllMoments();
        using ComponentMoments component = Component.AllMoments();
        double[] baselines = FullShift.BaselinesOf(Full.InitLosses, LossTrace.InitMean);
        FullShift shift = FullShift.Estimate(full.Probes, Layout.Means(baselines));
        SusceptibilityEstimates estimates = SusceptibilityEstimates.Compute(component.Probes, shift);
        SusceptibilityEstimates tokens = TokenEstimates(out _);
        for (int probe = 0; probe < Layout.Probes; probe++)
        {
            Range range = Layout.TokensOf(probe);
            int count = range.End.Value - range.Start.Value;
            StoredTraceEstimator storedFull = new(Full, range.Start.Value, count);
            StoredTraceEstimator stored = new(Component, range.Start.Value, count);
            AssertClose(stored.Susceptibility(storedFull), estimates.Values(ResponsePart.Susceptibility)[probe], ValueTolerance);
            AssertClose(
                stored.SusceptibilityError(storedFull),
                estimates.StandardErrors(ResponsePart.Susceptibility)[probe],
                ErrorTolerance
            );
            foreach (ResponsePart part in ResponsePart.All)
            {
                AssertClose(tokens.Values(part)[range].ToArray().Average(), estimates.Values(part)[probe], ValueTolerance);
            }
        }
    }

    [Fact]
    public void Susceptibility_is_covariance_plus_renormalization_to_the_last_bit()
    {
        SusceptibilityEstimates estimates = TokenEstimates(out _);
        for (int i = 0; i < Layout.Tokens; i++)
        {
            Assert.Equal(
                estimates.Values(ResponsePart.Covariance)[i] + estimates.Values(ResponsePart.Renormalization)[i],
                estimates.Values(ResponsePart.Susceptibility)[i]
            );
        }
    }

    [Fact]
    public void A_constant_added_to_a_token_loss_leaves_the_susceptibility_and_moves_the_shift()
    {
        // 0.25 and the 1/64 grid are exact in float32, so only float64 rounding is left.
        const double Constant = 0.25;
        SusceptibilityEstimates plain = Shifted(0, 0, 0);
        SusceptibilityEstimates shifted = Shifted(Constant, 0, 0);
        for (int i = 0; i < Layout.Tokens; i++)
        {
            foreach (ResponsePart part in ResponsePart.All)
            {
                double expected = plain.Values(part)[i] + (part == ResponsePart.Shift || part == ResponsePart.Excess ? Constant : 0);
                Assert.Equal(expected, shifted.Values(part)[i], 1e-12);
                Assert.Equal(plain.StandardErrors(part)[i], shifted.StandardErrors(part)[i], 1e-9);
            }
        }
    }

    [Fact]
    public void A_constant_added_to_P_inside_the_difference_leaves_the_susceptibility()
    {
        const double Constant = 0.5;
        SusceptibilityEstimates plain = Shifted(0, 0, 0);
        SusceptibilityEstimates shifted = Shifted(0, Constant, 0);
        for (int i = 0; i < Layout.Tokens; i++)
        {
            Assert.Equal(plain.Values(ResponsePart.Susceptibility)[i], shifted.Values(ResponsePart.Susceptibility)[i], 1e-12);
            Assert.Equal(plain.Values(ResponsePart.Shift)[i] - Constant, shifted.Values(ResponsePart.Shift)[i], 1e-12);
        }
    }

    [Fact]
    public void A_constant_added_to_the_init_loss_moves_the_susceptibility_by_minus_that_constant_times_the_gap()
    {
        const double Constant = 0.125;
        SusceptibilityEstimates plain = Shifted(0, 0, 0);
        SusceptibilityEstimates shifted = Shifted(0, 0, Constant);
        for (int i = 0; i < Layout.Tokens; i++)
        {
            double gap = plain.Values(ResponsePart.Renormalization)[i] / plain.MeanPhi;
            Assert.Equal(
                plain.Values(ResponsePart.Susceptibility)[i] - (Constant * gap),
                shifted.Values(ResponsePart.Susceptibility)[i],
                1e-12
            );
            Assert.Equal(plain.Values(ResponsePart.Covariance)[i], shifted.Values(ResponsePart.Covariance)[i], 1e-12);
        }
    }

    [Fact]
    public void A_component_that_is_the_full_run_itself_has_no_renormalization()
    {
        using ComponentMoments full = Full.AllMoments();
        FullShift shift = FullShift.Estimate(full.Tokens, FullShift.BaselinesOf(Full.InitLosses, LossTrace.InitMean));
        SusceptibilityEstimates estimates = SusceptibilityEstimates.Compute(full.Tokens, shift);
        for (int i = 0; i < Layout.Tokens; i++)
        {
            Assert.Equal(0, estimates.Values(ResponsePart.Renormalization)[i]);
            AssertClose(new StoredTraceEstimator(Full, i, 1).Covariance, estimates.Values(ResponsePart.Susceptibility)[i], ValueTolerance);
        }
    }

    [Fact]
    public void Permuting_chains_leaves_the_estimates_to_the_order_of_summation()
    {
        using ComponentMoments straight = Component.Moments(0, 1, 2);
        using ComponentMoments permuted = Component.Moments(2, 0, 1);
        using ComponentMoments full = Full.AllMoments();
        FullShift shift = FullShift.Estimate(full.Tokens, FullShift.BaselinesOf(Full.InitLosses, LossTrace.InitMean));
        SusceptibilityEstimates one = SusceptibilityEstimates.Compute(straight.Tokens, shift);
        SusceptibilityEstimates other = SusceptibilityEstimates.Compute(permuted.Tokens, shift);
        for (int i = 0; i < Layout.Tokens; i++)
        {
            AssertClose(one.Values(ResponsePart.Susceptibility)[i], other.Values(ResponsePart.Susceptibility)[i], ValueTolerance);
            AssertClose(
                one.StandardErrors(ResponsePart.Susceptibility)[i],
                other.StandardErrors(ResponsePart.Susceptibility)[i],
                ErrorTolerance
            );
        }
    }

    [Fact]
    public void Too_few_batches_for_an_error_are_refused_in_words()
    {
        LossTrace trace = new(13, 1, 1, Layout, 0.6);
        using ComponentMoments moments = trace.AllMoments();
        InputException error = Assert.Throws<InputException>(() =>
            FullShift.Estimate(moments.Tokens, FullShift.BaselinesOf(trace.InitLosses, LossTrace.InitMean))
        );
        Assert.Contains("at least two batches", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_part_has_a_name_that_is_parsed_back()
    {
        Assert.Equal(["chi", "covariance", "renormalization", "shift", "excess"], ResponsePart.All.Select(part => part.Name));
        Assert.All(ResponsePart.All, part => Assert.Equal(part, ResponsePart.Parse(part.Name)));
        Assert.Contains(
            "no part named psi",
            Assert.Throws<InputException>(() => ResponsePart.Parse("psi")).Message,
            StringComparison.Ordinal
        );
    }

    private static SusceptibilityEstimates TokenEstimates(out FullShift shift)
    {
        using ComponentMoments full = Full.AllMoments();
        using ComponentMoments component = Component.AllMoments();
        shift = FullShift.Estimate(full.Tokens, FullShift.BaselinesOf(Full.InitLosses, LossTrace.InitMean));
        return SusceptibilityEstimates.Compute(component.Tokens, shift);
    }

    /// <summary>
    /// Estimates after ℓ_i, P (inside ℓ_i − P only) and L0 are each moved by a constant, on losses rounded to a 1/64 grid.
    /// </summary>
    private static SusceptibilityEstimates Shifted(double loss, double p, double initLoss)
    {
        using ComponentMoments full = ShiftedMoments(Full, loss, p, initLoss);
        using ComponentMoments component = ShiftedMoments(Component, loss, p, initLoss);
        double[] baselines = FullShift.BaselinesOf([.. Full.InitLosses.Select(Grid)], LossTrace.InitMean + initLoss);
        return SusceptibilityEstimates.Compute(component.Tokens, FullShift.Estimate(full.Tokens, baselines));
    }

    private static ComponentMoments ShiftedMoments(LossTrace trace, double loss, double p, double initLoss)
    {
        ComponentMoments moments = new("l0h0", Layout);
        float[] init = [.. trace.InitLosses.Select(Grid)];
        for (int chain = 0; chain < trace.Chains; chain++)
        {
            using PairAccumulator accumulator = new(Layout, trace.Plan);
            for (int draw = 0; draw < trace.Draws; draw++)
            {
                float[] losses = [.. trace.Losses[chain][draw].Select(value => Grid(value) + (float)(loss - p))];
                accumulator.Add(trace.Phi[chain][draw] - initLoss, losses, init);
            }

            moments.Add(accumulator);
        }

        return moments;
    }

    private static float Grid(float value) => MathF.Round(value * 64) / 64;

    private static void AssertClose(double expected, double actual, double relative) =>
        Assert.True(
            Math.Abs(expected - actual) <= relative * Math.Max(Math.Abs(expected), relative == ValueTolerance ? 1 : 0),
            $"expected {expected:R}, found {actual:R}"
        );
}
