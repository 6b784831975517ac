using Curie.Response.Estimators;
using Curie.Sampling;

namespace Curie.Response.Runs;

/// <summary>The contents of `susceptibility.npz`, all arrays allocated as zeros and filled in place.</summary>
public sealed class SusceptibilityData
{
    private readonly double[] _initLossMean = new double[1];
    private readonly double[] _initLossMeanStandardError = new double[1];

    /// <summary>Allocates the arrays of a run.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="estimator">How the covariance was estimated.</param>
    public SusceptibilityData(RunShape shape, CovarianceEstimator estimator = CovarianceEstimator.Product)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Shape = shape;
        Tokens = new TokenTable(shape.Tokens);
        Response = new PartMatrices<float>(shape.Components, shape.Tokens);
        Dataset = new PartMatrices<double>(shape.Components, shape.Probes);
        FullShift = new float[shape.Tokens];
        FullShiftStandardErrors = new float[shape.Tokens];
        FullShiftDataset = new double[shape.Probes];
        FullShiftDatasetStandardErrors = new double[shape.Probes];
        Batches = shape.Batches > 0 ? new BatchData(shape, estimator) : null;
        TraceLoss = new double[checked(shape.Runs * shape.Chains * shape.Draws)];
    }

    /// <summary>The bytes that a run's arrays take, with F and the losses at w* in float64 beside them.</summary>
    public static long BytesFor(RunShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        long parts = 2L * ResponseParts.All.Count * shape.Tokens;
        long perToken = (4 * sizeof(int)) + (3 * sizeof(float)) + (6 * sizeof(double));
        return (parts * shape.Components * sizeof(float)) + (perToken * shape.Tokens)
            + ((long)shape.Runs * shape.Chains * shape.Draws * sizeof(double))
            + BatchData.BytesFor(shape);
    }

    /// <summary>The sizes.</summary>
    public RunShape Shape { get; }

    /// <summary>Where every token comes from.</summary>
    public TokenTable Tokens { get; }

    /// <summary>Every part per token, components × tokens.</summary>
    public PartMatrices<float> Response { get; }

    /// <summary>Every part per probe, components × probes: the mean over the probe's tokens with its own standard error.</summary>
    public PartMatrices<double> Dataset { get; }

    /// <summary>F_i in nats, one per token.</summary>
    public float[] FullShift { get; }

    /// <summary>The standard error of F_i in nats.</summary>
    public float[] FullShiftStandardErrors { get; }

    /// <summary>The mean of F over each probe, in nats.</summary>
    public double[] FullShiftDataset { get; }

    /// <summary>The standard errors of <see cref="FullShiftDataset"/>.</summary>
    public double[] FullShiftDatasetStandardErrors { get; }

    /// <summary>The batch means that resampling needs; null where the run kept none.</summary>
    public BatchData? Batches { get; }

    /// <summary>P(s) in nats, runs (`full` first, then the components) × chains × draws; NaN from the draw at which a chain was stopped.</summary>
    public double[] TraceLoss { get; }

    /// <summary>L0 in nats: the mean loss at w* over the rows that give P.</summary>
    public double InitLossMean
    {
        get => _initLossMean[0];
        set => _initLossMean[0] = value;
    }

    /// <summary>The standard error of L0 over those rows, in nats; NaN for a single row.</summary>
    public double InitLossMeanStandardError
    {
        get => _initLossMeanStandardError[0];
        set => _initLossMeanStandardError[0] = value;
    }

    /// <summary>P at every draw of one chain; run 0 is `full`.</summary>
    public Span<double> Trace(int run, int chain) => TraceLoss.AsSpan(((run * Shape.Chains) + chain) * Shape.Draws, Shape.Draws);

    /// <summary>Stores F per token and per probe.</summary>
    public void SetFullShift(FullShift tokens, FullShift probes)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(probes);
        for (int i = 0; i < FullShift.Length; i++)
        {
            FullShift[i] = (float)tokens.Values[i];
            FullShiftStandardErrors[i] = (float)tokens.StandardErrors[i];
        }

        probes.Values.CopyTo(FullShiftDataset);
        probes.StandardErrors.CopyTo(FullShiftDatasetStandardErrors);
    }

    /// <summary>The arrays of the file, in its order.</summary>
    internal IEnumerable<RunArray> Arrays()
    {
        foreach (ResponsePart part in ResponseParts.All)
        {
            string name = part.Name();
            yield return new RunArray<float>(name, ["components", "tokens"], Meaning(part), Response.Values(part), Shape);
            yield return new RunArray<float>($"{name}_se", ["components", "tokens"], $"standard error of {name}", Response.StandardErrors(part), Shape);
            yield return new RunArray<double>($"{name}_dataset", ["components", "probes"], $"mean of {name} over the probe's tokens", Dataset.Values(part), Shape);
            yield return new RunArray<double>(
                $"{name}_dataset_se", ["components", "probes"], $"standard error of {name}_dataset", Dataset.StandardErrors(part), Shape);
        }

        yield return new RunArray<float>("full_shift", ["tokens"], "F = E_full[loss of the token - P], nats", FullShift, Shape);
        yield return new RunArray<float>("full_shift_se", ["tokens"], "standard error of full_shift", FullShiftStandardErrors, Shape);
        yield return new RunArray<double>("full_shift_dataset", ["probes"], "mean of full_shift over the probe's tokens", FullShiftDataset, Shape);
        yield return new RunArray<double>("full_shift_dataset_se", ["probes"], "standard error of full_shift_dataset", FullShiftDatasetStandardErrors, Shape);
        yield return new RunArray<int>("token_probe", ["tokens"], "index into probe_names", Tokens.Probe, Shape);
        yield return new RunArray<int>("token_row", ["tokens"], "row of the probe's data", Tokens.Row, Shape);
        yield return new RunArray<int>("token_position", ["tokens"], "position t in the row; the loss is that of predicting token t + 1", Tokens.Position, Shape);
        yield return new RunArray<int>("token_id", ["tokens"], "id of the predicted token t + 1", Tokens.Id, Shape);
        yield return new RunArray<float>("init_loss", ["tokens"], "loss of the token at w*, nats", Tokens.InitLoss, Shape);
        yield return new RunArray<double>(
            "trace_loss", ["runs", "chains", "draws"], "P at every draw, nats; NaN from the draw at which a chain was stopped", TraceLoss, Shape);
        yield return new RunArray<double>("init_loss_mean", [], "L0: mean loss at w* over the rows that give P, nats", _initLossMean, Shape);
        yield return new RunArray<double>(
            "init_loss_mean_se", [], "standard error of init_loss_mean over those rows; NaN for a single row", _initLossMeanStandardError, Shape);
    }

    private static string Meaning(ResponsePart part) => part switch
    {
        ResponsePart.Susceptibility => "two-run susceptibility, nats squared; covariance + renormalization",
        ResponsePart.Covariance => "-Cov_C(phi, loss of the token - P), nats squared",
        ResponsePart.Renormalization => "E_C[phi] * (full_shift - shift), nats squared",
        ResponsePart.Shift => "R = E_C[loss of the token - P], nats",
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };
}
