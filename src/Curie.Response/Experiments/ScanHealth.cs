using System.Globalization;
using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Sampling;
using Diagnosed = Curie.Sampling.Diagnostics.ComponentHealth;

namespace Curie.Response.Experiments;

/// <summary>What a scan says of its draws: how far they go, and how much of the model is left there.</summary>
/// <param name="config">The model's sizes.</param>
/// <param name="options">How far the draws go.</param>
/// <param name="shape">The sizes of the scan.</param>
/// <param name="initLoss">L0.</param>
internal sealed class ScanHealth(TransformerConfig config, SamplingOptions options, RunShape shape, double initLoss)
{
    /// <summary>Of <c>full</c>, which is not drawn.</summary>
    public static ComponentHealth OfFull() =>
        new(Component.FullName, [])
        {
            Notes = ["not sampled: a scan draws single components only, so it has neither the shift of full nor chi."],
        };

    /// <summary>Of a component.</summary>
    public ComponentHealth Of(Component component, ComponentMoments moments)
    {
        double rise = new BatchCovariance(moments.Tokens).Phi;
        double nullLine = Math.Log(config.Logits);
        double? lost = initLoss < nullLine ? rise / (nullLine - initLoss) : null;
        return new ComponentHealth(
            component.Name,
            [.. Enumerable.Range(0, shape.Chains).Select(chain => new ChainHealth(chain, ChainStatus.Healthy))]
        )
        {
            Diagnostics = new Dictionary<string, double?>
            {
                ["mean_loss"] = initLoss + rise,
                ["init_loss"] = initLoss,
                ["null_loss"] = nullLine,
                ["knowledge_lost"] = lost,
                ["localization_distance"] = options.LocalizationDistance(component.Restriction.Dimension),
            },
            Notes =
                lost > Diagnosed.LargestKnowledgeLost
                    ?
                    [
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"what the model knows is lost: the mean loss {initLoss + rise:G3} lies {100 * lost:G3} % of the way from "
                                + $"the checkpoint's {initLoss:G3} to the null line {nullLine:G3}: raise localization."
                        ),
                    ]
                    : [],
        };
    }
}
