using Curie.Numerics;

namespace Curie.Response.Accumulation;

/// <summary>
/// The probes of a run and where their tokens lie: tokens are ordered probe by probe, so a probe is a range. The tokens are also cut
/// into fixed blocks, none of which crosses a probe; a mean over a probe adds block sums in order, whoever computed them.
/// </summary>
public sealed class ProbeLayout
{
    internal const int BlockTokens = 4096;
    private readonly int[] _firstToken;
    private readonly int[] _firstBlock;
    private readonly int[] _blockProbe;

    /// <summary>Lays out probes in the given order.</summary>
    /// <exception cref="InputException">There is no probe, two share a name, a probe has no tokens, or there are too many tokens in
    /// all.</exception>
    public ProbeLayout(IReadOnlyList<string> names, IReadOnlyList<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentOutOfRangeException.ThrowIfNotEqual(tokens.Count, names.Count);
        if (names.Count == 0)
        {
            throw new InputException("the experiment has no probe; list at least one under `probes`.");
        }

        Names = [.. names];
        _firstToken = new int[names.Count + 1];
        _firstBlock = new int[names.Count + 1];
        for (int probe = 0; probe < names.Count; probe++)
        {
            if (names.Take(probe).Contains(names[probe], StringComparer.Ordinal))
            {
                throw new InputException($"two probes are named {names[probe]}; give every entry of `probes` its own name.");
            }

            if (tokens[probe] < 1)
            {
                throw new InputException($"probe {names[probe]} has no tokens; give it at least one row and one token.");
            }

            long end = (long)_firstToken[probe] + tokens[probe];
            if (end > Array.MaxLength)
            {
                throw new InputException(
                    $"the probes hold more than {Array.MaxLength} tokens; lower `tokens` or `rows`, or split the experiment."
                );
            }

            _firstToken[probe + 1] = (int)end;
            _firstBlock[probe + 1] = _firstBlock[probe] + ((tokens[probe] + BlockTokens - 1) / BlockTokens);
        }

        _blockProbe = new int[_firstBlock[^1]];
        for (int probe = 0; probe < names.Count; probe++)
        {
            _blockProbe.AsSpan(_firstBlock[probe].._firstBlock[probe + 1]).Fill(probe);
        }
    }

    /// <summary>The probes' names, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The tokens whose batch means are kept (<see cref="TokenSample"/>), rising. Default none.</summary>
    public IReadOnlyList<int> Sampled { get; init; } = [];

    /// <summary>The number of probes.</summary>
    public int Probes => Names.Count;

    /// <summary>The number of tokens of all probes.</summary>
    public int Tokens => _firstToken[^1];

    /// <summary>The number of fixed blocks the tokens are cut into.</summary>
    public int Blocks => _blockProbe.Length;

    /// <summary>The tokens of a probe.</summary>
    public Range TokensOf(int probe) => _firstToken[probe].._firstToken[probe + 1];

    /// <summary>The blocks of a probe.</summary>
    public Range BlocksOf(int probe) => _firstBlock[probe].._firstBlock[probe + 1];

    /// <summary>The tokens of a block.</summary>
    public Range TokensOfBlock(int block)
    {
        int probe = _blockProbe[block];
        int start = _firstToken[probe] + ((block - _firstBlock[probe]) * BlockTokens);
        return start..Math.Min(start + BlockTokens, _firstToken[probe + 1]);
    }

    /// <summary>The mean of <paramref name="values"/> (one per token) over each probe, in float64.</summary>
    /// <exception cref="ArgumentException"><paramref name="values"/> does not hold one value per token.</exception>
    public double[] Means(ReadOnlySpan<double> values)
    {
        if (values.Length != Tokens)
        {
            throw new ArgumentException($"{values.Length} values were given for {Tokens} tokens.", nameof(values));
        }

        double[] means = new double[Probes];
        for (int probe = 0; probe < Probes; probe++)
        {
            double sum = 0;
            foreach (double value in values[TokensOf(probe)])
            {
                sum += value;
            }

            means[probe] = sum / (_firstToken[probe + 1] - _firstToken[probe]);
        }

        return means;
    }
}
