using Curie.Numerics.Kernels;
using Curie.Numerics.Random;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Sampling;

namespace Curie.Response.Coverage;

/// <summary>
/// How often nominal 95 % intervals hold the truth: whole experiments on a posterior with closed-form answers
/// (<see cref="KnownPosterior"/>)
/// are repeated, each with chains, sums, batch means and resampling as in a real run, and every interval is compared with the exact value.
/// </summary>
public static class CoverageStudy
{
    private const int LossRows = 64;
    private const double RowDeviation = 0.25;
    private const int TestedModes = 2;

    /// <summary>Measures one case. The result does not depend on the number of threads.</summary>
    /// <param name="settings">The case.</param>
    /// <param name="replicates">Experiments, at least 2.</param>
    /// <param name="seed">The first experiment's seed.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="threads">Experiments at a time, at least 1.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="Numerics.InputException">A setting is out of range.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static CoverageResult Run(
        CoverageCase settings,
        int replicates,
        long seed,
        Kernels kernels,
        int threads,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicates, 2);
        KnownPosterior posterior = new(settings);
        CoverageTally[] tallies = new CoverageTally[replicates];
        Parallel.For(0, replicates, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, replicate =>
            tallies[replicate] = Measure(posterior, seed + replicate, kernels)
        );
        return new CoverageResult(settings, replicates, CoverageTally.Total(tallies));
    }

    private static CoverageTally Measure(KnownPosterior posterior, long seed, Kernels kernels)
    {
        using KnownReplicate replicate = new(posterior, seed, kernels);
        CoverageTally tally = new();
        SusceptibilityRun run = replicate.ToRun();
        AddInitLoss(tally, seed);
        AddCoefficients(tally, posterior, run);
        AddTokens(tally, posterior, replicate);
        AddProbes(tally, posterior, replicate);
        AddModes(tally, posterior, run, ResponsePart.Susceptibility, seed);
        AddModes(tally, posterior, run, ResponsePart.Covariance, seed);
        AddModes(tally, posterior, run, ResponsePart.Shift, seed);
        return tally;
    }

    /// <summary>L0 from rows whose losses are log-normal, as skewed as losses of texts are, with mean e^{s²/2}.</summary>
    private static void AddInitLoss(CoverageTally tally, long seed)
    {
        PhiloxStream random = new(PhiloxKey.Derive(seed, RandomPurpose.Scores, "rows"));
        double[] rows = [.. Enumerable.Range(0, LossRows).Select(_ => Math.Exp(RowDeviation * random.NextGaussian()))];
        MeanEstimate mean = MeanEstimate.OfIndependent(rows);
        tally.Add("L0 (64 rows)", Math.Exp(RowDeviation * RowDeviation / 2), mean.Mean, mean.StandardError, mean.DegreesOfFreedom);
    }

    private static void AddCoefficients(CoverageTally tally, KnownPosterior posterior, SusceptibilityRun run)
    {
        for (int c = 0; c < KnownPosterior.Weights; c++)
        {
            LearningCoefficient llc = LearningCoefficient.Estimate(
                run.Data.HealthyTraces(c + 1),
                initLoss: 0,
                posterior.Options.NBeta,
                batches: run.Manifest.Shape.Batches
            );
            tally.Add("λ̂", posterior.Coefficient(c), llc.Value, llc.SamplingError!.Value, llc.SamplingDegreesOfFreedom);
        }
    }

    private static void AddTokens(CoverageTally tally, KnownPosterior posterior, KnownReplicate replicate)
    {
        FullShift full = FullShift.Estimate(replicate.Full.Tokens, new double[KnownPosterior.Tokens]);
        for (int i = 0; i < KnownPosterior.Tokens; i++)
        {
            tally.Add("F", posterior.FullShift(i), full.Values[i], full.StandardErrors[i], full.DegreesOfFreedom);
        }

        for (int c = 0; c < KnownPosterior.Weights; c++)
        {
            SusceptibilityEstimates estimates = SusceptibilityEstimates.Compute(replicate.Components[c].Tokens, full);
            foreach (ResponsePart part in ResponsePart.All)
            {
                for (int i = 0; i < KnownPosterior.Tokens; i++)
                {
                    tally.Add(
                        Symbol(part),
                        posterior.Truth(part, c, i),
                        estimates.Values(part)[i],
                        estimates.StandardErrors(part)[i],
                        estimates.DegreesOfFreedom(part)
                    );
                }
            }
        }
    }

    private static void AddProbes(CoverageTally tally, KnownPosterior posterior, KnownReplicate replicate)
    {
        FullShift full = FullShift.Estimate(replicate.Full.Probes, new double[KnownPosterior.Probes]);
        for (int c = 0; c < KnownPosterior.Weights; c++)
        {
            SusceptibilityEstimates estimates = SusceptibilityEstimates.Compute(replicate.Components[c].Probes, full);
            foreach (ResponsePart part in ResponsePart.All)
            {
                for (int probe = 0; probe < KnownPosterior.Probes; probe++)
                {
                    double truth = Enumerable
                        .Range(probe * KnownPosterior.TokensPerProbe, KnownPosterior.TokensPerProbe)
                        .Average(i => posterior.Truth(part, c, i));
                    tally.Add(
                        $"{Symbol(part)} of a data set",
                        truth,
                        estimates.Values(part)[probe],
                        estimates.StandardErrors(part)[probe],
                        estimates.DegreesOfFreedom(part)
                    );
                }
            }
        }
    }

    /// <summary>Explained variances and loadings against those of the matrix of exact values.</summary>
    private static void AddModes(CoverageTally tally, KnownPosterior posterior, SusceptibilityRun run, ResponsePart part, long seed)
    {
        GramModes truth = GramModes.Of(ExactGram(posterior, part));
        BatchBasis basis = BatchBasis.Of(run, part, [.. Enumerable.Range(0, KnownPosterior.Weights)]).Basis!;
        ModeBootstrap bootstrap = ModeBootstrap.Of(basis, "coverage", new ReproducibilityOptions { Modes = TestedModes, Seed = seed });
        for (int k = 0; k < TestedModes; k++)
        {
            ResampledValue share = bootstrap.ExplainedVariance[k];
            tally.Add(
                $"explained variance {k + 1} of {Symbol(part)}",
                truth.Share(k),
                share.Value - share.Bias,
                share.StandardError,
                share.DegreesOfFreedom
            );
            double along = Enumerable.Range(0, KnownPosterior.Weights).Sum(c => truth.Loadings[k][c] * bootstrap.Loadings[k][c].Value);
            for (int c = 0; c < KnownPosterior.Weights; c++)
            {
                ResampledValue loading = bootstrap.Loadings[k][c];
                tally.Add(
                    $"loadings {k + 1} of {Symbol(part)}",
                    Math.CopySign(1, along) * truth.Loadings[k][c],
                    loading.Value - loading.Bias,
                    loading.StandardError,
                    loading.DegreesOfFreedom
                );
            }
        }
    }

    private static double[,] ExactGram(KnownPosterior posterior, ResponsePart part)
    {
        double[][] rows =
        [
            .. Enumerable
                .Range(0, KnownPosterior.Weights)
                .Select(c => Enumerable.Range(0, KnownPosterior.Tokens).Select(i => posterior.Truth(part, c, i)).ToArray()),
        ];
        double[,] gram = new double[rows.Length, rows.Length];
        for (int c = 0; c < rows.Length; c++)
        {
            for (int d = 0; d < rows.Length; d++)
            {
                gram[c, d] = rows[c].Zip(rows[d], (x, y) => (x - rows[c].Average()) * (y - rows[d].Average())).Sum();
            }
        }

        return gram;
    }

    /// <summary>χ and R as what is estimated, and British spelling in the tables.</summary>
    private static string Symbol(ResponsePart part) =>
        part == ResponsePart.Susceptibility ? "χ̂"
        : part == ResponsePart.Renormalization ? "renormalisation"
        : part == ResponsePart.Shift ? "R"
        : part.Name;
}
