using Curie.Response.Accumulation;
using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Response.Tests.Accumulation;
using Curie.Response.Tests.Reproducibility;

namespace Curie.Response.Tests.Attribution;

public sealed class ModeAttributionTests
{
    private static readonly ReproducibilityOptions Options = new()
    {
        Modes = 2,
        Bootstraps = 200,
        Permutations = 19,
        Seed = 5,
    };

    [Fact]
    public void Orthogonal_terms_get_the_shares_of_their_variances()
    {
        // Stored as float32 of size up to 100: seven digits.
        ModeAttribution mode = Assert.Single(Attribute(KnownTerms.Run()));
        Assert.Equal(4 / KnownTerms.Variance, mode["covariance"].Share.Value, 1e-6);
        Assert.Equal(144 / KnownTerms.Variance, mode["full_shift"].Share.Value, 1e-6);
        Assert.Equal(4 / KnownTerms.Variance, mode["restricted_shift"].Share.Value, 1e-6);
        Assert.Equal(148 / KnownTerms.Variance, mode["renormalization"].Share.Value, 1e-6);
        Assert.Equal("no batch means of chains that all components share", mode.Reason);
        Assert.True(double.IsNaN(mode["covariance"].Share.StandardError));
    }

    [Fact]
    public void The_common_factor_is_the_full_shift_since_the_checkpoint_and_phi_leaves_stopped_chains_out()
    {
        SusceptibilityRun run = KnownTerms.Run();
        Assert.Equal(KnownTerms.Phi, CommonFactor.Phi(run, 0), 1e-12);
        double[] factor = CommonFactor.Of(run);
        for (int i = 0; i < factor.Length; i++)
        {
            Assert.Equal(3 * KnownTerms.V(i), factor[i], 1e-5);
        }
    }

    [Fact]
    public void Shares_sum_to_one_and_lie_in_their_intervals_whose_centre_comes_from_the_batch_means()
    {
        SusceptibilityRun run = Traces();
        foreach (ModeAttribution mode in Attribute(run))
        {
            Assert.Null(mode.Reason);
            double sum = mode["covariance"].Share.Value + mode["restricted_shift"].Share.Value + mode["full_shift"].Share.Value;
            Assert.Equal(1, sum, 1e-5);
            Assert.Equal(mode["renormalization"].Share.Value, mode["restricted_shift"].Share.Value + mode["full_shift"].Share.Value, 1e-6);
            Assert.All(mode.Terms, term => Assert.InRange(term.Share.StandardError, 1e-9, 1));
            Assert.All(mode.Terms, term => Assert.True(term.Share.Low < term.Share.High));
        }
    }

    [Fact]
    public void The_terms_of_all_batches_are_those_of_the_stored_parts()
    {
        // Batch means are kept as float32 and multiplied once: 1e-4 of a share.
        SusceptibilityRun run = Traces();
        TermBasis basis = TermBasis.Of(run, [0, 1, 2])!;
        double[] shares = BatchChoice.All(basis.Draws);
        double[] loadings = [0.6, -0.8, 0.3];
        double[] covariance = basis.Weights(ResponseTerm.Covariance, loadings, shares);
        double[] restricted = basis.Weights(ResponseTerm.RestrictedShift, loadings, shares);
        double[] full = basis.Weights(ResponseTerm.FullShift, loadings, shares);
        double[] renormalization = [.. restricted.Zip(full, (r, f) => r + f)];
        double[] score = [.. covariance.Zip(renormalization, (c, n) => c + n)];
        double[] expected = Combined(run, ResponsePart.Susceptibility, loadings);
        double variance = Moments.Covariance(expected, expected) * expected.Length;
        Assert.Equal(1, Moments.Dot(score, basis.Times(score)) / variance, 1e-4);
        foreach (
            (double[] weights, ResponsePart part) in new[]
            {
                (covariance, ResponsePart.Covariance),
                (renormalization, ResponsePart.Renormalization),
            }
        )
        {
            double[] stored = Combined(run, part, loadings);
            Assert.Equal(
                Moments.Covariance(stored, expected) * stored.Length / variance,
                Moments.Dot(weights, basis.Times(score)) / variance,
                1e-4
            );
        }
    }

    [Fact]
    public void A_term_of_pure_noise_is_not_reliable_and_a_planted_one_is()
    {
        // The loss moves with φ by i % 5 on every token, which is in f and d alike; a token's own noise of .05 is all the covariance beside
        // that term's small
        // Var(φ)·(i % 5). Halves of `full` agree on f nearly perfectly.
        ModeAttribution first = Attribute(Traces())[0];
        Assert.InRange(first["full_shift"].Reliability, 0.95, 1);
        Assert.True(first["full_shift"].DrawsNeeded is null);
        Assert.True(first["full_shift"].HalfCorrelation > first["covariance"].HalfCorrelation);
    }

    private static IReadOnlyList<ModeAttribution> Attribute(SusceptibilityRun run) =>
        ModeAttribution.Of(run, GroupModes.Of(run, ResponsePart.Susceptibility), Options);

    private static SusceptibilityRun Traces()
    {
        ProbeLayout layout = new(["a", "b"], [30, 20]) { Sampled = [.. Enumerable.Range(0, 50)] };
        LossTrace Trace(int seed, double level) => new(seed, chains: 4, draws: 60, layout, level);
        return SyntheticRun.Of(Trace(1, 1.5), Trace(2, 0.2), Trace(3, 0.3), Trace(4, 0.4));
    }

    private static double[] Combined(SusceptibilityRun run, ResponsePart part, double[] loadings)
    {
        int tokens = run.Data.Response.Columns;
        return
        [
            .. Enumerable
                .Range(0, tokens)
                .Select(i => loadings.Select((loading, c) => loading * run.Data.Response.Values(part)[(c * tokens) + i]).Sum()),
        ];
    }
}
