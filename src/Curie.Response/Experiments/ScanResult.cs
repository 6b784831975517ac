using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Sampling;

namespace Curie.Response.Experiments;

/// <summary>Turns the components' sums into the arrays of a scan; what belongs to <c>full</c> is NaN.</summary>
internal sealed class ScanResult
{
    private readonly FullShift _tokens;
    private readonly FullShift _probes;

    public ScanResult(
        RunShape shape,
        IReadOnlyList<ResponsePart> parts,
        IReadOnlyList<ProbeSelection> selections,
        ProbeLayout layout,
        InitialLosses initial
    )
    {
        Data = new SusceptibilityData(shape, CovarianceEstimator.Product, parts)
        {
            InitLossMean = initial.Mean,
            InitLossMeanStandardError = initial.MeanStandardError,
        };
        double[] baselines = FullShift.BaselinesOf(initial.Tokens, initial.Mean);
        _tokens = FullShift.Unknown(baselines);
        _probes = FullShift.Unknown(layout.Means(baselines));
        Data.SetFullShift(_tokens, _probes);
        FollowedTokens.Fill(Data.Tokens, selections);
        initial.Tokens.CopyTo(Data.Tokens.InitLoss, 0);
        for (int chain = 0; chain < shape.Chains; chain++)
        {
            Data.Trace(0, chain).Fill(double.NaN);
        }
    }

    /// <summary>The arrays.</summary>
    public SusceptibilityData Data { get; }

    /// <summary>Adds a component.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="moments">Its sums.</param>
    /// <param name="traces">P at every draw, by 2·unit (+z) or 2·unit + 1 (−z) and draw.</param>
    public void Add(int row, ComponentMoments moments, double[][] traces)
    {
        for (int chain = 0; chain < traces.Length; chain++)
        {
            traces[chain].CopyTo(Data.Trace(row + 1, chain));
        }

        Data.Batches?.Set(row + 1, moments);
        Data.Response.SetRow(row, moments.Tokens, _tokens);
        Data.Dataset.SetRow(row, moments.Probes, _probes);
    }
}
