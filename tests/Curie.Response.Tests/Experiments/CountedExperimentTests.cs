using System.Text.Json;
using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics.Parallelism;
using Curie.Response.Estimators;
using Curie.Response.Experiments;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Response.Tests.Experiments;

/// <summary>Susceptibilities of which only some positions count.</summary>
public sealed class CountedExperimentTests : IDisposable
{
    private static readonly string Source = ReferenceFiles.Susceptibility("3-attention-shortformer");
    private readonly TemporaryFolder _folder = new();
    private readonly List<IDisposable> _owned = [];
    private readonly ParameterSet _model;
    private readonly TokenRows _data;
    private readonly TokenRows _near;

    public CountedExperimentTests()
    {
        _model = Own(ModelReader.Load(Path.Combine(Source, "model")));
        _data = Own(TokenRows.Load(Path.Combine(Source, "pile.npy")));
        _near = Own(TokenRows.Load(Path.Combine(Source, "near.npy")));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _owned.ForEach(owned => owned.Dispose());
    }

    /// <summary>
    /// No prediction sees what comes after it, so the first positions alone have everything of rows cut off behind them: posterior,
    /// shadows, two levels, followed tokens. Losses of the two are float32 sums in another order, 1e-6 apart; the response divides such a
    /// difference by a perturbation whose change of P is a thousand roundings, so that 1 % of its spread is ten times what rounding
    /// leaves.
    /// </summary>
    [Theory]
    [InlineData(CovarianceEstimator.Response, 0.01)]
    [InlineData(CovarianceEstimator.Product, 0.01)]
    public void The_first_positions_alone_are_rows_cut_off_behind_them(CovarianceEstimator estimator, double tolerance)
    {
        int kept = (_data.ContextLength - 1) / 2;
        CountedPositions first = CountedPositions.OfEveryRow([
            .. Enumerable.Range(0, _data.ContextLength - 1).Select(position => position < kept),
        ]);
        SusceptibilityRun counted = Run(Inputs(_data, _near, first) with { Covariance = estimator });
        SusceptibilityRun cut = Run(Inputs(Cut(_data), Cut(_near), null) with { Covariance = estimator });
        Assert.Equal(cut.Manifest.Shape, counted.Manifest.Shape);
        Assert.Equal(cut.Data.Tokens.Position, counted.Data.Tokens.Position);
        Assert.Equal(cut.Data.InitLossMean, counted.Data.InitLossMean, 1e-5);
        Assert.All(cut.Data.TraceLoss.Zip(counted.Data.TraceLoss), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        foreach (ResponsePart part in cut.Data.Parts)
        {
            float[] expected = cut.Data.Response.Values(part);
            float[] actual = counted.Data.Response.Values(part);
            double spread = Math.Sqrt(expected.Average(value => (double)value * value));
            Assert.All(expected.Zip(actual), pair => Assert.InRange((pair.Second - pair.First) / spread, -tolerance, tolerance));
        }

        TokenRows Cut(TokenRows rows) =>
            Own(new TokenRows([.. Enumerable.Range(0, rows.Count).SelectMany(row => rows.Row(row).Take(kept + 1))], kept + 1));
    }

    [Fact]
    public void Positions_that_all_count_change_no_bit()
    {
        CountedPositions all = CountedPositions.OfEveryRow([.. Enumerable.Repeat(true, _data.ContextLength - 1)]);
        SusceptibilityRun plain = Run(Inputs(_data, _near, null));
        SusceptibilityRun marked = Run(Inputs(_data, _near, all));
        Assert.Equal(plain.Data.TraceLoss, marked.Data.TraceLoss);
        foreach (ResponsePart part in plain.Data.Parts)
        {
            Assert.Equal(plain.Data.Response.Values(part), marked.Data.Response.Values(part));
            Assert.Equal(plain.Data.Response.StandardErrors(part), marked.Data.Response.StandardErrors(part));
        }

        Assert.Equal(plain.Data.Alignment, marked.Data.Alignment);
    }

    /// <summary>Rows count by their positions: L0 is the mean over counted tokens, and no other token is followed or drawn.</summary>
    [Fact]
    public void Rows_with_other_positions_each_give_the_mean_over_all_of_them()
    {
        int positions = _data.ContextLength - 1;
        CountedPositions ofData = Marks(_data, i => i % (2 + (i / positions)) == 0);
        CountedPositions ofNear = Marks(_near, i => i % 3 == 1);
        SusceptibilityInputs inputs = Inputs(_data, _near, null);
        inputs = inputs with { CountedPositions = ofData, Probes = [inputs.Probes[0] with { CountedPositions = ofNear, Tokens = 20 }] };
        SusceptibilityRun run = Run(inputs);
        Assert.Equal(20, run.Data.Tokens.Count);
        for (int i = 0; i < 20; i++)
        {
            Assert.True(ofNear.Row(run.Data.Tokens.Row[i])[run.Data.Tokens.Position[i]]);
        }

        SusceptibilityRun ofRows = Run(inputs with { CountedPositions = null, Probes = [new ProbeInput { Name = "data", Rows = _data }] });
        int[] lossRows = [.. Enumerable.Range(0, 7)];
        Assert.Equal(ofData.Slots(lossRows).Average(slot => (double)ofRows.Data.Tokens.InitLoss[slot]), run.Data.InitLossMean, 1e-6);
        Assert.All(run.Data.Response.Values(ResponsePart.Covariance), value => Assert.True(float.IsFinite(value)));

        static CountedPositions Marks(TokenRows rows, Func<int, bool> counts) =>
            CountedPositions.OfRows([.. Enumerable.Range(0, rows.Count * (rows.ContextLength - 1)).Select(counts)], rows.ContextLength - 1);
    }

    private SusceptibilityInputs Inputs(TokenRows data, TokenRows near, CountedPositions? counted) =>
        new()
        {
            Model = _model,
            Data = data,
            CountedPositions = counted,
            Components = new ComponentParser(_model.Layout).ParseAll(["full", "l0h1", "l1h2", "l2h4", "l1.attn"]),
            Probes =
            [
                new ProbeInput
                {
                    Name = "near",
                    Rows = near,
                    CountedPositions = counted,
                },
            ],
            Sampling = new SamplingOptions
            {
                StepSize = 0.002,
                NBeta = 100,
                Localization = 300,
                Chains = 2,
                Draws = 8,
                Antithetic = true,
            },
            BatchSize = 3,
            LossRows = 7,
            FullDraws = 8,
            Configuration = JsonSerializer.SerializeToElement("counted"),
            Fingerprint = "counted",
        };

    private SusceptibilityRun Run(SusceptibilityInputs inputs)
    {
        string folder = _folder.File(Path.GetRandomFileName());
        Directory.CreateDirectory(folder);
        using Machine machine = Machine.Create(2);
        new SusceptibilityExperiment(inputs, machine).Run(folder, resume: false, null, CancellationToken.None);
        return RunFolder.Read(folder);
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
