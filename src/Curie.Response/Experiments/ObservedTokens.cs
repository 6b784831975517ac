using Curie.Networks.Data;
using Curie.Numerics;
using Curie.Response.Runs;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>
/// The tokens whose mean loss A is observed in place of P: φ = A − A(w*) comes from the losses that are followed anyway, and ∇A from the
/// rows that hold the tokens.
/// </summary>
internal sealed class ObservedTokens
{
    private readonly ProbeSelection _selection;
    private readonly int[] _tokens;
    private readonly int[] _rows;
    private readonly LossWeights _weights;

    private ObservedTokens(ProbeSelection selection, int first, int[] tokens, string? pattern)
    {
        _selection = selection;
        _tokens = [.. tokens.Select(token => first + token)];
        _rows = [.. tokens.Select(selection.RowOf).Distinct()];

        // The mean over rows and positions of weight·ℓ is the mean of ℓ over the tokens.
        int positions = selection.Probe.Rows.ContextLength - 1;
        float[] weights = new float[selection.Probe.Rows.Count * positions];
        foreach (int token in tokens)
        {
            weights[(selection.RowOf(token) * positions) + selection.PositionOf(token)] = (float)(
                (double)_rows.Length * positions / tokens.Length
            );
        }

        _weights = new LossWeights(weights, positions);
        Record = new ObservableRecord(selection.Probe.Name, pattern, tokens.Length);
    }

    /// <summary>What the manifest says of them.</summary>
    public ObservableRecord Record { get; }

    /// <summary>The rows that hold at least one of them.</summary>
    public int RowCount => _rows.Length;

    /// <summary>The tokens that an experiment names.</summary>
    /// <param name="input">What it names.</param>
    /// <param name="selections">The followed tokens of every probe.</param>
    /// <exception cref="InputException">None of the probe's followed tokens counts.</exception>
    public static ObservedTokens Of(ObservableInput input, IReadOnlyList<ProbeSelection> selections)
    {
        int probe = selections.ToList().FindIndex(selection => selection.Probe.Name == input.Probe);
        TokenTable table = new(selections.Sum(selection => selection.Count));
        FollowedTokens.Fill(table, selections);
        bool[]? members = input.Members?.Invoke(table);
        int first = selections.Take(probe).Sum(selection => selection.Count);
        int[] tokens = [.. Enumerable.Range(0, selections[probe].Count).Where(token => members?[first + token] ?? true)];
        return tokens.Length > 0
            ? new ObservedTokens(selections[probe], first, tokens, input.Pattern)
            : throw new InputException(
                $"sampling.observable: no followed token of probe {input.Probe} belongs to {input.Pattern}; follow more tokens of it, or "
                    + "name another pattern."
            );
    }

    /// <summary>The rows that give ∇A.</summary>
    /// <param name="count">How many of them at an update.</param>
    /// <param name="chains">The number of chains.</param>
    /// <param name="seed">The seed of their order.</param>
    public ObservableRows Rows(int count, int chains, long seed) =>
        new(_selection.Probe.Rows, _rows, count, chains, seed) { Weights = _weights };

    /// <summary>φ = A − A(w*), nats.</summary>
    /// <param name="losses">ℓ_i of every followed token.</param>
    /// <param name="initial">ℓ_i(w*) of every followed token.</param>
    public double Phi(ReadOnlySpan<float> losses, ReadOnlySpan<float> initial)
    {
        double sum = 0;
        foreach (int token in _tokens)
        {
            sum += (double)losses[token] - initial[token];
        }

        return sum / _tokens.Length;
    }

    /// <summary>A(w*), nats.</summary>
    public double InitialMean(ReadOnlySpan<float> initial)
    {
        double sum = 0;
        foreach (int token in _tokens)
        {
            sum += initial[token];
        }

        return sum / _tokens.Length;
    }
}
