using Curie.Numerics;

namespace Curie.Text.Corpora;

/// <summary>What a corpus is made of.</summary>
public sealed record CorpusMix
{
    /// <summary>The sources, each with its limit; their names must differ.</summary>
    public required IReadOnlyList<CorpusPart> Parts { get; init; }

    /// <summary>The share of each source's documents that is held out from training, in [0, 1). Default 0.1.</summary>
    public double HeldOut { get; init; } = 0.1;

    /// <summary>Decides which documents a limit keeps, which are held out, and their order. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Write <c>.jsonl.gz</c> in place of <c>.jsonl</c>. Default false.</summary>
    public bool Compress { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="InputException">There is no source, two have one name or a name that a file cannot have, a limit is below 1, or the
    /// share is out of range.</exception>
    public void Validate()
    {
        if (Parts.Count == 0)
        {
            throw new InputException("a corpus needs at least one source; name one.");
        }

        if (!(HeldOut is >= 0 and < 1))
        {
            throw new InputException($"a held-out share of {HeldOut} makes no sense; give 0 or more, and less than 1.");
        }

        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (CorpusPart part in Parts)
        {
            string name = part.Source.Name;
            if (name.Length == 0 || name.AsSpan().ContainsAny('/', '\\', ':') || name is "train" or "heldout" or "." or "..")
            {
                throw new InputException($"a source cannot be called \"{name}\", because its files could not; give it another name.");
            }

            if (!names.Add(name))
            {
                throw new InputException($"two sources are called {name}; give one of them another name.");
            }

            if (part.MaxBytes < 1)
            {
                throw new InputException(
                    $"a limit of {part.MaxBytes} bytes on {name} keeps nothing; give at least 1 or leave the source out."
                );
            }
        }
    }
}
