using Curie.Numerics.Statistics;
using Curie.Page.Data;
using Curie.Response.Designs;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Designs;

namespace Curie.Page;

/// <summary>What a page shows of designed weights: an object, and the array `design_weight` (docs/formats.md, `design`).</summary>
internal static class PageDesign
{
    /// <summary>Collects a design.</summary>
    /// <param name="path">The file of its weights.</param>
    /// <param name="design">The design.</param>
    /// <param name="run">Its run.</param>
    /// <param name="kept">The run's tokens that the page holds, rising.</param>
    /// <param name="arrays">Where the weights go: of every token on the page, NaN for those of other probes.</param>
    public static DesignData Of(string path, StoredDesign design, SusceptibilityRun run, int[] kept, PageArrays arrays)
    {
        float[] weights = new float[kept.Length];
        HashSet<int> onPage = [.. kept];
        for (int i = 0; i < kept.Length; i++)
        {
            int token = kept[i] - design.FirstToken;
            weights[i] = token >= 0 && token < design.Weights.Count ? design.Weights[token] : float.NaN;
        }

        arrays.Add("design_weight", weights);
        DesignRecord record = Known(design.Record);
        IEnumerable<DesignPrediction> predictions = record.Along is { } along ? record.Predictions.Append(along) : record.Predictions;
        return new DesignData(
            Path.GetFileName(path),
            record,
            RunWords.Title(design.Record.Group),
            design.Probe,
            [.. predictions.Select(HalfWidth)],
            [
                .. Enumerable
                    .Range(design.FirstToken, design.Weights.Count)
                    .GroupBy(token => run.Data.Tokens.Row[token])
                    .Select(row => Row(row.Key, [.. row], design, onPage)),
            ]
        );
    }

    /// <summary>Files of earlier versions predict by χ, which is not what λ̂ does: without these.</summary>
    private static DesignRecord Known(DesignRecord record) =>
        record.Along is { Localized: null } ? record with { Along = null, Predictions = [] } : record;

    private static DesignRowData Row(int row, int[] tokens, StoredDesign design, HashSet<int> onPage)
    {
        double[] weights = Array.ConvertAll(tokens, token => (double)design.Weights[token - design.FirstToken]);
        MeanEstimate mean = MeanEstimate.OfIndependent(weights);
        return new DesignRowData(
            row,
            tokens.Length,
            tokens.Count(onPage.Contains),
            new EstimateData(mean.Mean, mean.StandardError),
            Math.Sqrt(weights.Average(weight => (weight - mean.Mean) * (weight - mean.Mean)))
        );
    }

    /// <summary>In standard errors; NaN where these have no degrees of freedom.</summary>
    private static double HalfWidth(DesignPrediction one) =>
        one.Change is { StandardError: > 0, DegreesOfFreedom: > 0 } change ? change.HalfWidth() / change.StandardError : double.NaN;
}
