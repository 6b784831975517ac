using Curie.Networks.Archives;
using Curie.Networks.Files;

namespace Curie.Networks.Models.Families;

/// <summary>
/// Networks that one library writes in one way: what the keys of their configurations mean, and where their tensors lie. Every key is
/// understood, known to be harmless, or refused by name.
/// </summary>
internal interface IModelFamily
{
    /// <summary>The name for people.</summary>
    string Name { get; }

    /// <summary>Whether a configuration is one of this family's.</summary>
    /// <param name="keys">The configuration.</param>
    /// <param name="archive">The tensors.</param>
    bool Recognises(ConfigReader keys, ITensorArchive archive);

    /// <summary>Understands a configuration.</summary>
    /// <exception cref="Numerics.InputException">A key is missing, or says something that Curie does not compute.</exception>
    FamilyModel Describe(ConfigReader keys, ITensorArchive archive);
}
