using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Numerics.Memory;
using Curie.Text.Packing;

namespace Curie.Networks.Restricted;

/// <summary>
/// Components of one network that are evaluated side by side, each with all other parameters at w*; whatever none of them changes is
/// computed once for all. Results have the same bits in whatever company a component or a weight vector is evaluated.
/// </summary>
public interface IRestrictedGroup : IDisposable
{
    /// <summary>The components, by whose index in this list the other members name them.</summary>
    IReadOnlyList<Component> Components { get; }

    /// <summary>How many weight vectors of each component are held and evaluated together: 1 for components without a shortcut.</summary>
    int Slots { get; }

    /// <summary>How many of them, the first ones, may be asked for gradients, and are together.</summary>
    int GradientSlots { get; }

    /// <summary>Writes w* restricted to a component.</summary>
    void CopyOrigin(int component, Span<float> w);

    /// <summary>Puts a weight vector of a component in place.</summary>
    /// <param name="component">Its index in <see cref="Components"/>.</param>
    /// <param name="slot">0 … <see cref="Slots"/> − 1.</param>
    /// <param name="w">The component's parameters, in its restriction's order.</param>
    void Load(int component, int slot, ReadOnlySpan<float> w);

    /// <summary>Prepares fixed rows that are evaluated again and again; to be disposed before the group.</summary>
    /// <param name="rows">Token rows.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="wanted">
    /// row·(n_ctx − 1) + position of the tokens wanted, ascending, rows counted within <paramref name="indices"/>; null for all.
    /// </param>
    /// <param name="memory">The bytes of frozen activations that may be kept; what does not fit is computed again, with the same
    /// bits.</param>
    IFrozenRows Freeze(TokenRows rows, IReadOnlyList<int> indices, IReadOnlyList<int>? wanted, long memory);

    /// <summary>
    /// The mean loss of a minibatch and its gradient at weight vectors that were loaded, several of one component among them, the same rows
    /// for all.
    /// </summary>
    /// <param name="rows">Token rows.</param>
    /// <param name="batch">The minibatch: indices of rows.</param>
    /// <param name="points">The weight vectors, each once, in slots below <see cref="GradientSlots"/>; those of a component are best side
    /// by side.</param>
    /// <param name="losses">losses[i] receives L at points[i], nats per token, summed in float64.</param>
    /// <param name="gradients">gradients[i], of its component's dimension, receives ∂L/∂w at points[i] in its restriction's order.</param>
    /// <param name="counts">How much each prediction of <paramref name="rows"/> counts in L; null for all alike.</param>
    void LossesAndGradients(
        TokenRows rows,
        ReadOnlySpan<int> batch,
        ReadOnlySpan<LoadedWeights> points,
        Span<double> losses,
        IReadOnlyList<AlignedBuffer<float>> gradients,
        LossWeights? counts = null
    );
}
