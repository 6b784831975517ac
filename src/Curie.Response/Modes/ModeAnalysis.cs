using Curie.Numerics;
using Curie.Numerics.Parallelism;

namespace Curie.Response.Modes;

/// <summary>
/// Principal components of the response of some components to many tokens. From each component c its mean over tokens is subtracted, X_ic =
/// χ_ci − mean_i χ_ci; the eigenvectors of XᵀX (components × components) are the loadings v_k, and
/// <code>
/// score_k(i) = Σ_c X_ic·v_kc,   X = Σ_k score_k·v_kᵀ,   explained variance_k = |score_k|² / |X|²
/// </code>
/// Modes are ordered by explained variance. A mode's sign is arbitrary and is fixed by this rule: the loading of largest magnitude is
/// positive; of loadings equal to six digits (what float32 inputs hold), the first component's counts.
/// </summary>
/// <remarks>
/// Source: Baker et al., arXiv 2504.18274 (centring per head, no scaling, PCA per layer). Any part of the
/// response can be given. The rows are kept by reference; scores are computed when asked for.
/// </remarks>
public sealed class ModeAnalysis
{
    private readonly IReadOnlyList<ReadOnlyMemory<float>> _rows;
    private readonly double[] _means;
    private readonly double[][] _loadings;
    private readonly double[] _explainedVariance;

    private ModeAnalysis(
        IReadOnlyList<string> components,
        IReadOnlyList<ReadOnlyMemory<float>> rows,
        double[] means,
        double[,] gram,
        bool whitened
    )
    {
        Whitened = whitened;
        Components = components;
        _rows = rows;
        _means = means;
        GramModes modes = GramModes.Of(gram);
        TotalVariance = modes.Total / Tokens;
        _explainedVariance = [.. modes.Variances.Select((_, k) => modes.Share(k))];
        _loadings = modes.Loadings;
    }

    /// <summary>The components' names, in the order of loadings.</summary>
    public IReadOnlyList<string> Components { get; }

    /// <summary>The number of tokens.</summary>
    public int Tokens => _rows[0].Length;

    /// <summary>The number of modes: one per component.</summary>
    public int Count => Components.Count;

    /// <summary>
    /// Whether scores are divided by their standard deviation over tokens; shares of variance and loadings are those before that.
    /// </summary>
    public bool Whitened { get; }

    /// <summary>
    /// The sum over components of the variance over tokens (divided by the number of tokens), in the square of the values' unit.
    /// </summary>
    public double TotalVariance { get; }

    /// <summary>The share of <see cref="TotalVariance"/> along each mode, falling, with sum 1.</summary>
    public ReadOnlySpan<double> ExplainedVariance => _explainedVariance;

    /// <summary>The mean over tokens subtracted from each component.</summary>
    public ReadOnlySpan<double> Means => _means;

    /// <summary>The loadings of a mode, one per component; loadings of different modes are orthonormal.</summary>
    public ReadOnlySpan<double> Loadings(int mode) => _loadings[mode];

    /// <summary>Factors a response matrix.</summary>
    /// <param name="components">The components' names.</param>
    /// <param name="rows">The values of each component, one per token.</param>
    /// <param name="pool">Shares the work when given; the result is the same to the last bit.</param>
    /// <param name="whitened">Whether scores are divided by their standard deviation.</param>
    /// <exception cref="ArgumentException">There is no row, not one row per name, or rows differ in length.</exception>
    /// <exception cref="InputException">There are fewer than two tokens, a value is not finite, or all components are constant over
    /// tokens.</exception>
    public static ModeAnalysis Compute(
        IReadOnlyList<string> components,
        IReadOnlyList<ReadOnlyMemory<float>> rows,
        WorkerPool? pool = null,
        bool whitened = false
    )
    {
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0 || rows.Count != components.Count || rows.Any(row => row.Length != rows[0].Length))
        {
            throw new ArgumentException(
                $"{rows.Count} rows for {components.Count} components must all have the same length.",
                nameof(rows)
            );
        }

        if (rows[0].Length < 2)
        {
            throw new InputException("modes need at least two tokens; give the probes more rows or tokens.");
        }

        double[] means = [.. rows.Select(row => Mean(row.Span))];
        int bad = Array.FindIndex(means, mean => !double.IsFinite(mean));
        if (bad >= 0)
        {
            throw new InputException($"component {components[bad]} has values that are not finite; leave it out of the modes.");
        }

        double[,] gram = new CentredGram(rows, means).Compute(pool);
        return Enumerable.Range(0, rows.Count).Sum(c => gram[c, c]) > 0
            ? new ModeAnalysis(components, rows, means, gram, whitened)
            : throw new InputException(
                $"no component of {string.Join(", ", components)} varies over the tokens, so there are no modes; choose another part or "
                    + "more tokens."
            );
    }

    /// <summary>The scores of a mode, one per token.</summary>
    public double[] Scores(int mode)
    {
        double variance = _explainedVariance[mode] * TotalVariance;
        return Scores(_loadings[mode], Whitened && variance > 0 ? 1 / Math.Sqrt(variance) : 1);
    }

    /// <summary>The scores Σ_c X_ic·a_c·<paramref name="scale"/> along any direction a, one per token.</summary>
    /// <param name="direction">a, one number per component.</param>
    /// <param name="scale">A common factor.</param>
    public double[] Scores(ReadOnlySpan<double> direction, double scale = 1)
    {
        double[] scores = new double[Tokens];
        for (int c = 0; c < Count; c++)
        {
            ReadOnlySpan<float> row = _rows[c].Span;
            double loading = direction[c] * scale;
            double mean = _means[c];
            for (int i = 0; i < scores.Length; i++)
            {
                scores[i] += (row[i] - mean) * loading;
            }
        }

        return scores;
    }

    /// <summary>Turns a mode, where need be, so that the mean score of the given tokens (for example of one pattern) is positive.</summary>
    /// <exception cref="ArgumentException">No token is given.</exception>
    public void Orient(int mode, ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty)
        {
            throw new ArgumentException("No token is given to orient the mode by.", nameof(tokens));
        }

        double sum = 0;
        foreach (int token in tokens)
        {
            for (int c = 0; c < Count; c++)
            {
                sum += (_rows[c].Span[token] - _means[c]) * _loadings[mode][c];
            }
        }

        if (sum < 0)
        {
            GramModes.Negate(_loadings[mode]);
        }
    }

    internal static double Mean(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (float value in row)
        {
            sum += value;
        }

        return sum / row.Length;
    }
}
