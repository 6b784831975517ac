using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Coupling;
using Curie.Sampling.Networks;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Sampling.Tests.Networks;

/// <summary>What the garbage collector sees of an update.</summary>
public sealed class StepAllocationTests
{
    /// <summary>
    /// Advancing to a draw may allocate a little, whatever the number of updates: 41 updates of every chain allocate exactly as many bytes
    /// as one,
    /// so an update allocates none. One worker, so that the calling thread does all the work.
    /// </summary>
    [Theory]
    [InlineData("2-gelu-standard", "sgld", "full")]
    [InlineData("2-gelu-standard", "sgld", "l1.mlp")]
    [InlineData("2-gelu-standard", "sgld", "l0h1", "l0h3")]
    [InlineData("3-attention-shortformer", "sgld", "l2h0", "l2h4", "l2h1")]
    [InlineData("3-attention-shortformer", "rmsprop-sgld", "l1h0", "l1h2")]
    [InlineData("3-attention-shortformer", "sgnht", "l2h0", "l2h4")]
    public void An_update_of_components_in_lockstep_allocates_nothing(string model, string sampler, params string[] names) =>
        RequireNoAllocation(model, Sampler.Parse(sampler), coupled: false, names);

    [Theory]
    [InlineData("2-gelu-standard", "sgld", "full")]
    [InlineData("2-gelu-standard", "sgld", "l0h1", "l0h3")]
    [InlineData("3-attention-shortformer", "rmsprop-sgld", "l2h0", "l2h4", "l2h1")]
    public void An_update_of_antithetic_pairs_with_companions_allocates_nothing(string model, string sampler, params string[] names) =>
        RequireNoAllocation(model, Sampler.Parse(sampler), coupled: true, names);

    [Theory]
    [InlineData("2-gelu-standard", "full")]
    [InlineData("3-attention-shortformer", "l2h0", "l2h4")]
    public void An_update_of_companions_that_are_perturbed_by_a_difference_of_losses_allocates_nothing(
        string model,
        params string[] names
    ) => RequireNoAllocation(model, Sampler.Sgld, coupled: true, names, difference: true);

    private static void RequireNoAllocation(string model, Sampler sampler, bool coupled, string[] names, bool difference = false)
    {
        string folder = ReferenceFiles.Susceptibility(model);
        using ParameterSet parameters = ModelReader.Load(Path.Combine(folder, "model"));
        using TokenRows data = TokenRows.Load(Path.Combine(folder, "pile.npy"));
        Assert.Equal(Allocated(1), Allocated(41));

        long Allocated(int updates)
        {
            using Machine machine = Machine.Create(1);
            using TransformerEvaluator evaluator = new(parameters.Layout.Config, machine);
            using FrozenNetwork network = new(parameters, evaluator);
            IReadOnlyList<Component> components = new ComponentParser(parameters.Layout).ParseAll(names);
            using IRestrictedGroup group = RestrictedGroups.Create(network, components, slots: 4, gradientSlots: coupled ? 4 : 1);
            SamplingOptions options = new()
            {
                Sampler = sampler,
                Chains = 2,
                Draws = 3,
                StepsBetweenDraws = updates,
                Localization = 50,
                Antithetic = coupled,
            };
            ObservableRows observable = new(data, [0, 1, 2], count: 2, chains: 2, seed: 1);
            using NetworkSurfaces surfaces = difference
                ? new(
                    group,
                    data,
                    RowOrder.Shuffled,
                    batchSize: 3,
                    chains: 2,
                    seed: 1,
                    [new(observable, 1), new(new ObservableRows(data, [3, 4], count: 1, chains: 2, seed: 1), -1)]
                )
                : new(group, data, RowOrder.Shuffled, batchSize: 3, options, observable, TestRun.Kernels, initLoss: 1, strength: 1);
            IReadOnlyList<Companion> companions = coupled ? [Companion.Shadow(1), Companion.LossFree(2)] : [];
            SampledComponent[] sampled =
            [
                .. components.Select(
                    (component, place) => new SampledComponent(component.Name, surfaces.Surfaces[place], 1) { Companions = companions }
                ),
            ];
            using GroupRun run = new(surfaces, sampled, options, machine);
            double[] losses = [1, 1];
            long before = 0;
            for (int draw = 0; draw < 2; draw++)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
                IReadOnlyList<int> members = run.AdvanceToNextDraw();
                before = GC.GetAllocatedBytesForCurrentThread() - before;
                foreach (int member in members)
                {
                    run.Runs[member].Record(losses);
                }
            }

            return before;
        }
    }
}
