using System.Numerics;
using Curie.Response.Estimators;
using Curie.Sampling;

namespace Curie.Response.Runs;

/// <summary>The contents of `susceptibility.npz`, all arrays allocated as zeros and filled in place.</summary>
public sealed class SusceptibilityData
{
    private const string AlignmentName = "alignment";
    private const string PhiTraceName = "trace_phi";
    private const string SlopeName = "llc_slope_dataset";
    private readonly double[] _initLossMean = new double[1];
    private readonly double[] _initLossMeanStandardError = new double[1];

    /// <summary>Allocates the arrays of a run.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="estimator">How the covariance was estimated.</param>
    /// <param name="parts">The parts that the run holds; null for all.</param>
    public SusceptibilityData(
        RunShape shape,
        CovarianceEstimator estimator = CovarianceEstimator.Product,
        IReadOnlyList<ResponsePart>? parts = null
    )
    {
        ArgumentNullException.ThrowIfNull(shape);
        Shape = shape;
        Tokens = new TokenTable(shape.Tokens);
        Response = new PartMatrices<float>(shape.Components, shape.Tokens, parts);
        Dataset = new PartMatrices<double>(shape.Components, shape.Probes, parts);
        FullShift = new float[shape.Tokens];
        FullShiftStandardErrors = new float[shape.Tokens];
        FullShiftDataset = new double[shape.Probes];
        FullShiftDatasetStandardErrors = new double[shape.Probes];
        FullExcess = new float[shape.Tokens];
        FullExcessDataset = new double[shape.Probes];
        Batches = shape.Batches > 0 ? new BatchData(shape, estimator, Parts.Any(part => part.UsesCovariance)) : null;
        TraceLoss = new double[checked(shape.Runs * shape.Chains * shape.Draws)];
    }

    /// <summary>
    /// The bytes that the arrays of a run of all parts and levels take, the alignment among them, with F and the losses at w* in float64
    /// beside them.
    /// </summary>
    public static long BytesFor(RunShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        long parts = ((2L * ResponsePart.All.Count) + 1) * shape.Tokens;
        long perToken = (4 * sizeof(int)) + (4 * sizeof(float)) + (6 * sizeof(double));
        return (parts * shape.Components * sizeof(float))
            + (perToken * shape.Tokens)
            + ((long)shape.Runs * shape.Chains * shape.Draws * sizeof(double))
            + BatchData.BytesFor(shape)
            + LevelData.BytesFor(shape);
    }

    /// <summary>The sizes.</summary>
    public RunShape Shape { get; }

    /// <summary>The parts that the run holds, in the order of the files.</summary>
    public IReadOnlyList<ResponsePart> Parts => Response.Parts;

    /// <summary>Where every token comes from.</summary>
    public TokenTable Tokens { get; }

    /// <summary>The parts per token, components × tokens.</summary>
    public PartMatrices<float> Response { get; }

    /// <summary>The parts per probe, components × probes: the mean over the probe's tokens with its own standard error.</summary>
    public PartMatrices<double> Dataset { get; }

    /// <summary>
    /// What the gradients at w* predict of the covariance part without sampling, −σ0²·g_P·(g_i − g_P) in nats², components × tokens; null
    /// where nothing moves the
    /// weights or holds them, and in runs of earlier versions.
    /// </summary>
    public float[]? Alignment { get; private set; }

    /// <summary>The derivative of the learning coefficient with the data, components × probes; null in runs of earlier versions.</summary>
    public CoefficientSlopes? Slopes { get; private set; }

    /// <summary>F_i in nats, one per token.</summary>
    public float[] FullShift { get; }

    /// <summary>The standard error of F_i in nats.</summary>
    public float[] FullShiftStandardErrors { get; }

    /// <summary>The mean of F over each probe, in nats.</summary>
    public double[] FullShiftDataset { get; }

