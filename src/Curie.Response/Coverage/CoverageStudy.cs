using Curie.Numerics.Kernels;
using Curie.Numerics.Random;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Response.Attribution;
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
    private const double MeasureError = 0.02;
    private static readonly double[] Known = [0.75, 0.5, 0.1, 0.05];

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
            tallies[replicate] = Measure(
                settings.Rows > 0 ? new KnownPosterior(settings, seed + replicate) : posterior,
                settings,
                seed + replicate,
                kernels
            )
        );
        return new CoverageResult(settings, replicates, CoverageTally.Total(tallies));
    }

    private static CoverageTally Measure(KnownPosterior posterior, CoverageCase settings, long seed, Kernels kernels)
    {
        using KnownReplicate replicate = new(posterior, seed, kernels);
        CoverageTally tally = new();
        SusceptibilityRun run = replicate.ToRun();
        AddInitLoss(tally, seed);
        AddCoefficients(tally, posterior, run);
        AddTokens(tally, posterior, replicate);
        AddProbes(tally, posterior, replicate);
        AddModes(tally, posterior, run, ResponsePart.Susceptibility, seed, settings.Rows > 0);
        AddModes(tally, posterior, run, ResponsePart.Covariance, seed, settings.Rows > 0);
        AddModes(tally, posterior, run, ResponsePart.Shift, seed, settings.Rows > 0);
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
        FullShift full = FullShift.Estimate(replicate.Full.Tokens, new double[posterior.Tokens]);
        for (int i = 0; i < posterior.Tokens; i++)
        {
            tally.Add("F", posterior.FullShift(i), full.Values[i], full.StandardErrors[i], full.DegreesOfFreedom);
        }

        for (int c = 0; c < KnownPosterior.Weights; c++)
        {
            SusceptibilityEstimates estimates = SusceptibilityEstimates.Compute(replicate.Components[c].Tokens, full);
            foreach (ResponsePart part in ResponsePart.All)
            {
                for (int i = 0; i < posterior.Tokens; i++)
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
                        .Range(probe * posterior.TokensPerProbe, posterior.TokensPerProbe)
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

    /// <summary>
    /// Explained variances and loadings against those of the matrix of exact values, of the tokens that were followed or of all text, and
    /// reliabilities.
    /// </summary>
    private static void AddModes(
        CoverageTally tally,
        KnownPosterior posterior,
        SusceptibilityRun run,
        ResponsePart part,
        long seed,
        bool ofAllText
    )
    {
        int[] components = [.. Enumerable.Range(0, KnownPosterior.Weights)];
        GramModes truth = GramModes.Of(ofAllText ? posterior.OverAllText(part) : ExactGram(posterior, part));
        BatchBasis basis = BatchBasis.Of(run, part, components).Basis!;
        double[][] values = Values(run, part, components);
        RowMoments? rows = ofAllText
            ? RowMoments.Of([.. values.Select(one => (ReadOnlyMemory<float>)one.Select(value => (float)value).ToArray())], run.Data.Tokens)
            : null;
        ReproducibilityOptions options = new() { Modes = TestedModes, Seed = seed };
        ModeBootstrap bootstrap = ModeBootstrap.Of(ModeReplicates.Of(basis, rows, "coverage", options, standardized: false), TestedModes);
        for (int k = 0; k < TestedModes; k++)
        {
            tally.Add($"explained variance {k + 1} of {Symbol(part)}", truth.Share(k), bootstrap.ExplainedVariance(k));
            Interval[] loadings = [.. components.Select(c => bootstrap.Loading(k, c))];
            double along = components.Sum(c => truth.Loadings[k][c] * loadings[c].Value);
            foreach (int c in components)
            {
                tally.Add($"loadings {k + 1} of {Symbol(part)}", Math.CopySign(1, along) * truth.Loadings[k][c], loadings[c]);
            }
        }

        AddCorrelations(
            tally,
            GramModes.Of(ModeReplicates.Correlations(ofAllText ? posterior.OverAllText(part) : ExactGram(posterior, part))),
            ModeReplicates.Of(basis, rows, "coverage, standardised", options, standardized: true),
            Symbol(part),
            seed
        );
        if (part != ResponsePart.Susceptibility)
        {
            // The other parts of a single weight are one number times D_i: noise changes no correlation over tokens.
            return;
        }

        ReliabilityIntervals reliabilities = ReliabilityIntervals.Of(run, part, components, [], ofAllText);
        double[,] signal = ofAllText ? posterior.OverAllText(part) : ExactGram(posterior, part);
        foreach (int c in components)
        {
            double[] errors = [.. values[c].Select((value, i) => value - posterior.Truth(part, c, i))];
            double noise = errors.Sum(error => (error - errors.Average()) * (error - errors.Average()));
            tally.AddReliability(
                $"reliabilities of {Symbol(part)}",
                c,
                signal[c, c] * (ofAllText ? errors.Length - 1 : 1),
                noise,
                reliabilities.Components[c]
            );
        }
    }

    /// <summary>
    /// |r| of the second mode's loadings, every component to one scale, with a measure that is known with an error. (Of the first mode
    /// components have equal loadings, whose correlation is that of rounding.)
    /// </summary>
    private static void AddCorrelations(CoverageTally tally, GramModes truth, ModeReplicates replicates, string symbol, long seed)
    {
        PhiloxStream random = new(PhiloxKey.Derive(seed, RandomPurpose.Scores, "measure"));
        double[] measure = [.. Known.Select(value => value + (MeasureError * random.NextGaussian()))];
        double[] errors = [.. Known.Select(_ => MeasureError)];
        tally.Add(
            $"|r| of loadings 2 of {symbol}",
            Math.Abs(Moments.Correlation(truth.Loadings[1], Known)),
            new LoadingCorrelations(replicates, "coverage", seed).Of(mode: 1, measure, errors)!
        );
    }

    private static double[][] Values(SusceptibilityRun run, ResponsePart part, int[] components)
    {
        BatchEstimate estimate = BatchEstimate.Of(run, components, part).Estimate!;
        return estimate.Values(part, BatchChoice.All(estimate.Draws));
    }

    private static double[,] ExactGram(KnownPosterior posterior, ResponsePart part)
    {
        double[][] rows =
        [
            .. Enumerable
                .Range(0, KnownPosterior.Weights)
                .Select(c => Enumerable.Range(0, posterior.Tokens).Select(i => posterior.Truth(part, c, i)).ToArray()),
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
