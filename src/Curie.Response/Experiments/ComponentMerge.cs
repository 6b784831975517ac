using Curie.Networks.Components;
using Curie.Numerics;
using Curie.Response.Accumulation;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>
/// Adds up the shares of a component in the order of its chains, one at a time, so that no more than one is held. The order fixes the
/// rounding: the result has the same bits however the chains were cut.
/// </summary>
/// <param name="component">The component.</param>
/// <param name="context">The experiment.</param>
internal sealed class ComponentMerge(Component component, ShareContext context) : IDisposable
{
    private readonly List<ComponentReport> _reports = [];
    private readonly double[]? _phiTrace = context.PhiTrace(component);
    private ComponentMoments? _moments;
    private ComponentMoments? _difference;
    private ComponentMoments? _gaussian;
    private Perturbation? _perturbation;
    private double? _nonlinearity;
    private float[]? _alignment;

    /// <summary>Of a component whose chains are all in one share, which is disposed.</summary>
    /// <exception cref="InputException">They are not.</exception>
    /// <exception cref="DivergenceException">A token's loss was not finite at some draw.</exception>
    public static ComponentMerge Of(Component component, ShareContext context, ComponentShare share)
    {
        ComponentMerge merge = new(component, context);
        try
        {
            merge.Add(share);
            return merge;
        }
        catch
        {
            merge.Dispose();
            throw;
        }
    }

    /// <summary>Adds the share whose chains follow those of the last, and disposes of it.</summary>
    /// <exception cref="InputException">Chains are missing, or there twice.</exception>
    /// <exception cref="DivergenceException">A token's loss was not finite at some draw.</exception>
    public void Add(ComponentShare share)
    {
        using ComponentShare added = share;
        if (_moments is null)
        {
            _perturbation = share.Perturbation;
            CovarianceEstimator estimator = ExperimentDesign.EstimatorOf(context.CompanyOf(component, _perturbation));
            _moments = new ComponentMoments(component.Name, context.Layout, estimator);
            _difference = context.Whole.HasLevels ? new ComponentMoments(component.Name, context.Layout) : null;
            _nonlinearity = share.OppositeCheck?.Nonlinearity;
            _alignment = share.Alignment;
            _gaussian = share.TakeGaussian();
        }
        else if (share.Perturbation != _perturbation)
        {
            throw new InputException(
                $"the shadows of {component.Name} were perturbed otherwise in one shard than in another: they come from different "
                    + "machines, "
                    + "models or versions, and are not merged."
            );
        }

        foreach (PairAccumulator unit in share.Units)
        {
            _moments.Add(unit);
        }

        foreach (PairAccumulator unit in share.Differences)
        {
            _difference?.Add(unit);
        }

        ChainRange range = share.Report.Range;
        if (_phiTrace is not null && share.PhiTrace is { } phi)
        {
            int draws = share.Report.Options.Draws;
            phi.AsSpan(range.First * draws, range.Count * draws).CopyTo(_phiTrace.AsSpan(range.First * draws));
        }

        _reports.Add(share.Report);
    }

    /// <summary>What all chains together left behind.</summary>
    /// <exception cref="InputException">Chains are missing, or there twice.</exception>
    public SampledMoments Complete() =>
        new(ComponentReport.Merge(_reports), _moments!, _gaussian, _difference, _perturbation, _nonlinearity)
        {
            PhiTrace = _phiTrace,
            Alignment = _alignment,
        };

    /// <inheritdoc/>
    public void Dispose()
    {
        _moments?.Dispose();
        _difference?.Dispose();
        _gaussian?.Dispose();
    }
}