    /// <summary>The standard errors of <see cref="FullShiftDataset"/>.</summary>
    public double[] FullShiftDatasetStandardErrors { get; }

    /// <summary>F_i − (ℓ_i(w*) − L0) in nats, one per token: the excess of the run `full`, whose standard errors are those of F.</summary>
    public float[] FullExcess { get; }

    /// <summary>The mean of <see cref="FullExcess"/> over each probe, in nats.</summary>
    public double[] FullExcessDataset { get; }

    /// <summary>The two levels; null where they were not measured.</summary>
    public LevelData? Levels { get; init; }

    /// <summary>The covariance of `full`; null where it was not asked for.</summary>
    public FullCovariance? FullCovariance { get; init; }

    /// <summary>The batch means that resampling needs; null where the run kept none.</summary>
    public BatchData? Batches { get; }

    /// <summary>
    /// P(s) in nats, runs (`full` first, then the components) × chains × draws; NaN from the draw at which a chain was stopped.
    /// </summary>
    public double[] TraceLoss { get; }

    /// <summary>φ(s) in nats, like <see cref="TraceLoss"/>, where the observable is not P; null where φ is P − L0.</summary>
    public double[]? TracePhi { get; private set; }

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

    /// <summary>φ at every draw of one chain, where the observable is not P; run 0 is `full`.</summary>
    /// <exception cref="InvalidOperationException">φ is P − L0.</exception>
    public Span<double> PhiTrace(int run, int chain) =>
        TracePhi is { } trace
            ? trace.AsSpan(((run * Shape.Chains) + chain) * Shape.Draws, Shape.Draws)
            : throw new InvalidOperationException("The observable is P.");

    /// <summary>The mean of φ over some draws of one chain, nats; NaN where the chain was stopped before them.</summary>
    public double MeanPhi(int run, int chain, Range draws)
    {
        ReadOnlySpan<double> trace = (TracePhi is null ? Trace(run, chain) : PhiTrace(run, chain))[draws];
        double origin = TracePhi is null ? InitLossMean : 0;
        double sum = 0;
        foreach (double value in trace)
        {
            sum += value - origin;
        }

        return sum / trace.Length;
    }

    /// <summary>
    /// P at every draw, averaged over the chains of every unit (<see cref="RunShape.Units"/>) whose chains were sampled to their end; run 0
    /// is `full`.
    /// </summary>
    public double[][] HealthyTraces(int run)
    {
        double[][] units = [.. Enumerable.Range(0, Shape.Units).Select(_ => new double[Shape.Draws])];
        for (int chain = 0; chain < Shape.Chains; chain++)
        {
            double[] unit = units[chain / Shape.ChainsPerUnit];
            Span<double> trace = Trace(run, chain);
            for (int draw = 0; draw < unit.Length; draw++)
            {
                unit[draw] += trace[draw] / Shape.ChainsPerUnit;
            }
        }

        // A stopped chain's trace ends in NaN.
        return [.. units.Where(trace => Array.TrueForAll(trace, double.IsFinite))];
    }

    /// <summary>Stores what the gradients predict of the covariance part of a component.</summary>
    /// <param name="row">The component's row.</param>
    /// <param name="values">One value per token, nats².</param>
    /// <exception cref="ArgumentException">There is not one value per token.</exception>
    public void SetAlignment(int row, ReadOnlySpan<float> values)
    {
        if (values.Length != Shape.Tokens)
        {
            throw new ArgumentException($"{values.Length} values were given for {Shape.Tokens} tokens.", nameof(values));
        }

        values.CopyTo(AddAlignment().AsSpan(row * Shape.Tokens, Shape.Tokens));
    }

    /// <summary>Gives <see cref="TracePhi"/> its place.</summary>
    public void AddPhiTrace() => TracePhi ??= new double[TraceLoss.Length];

    /// <summary>Gives <see cref="Slopes"/> their place.</summary>
    public CoefficientSlopes AddSlopes() => Slopes ??= new CoefficientSlopes(Shape.Components, Shape.Probes);

