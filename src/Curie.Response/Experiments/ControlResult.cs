using Curie.Networks.Components;
using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Response.Experiments;

/// <summary>Turns the components' sums into the arrays and the health section of a control that was drawn directly.</summary>
internal sealed class ControlResult
{
    private readonly ScanHealth _judge;
    private readonly Dictionary<string, int> _places;
    private readonly ComponentHealth[] _health;
    private readonly double[] _tokenBaselines;
    private readonly double[] _probeBaselines;
    private FullShift? _fullTokens;
    private FullShift? _fullProbes;

    public ControlResult(
        RunShape shape,
        IReadOnlyList<ResponsePart> parts,
        ExperimentSampling sampling,
        SusceptibilityInputs inputs,
        InitialLosses initial
    )
    {
        _judge = new ScanHealth(inputs.Model.Layout.Config, inputs.Sampling, shape, initial.Mean);
        _places = sampling.Order.Select((component, place) => (component.Name, place)).ToDictionary();
        _health = new ComponentHealth[shape.Runs];
        _tokenBaselines = FullShift.BaselinesOf(initial.Tokens, initial.Mean);
        _probeBaselines = sampling.Layout.Means(_tokenBaselines);
        Data = new SusceptibilityData(shape, sampling.Design.Estimator, parts)
        {
            InitLossMean = initial.Mean,
            InitLossMeanStandardError = initial.MeanStandardError,
        };
        FollowedTokens.Fill(Data.Tokens, sampling.Selections);
        initial.Tokens.CopyTo(Data.Tokens.InitLoss, 0);
    }

    /// <summary>The arrays.</summary>
    public SusceptibilityData Data { get; }

    /// <summary>The health of every run, once all are added.</summary>
    public IReadOnlyList<ComponentHealth> Health => _health;

    /// <summary>Adds a component; `full` comes before the others.</summary>
    /// <param name="component">The component.</param>
    /// <param name="moments">Its sums.</param>
    /// <param name="traces">P at every draw, by 2·unit (+z) or 2·unit + 1 (−z) and draw.</param>
    public void Add(Component component, ComponentMoments moments, double[][] traces)
    {
        int run = _places[component.Name];
        for (int chain = 0; chain < traces.Length; chain++)
        {
            traces[chain].CopyTo(Data.Trace(run, chain));
        }

        Data.Batches?.Set(run, moments);
        _health[run] = _judge.Of(component, moments);
        if (_fullTokens is null || _fullProbes is null)
        {
            _fullTokens = FullShift.Estimate(moments.Tokens, _tokenBaselines);
            _fullProbes = FullShift.Estimate(moments.Probes, _probeBaselines);
            Data.SetFullShift(_fullTokens, _fullProbes);
        }
        else
        {
            Data.Response.SetRow(run - 1, moments.Tokens, _fullTokens);
            Data.Dataset.SetRow(run - 1, moments.Probes, _fullProbes);
        }
    }
}
