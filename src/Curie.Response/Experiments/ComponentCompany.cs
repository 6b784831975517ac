using Curie.Sampling.Coupling;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>What goes beside the chains of one component, and where each companion stands among the vectors of a draw.</summary>
internal sealed class ComponentCompany
{
    /// <summary>The draws for which the shadow of the opposite perturbation goes beside chain 0.</summary>
    public const int OppositeDraws = 2;

    /// <summary>
    /// The twin that does not feel the loss is evaluated at every so-manieth draw: its difference to the chain scatters little.
    /// </summary>
    public const int LossFreeInterval = 6;

    private readonly List<Companion> _companions = [];

    /// <summary>The company of a component.</summary>
    /// <param name="perturbation">How its shadows are perturbed; null for none, where no response is measured.</param>
    /// <param name="hasLevels">Whether each chain has a twin that does not feel the loss.</param>
    /// <param name="drawFactor">How many times as many draws as the run's its chains make; the twins are evaluated as often as those of
    /// others.</param>
    public ComponentCompany(Perturbation? perturbation, bool hasLevels, int drawFactor = 1)
    {
        LossFreeEvery = LossFreeInterval * drawFactor;
        Perturbation = perturbation;
        if (perturbation is not null)
        {
            Shadow = Add(Companion.Shadow(perturbation.Strength));
            Opposite = Add(Companion.Opposite(perturbation.Strength, OppositeDraws));
        }

        LossFree = hasLevels ? Add(Companion.LossFree(LossFreeEvery)) : null;
    }

    /// <summary>The draws from one evaluation of the twins to the next.</summary>
    public int LossFreeEvery { get; }

    /// <summary>How its shadows are perturbed; null for none.</summary>
    public Perturbation? Perturbation { get; }

    /// <summary>The companions, in order.</summary>
    public IReadOnlyList<Companion> Companions => _companions;

    /// <summary>The vector of the shadow; null if there is none.</summary>
    public int? Shadow { get; }

    /// <summary>The vector of the shadow with the opposite perturbation, of chain 0 only.</summary>
    public int? Opposite { get; }

    /// <summary>The vector of the twin that does not feel the loss.</summary>
    public int? LossFree { get; }

    /// <summary>Whether a vector is one of the shadows.</summary>
    public bool IsPerturbed(int vector) => vector > 0 && (vector == Shadow || vector == Opposite);

    /// <summary>Whether chains are compared with their loss-free twins at a draw.</summary>
    public bool ComparesTwins(int draw) => LossFree is not null && draw % LossFreeEvery == 0;

    /// <summary>Whether the responses to both perturbations are compared at a draw of a chain.</summary>
    public bool ComparesOpposites(int chain, int draw) => Opposite is not null && chain == 0 && draw < OppositeDraws;

    /// <summary>Whether vector <paramref name="vector"/> is the last that is evaluated for a draw of a chain.</summary>
    public bool IsLast(int chain, int draw, int vector)
    {
        for (int place = vector; place < _companions.Count; place++)
        {
            if (_companions[place].IsEvaluated(chain, draw))
            {
                return false;
            }
        }

        return true;
    }

    private int Add(Companion companion)
    {
        _companions.Add(companion);
        return _companions.Count;
    }
}
