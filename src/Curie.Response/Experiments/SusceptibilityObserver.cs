using Curie.Networks.Restricted;
using Curie.Numerics.Parallelism;
using Curie.Response.Accumulation;
using Curie.Sampling;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>
/// At every draw: P on the loss rows, ℓ_i of every followed token, at the chains and at their companions, and all of it into the sums of
/// each pair. Of a shadow the change
/// of P is taken on one block of rows, another at each draw, the same for shadow and chain.
/// </summary>
internal sealed class SusceptibilityObserver : NetworkObserver
{
    private readonly MeanLoss _meanLoss;
    private readonly ProbeLosses _probes;
    private readonly IReadOnlyList<ComponentInProgress> _components;
    private readonly SamplingOptions _sampling;
    private readonly InitialLosses _initial;
    private readonly ObservedTokens? _observed;
    private readonly WorkerPool _pool;
    private readonly bool[] _partial;
    private readonly double[] _rises;
    private readonly double[] _blockMeans;
    private int _draw;

    /// <param name="group">The components that vary.</param>
    /// <param name="meanLoss">Evaluates the loss rows.</param>
    /// <param name="probes">Evaluates the followed tokens.</param>
    /// <param name="components">Where the draws of each component go.</param>
    /// <param name="sampling">How chains move.</param>
    /// <param name="initial">The losses at w*.</param>
    /// <param name="observed">The tokens whose loss is observed; null where that is P.</param>
    /// <param name="pool">Shares the work of accumulating.</param>
    public SusceptibilityObserver(
        IRestrictedGroup group,
        MeanLoss meanLoss,
        ProbeLosses probes,
        IReadOnlyList<ComponentInProgress> components,
        SamplingOptions sampling,
        InitialLosses initial,
        ObservedTokens? observed,
        WorkerPool pool
    )
        : base(group)
    {
        _meanLoss = meanLoss;
        _probes = probes;
        _components = components;
        _sampling = sampling;
        _initial = initial;
        _observed = observed;
        _pool = pool;
        _partial = new bool[CapacityOf(group)];
        _rises = new double[components.Count];
        _blockMeans = new double[components.Count];
    }

    private int Block => _draw % _meanLoss.Blocks;

    /// <inheritdoc/>
    protected override void Evaluate(ReadOnlySpan<LoadedWeights> points, ReadOnlySpan<int> vectors, int draw)
    {
        _draw = draw;
        for (int index = 0; index < points.Length; index++)
        {
            _partial[index] = _components[points[index].Component].Company.IsPerturbed(vectors[index]);
        }

        _meanLoss.Evaluate(points, _partial.AsSpan(0, points.Length), Block);
        bool anyFinite = false;
        for (int index = 0; index < points.Length; index++)
        {
            anyFinite |= double.IsFinite(_meanLoss.BlockMean(index, Block));
        }

        if (anyFinite)
        {
            _probes.Evaluate(points);
        }
    }

    /// <inheritdoc/>
    protected override double Take(int member, int chain, int vector, int index)
    {
        ComponentInProgress component = _components[member];
        int chains = _sampling.ChainsPerUnit;
        int unit = chain / chains;
        bool differs = component.Company.ComparesTwins(_draw);
        if (vector == 0 && chain % chains == 0)
        {
            component.Unit(unit).BeginDraw();
            if (differs)
            {
                component.Difference(unit).BeginDraw();
            }
        }

        double blockMean = _meanLoss.BlockMean(index, Block);
        double p = component.Company.IsPerturbed(vector)
            ? _initial.Mean + _rises[member] + (blockMean - _blockMeans[member])
            : _meanLoss.Mean(index);
        if (vector == 0)
        {
            _rises[member] = p - _initial.Mean;
            _blockMeans[member] = blockMean;
        }

        if (double.IsFinite(p))
        {
            Add(component, chain, vector, p - _initial.Mean, _probes.Losses(index));
        }

        if (chain % chains == chains - 1 && component.Company.IsLast(chain, _draw, vector))
        {
            component.Unit(unit).EndDraw(_pool);
            if (differs)
            {
                component.Difference(unit).EndDraw(_pool);
            }
        }

        return p;
    }

    private void Add(ComponentInProgress component, int chain, int vector, double rise, ReadOnlySpan<float> losses)
    {
        ComponentCompany company = component.Company;
        int chains = _sampling.ChainsPerUnit;
        PairAccumulator unit = component.Unit(chain / chains);
        bool differs = company.ComparesTwins(_draw);
        double? phi = company.IsPerturbed(vector) ? null : _observed?.Phi(losses, _initial.Tokens);
        OppositeCheck? check = company.ComparesOpposites(chain, _draw) ? component.OppositeCheck : null;
        if (vector == 0)
        {
            unit.Add(losses, _initial.Tokens, OwnWeight(company, rise, phi), _pool);
            if (component.PhiTrace is { } trace)
            {
                trace[(chain * (trace.Length / _sampling.Chains)) + _draw] = phi!.Value;
            }

            check?.Add(losses, _initial.Tokens, rise, forward: -1, backward: 1);
            if (differs)
            {
                component.Difference(chain / chains).Add(losses, _initial.Tokens, EvaluationWeight.OfMean(rise, 1.0 / chains, phi), _pool);
            }
        }
        else if (vector == company.Shadow)
        {
            unit.Add(losses, _initial.Tokens, EvaluationWeight.OfShadow(rise, StrengthOf(company.Perturbation!), chains), _pool);
            check?.Add(losses, _initial.Tokens, rise, forward: 1, backward: 0);
        }
        else if (vector == company.Opposite)
        {
            check?.Add(losses, _initial.Tokens, rise, forward: 0, backward: -1);
        }
        else
        {
            component.Difference(chain / chains).Add(losses, _initial.Tokens, EvaluationWeight.OfMean(rise, -1.0 / chains, phi), _pool);
        }
    }

    private EvaluationWeight OwnWeight(ComponentCompany company, double rise, double? phi) =>
        company.Perturbation is { } perturbation
            ? EvaluationWeight.OfChain(rise, StrengthOf(perturbation), _sampling.ChainsPerUnit, phi)
            : EvaluationWeight.OfProduct(rise, _sampling.ChainsPerUnit, phi);

    private double StrengthOf(Perturbation perturbation) => perturbation.Strength / (_sampling.NoiseLevel * _sampling.NoiseLevel);
}