    /// <summary>Stores F per token and per probe, and its excess.</summary>
    public void SetFullShift(FullShift tokens, FullShift probes)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(probes);
        for (int i = 0; i < FullShift.Length; i++)
        {
            FullShift[i] = (float)tokens.Values[i];
            FullShiftStandardErrors[i] = (float)tokens.StandardErrors[i];
            FullExcess[i] = (float)tokens.Changes[i];
        }

        probes.Values.CopyTo(FullShiftDataset);
        probes.StandardErrors.CopyTo(FullShiftDatasetStandardErrors);
        probes.Changes.CopyTo(FullExcessDataset);
    }

    /// <summary>Takes the excess from the shift and the losses at w*, for a run of a version that did not store it.</summary>
    internal void DeriveExcess()
    {
        double[] baselines = Estimators.FullShift.BaselinesOf(Tokens.InitLoss, InitLossMean);
        double[] means = new double[Shape.Probes];
        int[] counts = new int[Shape.Probes];
        for (int i = 0; i < baselines.Length; i++)
        {
            means[Tokens.Probe[i]] += baselines[i];
            counts[Tokens.Probe[i]]++;
        }

        for (int probe = 0; probe < means.Length; probe++)
        {
            means[probe] /= counts[probe];
        }

        Subtract(Response, baselines);
        Subtract(Dataset, means);
        for (int i = 0; i < baselines.Length; i++)
        {
            FullExcess[i] = (float)(FullShift[i] - baselines[i]);
        }

        for (int probe = 0; probe < means.Length; probe++)
        {
            FullExcessDataset[probe] = FullShiftDataset[probe] - means[probe];
        }
    }

    private static void Subtract<T>(PartMatrices<T> matrices, double[] baselines)
        where T : unmanaged, INumberBase<T>
    {
        T[] shift = matrices.Values(ResponsePart.Shift);
        T[] excess = matrices.Values(ResponsePart.Excess);
        for (int i = 0; i < shift.Length; i++)
        {
            excess[i] = T.CreateTruncating(double.CreateTruncating(shift[i]) - baselines[i % matrices.Columns]);
        }

        matrices.StandardErrors(ResponsePart.Shift).CopyTo(matrices.StandardErrors(ResponsePart.Excess), 0);
    }

    /// <summary>Makes room for those arrays of a run's file that runs of earlier versions do not have.</summary>
    /// <param name="names">The names of its arrays.</param>
    internal void AddOptional(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            if (name == AlignmentName)
            {
                AddAlignment();
            }
            else if (name == SlopeName)
            {
                AddSlopes();
            }
            else if (name == PhiTraceName)
            {
                AddPhiTrace();
            }
        }
    }

    /// <summary>The arrays of the file, in its order.</summary>
    /// <param name="excess">Whether with the excess, which versions before did not store.</param>
    internal IEnumerable<RunArray> Arrays(bool excess = true)
    {
        foreach (ResponsePart part in Parts.Where(part => excess || part != ResponsePart.Excess))
        {
            string name = part.Name;
            yield return new RunArray<float>(name, ["components", "tokens"], part.Meaning, Response.Values(part), Shape);
            yield return new RunArray<float>(
                $"{name}_se",
                ["components", "tokens"],
                $"standard error of {name}",
                Response.StandardErrors(part),
                Shape
            );
            yield return new RunArray<double>(
                $"{name}_dataset",
                ["components", "probes"],
                $"mean of {name} over the probe's tokens",
                Dataset.Values(part),
                Shape
            );
            yield return new RunArray<double>(
                $"{name}_dataset_se",
                ["components", "probes"],
                $"standard error of {name}_dataset",
                Dataset.StandardErrors(part),
                Shape
            );
        }

        if (Alignment is not null)
        {
            yield return new RunArray<float>(
                AlignmentName,
                ["components", "tokens"],
                "-sigma0^2 * g_P . (g_i - g_P) of the gradients at w*: covariance without sampling, nats squared",
                Alignment,
                Shape
            );
        }

        if (Slopes is not null)
        {
            yield return new RunArray<double>(
                SlopeName,
                ["components", "probes"],
                "derivative of the learning coefficient with the share of the probe in the data",
                Slopes.Values,
                Shape
            );
            yield return new RunArray<double>(
                $"{SlopeName}_se",
                ["components", "probes"],
                $"standard error of {SlopeName}",
                Slopes.StandardErrors,
                Shape
            );
        }

        yield return new RunArray<float>("full_shift", ["tokens"], "F = E_full[loss of the token - P], nats", FullShift, Shape);
        yield return new RunArray<float>("full_shift_se", ["tokens"], "standard error of full_shift", FullShiftStandardErrors, Shape);
        yield return new RunArray<double>(
            "full_shift_dataset",
            ["probes"],
            "mean of full_shift over the probe's tokens",
            FullShiftDataset,
            Shape
        );
        yield return new RunArray<double>(
            "full_shift_dataset_se",
            ["probes"],
            "standard error of full_shift_dataset",
            FullShiftDatasetStandardErrors,
            Shape
        );
        if (excess)
        {
            yield return new RunArray<float>("full_excess", ["tokens"], "full_shift less its value at w*, nats", FullExcess, Shape);
            yield return new RunArray<float>(
                "full_excess_se",
                ["tokens"],
                "standard error of full_excess: that of full_shift",
                FullShiftStandardErrors,
                Shape
            );
            yield return new RunArray<double>(
                "full_excess_dataset",
                ["probes"],
                "mean of full_excess over the probe's tokens",
                FullExcessDataset,
                Shape
            );
            yield return new RunArray<double>(
                "full_excess_dataset_se",
                ["probes"],
                "standard error of full_excess_dataset: that of full_shift_dataset",
                FullShiftDatasetStandardErrors,
                Shape
            );
        }

        foreach (RunArray array in (FullCovariance?.Arrays() ?? []).Concat(Levels?.Arrays() ?? []))
        {
            yield return array;
        }

        yield return new RunArray<int>("token_probe", ["tokens"], "index into probe_names", Tokens.Probe, Shape);
        yield return new RunArray<int>("token_row", ["tokens"], "row of the probe's data", Tokens.Row, Shape);
        yield return new RunArray<int>(
            "token_position",
            ["tokens"],
            "position t in the row; the loss is that of predicting token t + 1",
            Tokens.Position,
            Shape
        );
        yield return new RunArray<int>("token_id", ["tokens"], "id of the predicted token t + 1", Tokens.Id, Shape);
        yield return new RunArray<float>("init_loss", ["tokens"], "loss of the token at w*, nats", Tokens.InitLoss, Shape);
        yield return new RunArray<double>(
            "trace_loss",
            ["runs", "chains", "draws"],
            "P at every draw, nats; NaN from the draw at which a chain was stopped",
            TraceLoss,
            Shape
        );
        if (TracePhi is not null)
        {
            yield return new RunArray<double>(
                PhiTraceName,
                ["runs", "chains", "draws"],
                "phi at every draw, nats; NaN from the draw at which a chain was stopped",
                TracePhi,
                Shape
            );
        }

        yield return new RunArray<double>(
            "init_loss_mean",
            [],
            "L0: mean loss at w* over the rows that give P, nats",
            _initLossMean,
            Shape
        );
        yield return new RunArray<double>(
            "init_loss_mean_se",
            [],
            "standard error of init_loss_mean over those rows; NaN for a single row",
            _initLossMeanStandardError,
            Shape
        );
    }

    private float[] AddAlignment() => Alignment ??= new float[checked(Shape.Components * Shape.Tokens)];
}
