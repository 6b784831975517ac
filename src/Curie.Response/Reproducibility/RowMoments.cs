using Curie.Numerics.Random;
using Curie.Response.Runs;

namespace Curie.Response.Reproducibility;

/// <summary>
/// The sums over the tokens of every row of text of the values of some components and of their products: from them follows the Gram matrix
/// for any choice of rows. Rows are drawn with replacement within each probe, since the probes were chosen and their texts were not.
/// More than <see cref="MostRows"/> rows are drawn in as many groups.
/// </summary>
internal sealed class RowMoments
{
    /// <summary>More would cost memory, components² numbers each, and make no error better known than 5 %.</summary>
    internal const int MostRows = 200;

    private readonly int _components;
    private readonly double[][] _products;
    private readonly double[][] _sums;
    private readonly int[] _tokens;
    private readonly int[][] _probes;

    private RowMoments(int components, double[][] products, double[][] sums, int[] tokens, int[][] probes)
    {
        _components = components;
        _products = products;
        _sums = sums;
        _tokens = tokens;
        _probes = probes;
    }

    /// <summary>Of how many rows, or groups of rows, the error is known: their number less one, over the probes that have two.</summary>
    public int DegreesOfFreedom => _probes.Sum(rows => rows.Length - 1);

    /// <summary>Whether some probe has more than one row.</summary>
    public bool CanResample => DegreesOfFreedom > 0;

    /// <summary>Takes the sums.</summary>
    /// <param name="values">Component by component, a value for each token.</param>
    /// <param name="tokens">Where the tokens come from.</param>
    /// <param name="chosen">Which of them the values are of; all by default.</param>
    public static RowMoments Of(IReadOnlyList<ReadOnlyMemory<float>> values, TokenTable tokens, IReadOnlyList<int>? chosen = null)
    {
        (int[] row, int[][] probes) = Rows(tokens, chosen);
        int rows = probes.Sum(one => one.Length);
        int components = values.Count;
        double[][] products = [.. Enumerable.Range(0, rows).Select(_ => new double[components * components])];
        double[][] sums = [.. Enumerable.Range(0, rows).Select(_ => new double[components])];
        int[] counts = new int[rows];

        // Products of deviations from the mean over all tokens, so that no digits are lost.
        double[] means = [.. values.Select(one => Modes.ModeAnalysis.Mean(one.Span))];
        double[] at = new double[components];
        for (int i = 0; i < row.Length; i++)
        {
            for (int c = 0; c < components; c++)
            {
                at[c] = values[c].Span[i] - means[c];
                sums[row[i]][c] += at[c];
            }

            double[] product = products[row[i]];
            for (int c = 0; c < components; c++)
            {
                for (int d = 0; d <= c; d++)
                {
                    product[(c * components) + d] += at[c] * at[d];
                }
            }

            counts[row[i]]++;
        }

        return new RowMoments(components, products, sums, counts, probes);
    }

    /// <summary>For every token the row that it is drawn with, and for every probe its rows.</summary>
    public static (int[] Row, int[][] Probes) Rows(TokenTable tokens, IReadOnlyList<int>? chosen = null)
    {
        int[] places = [.. chosen ?? [.. Enumerable.Range(0, tokens.Count)]];
        int all = places.Select(i => (tokens.Probe[i], tokens.Row[i])).Distinct().Count();
        int stride = Math.Max(1, (all + MostRows - 1) / MostRows);
        Dictionary<(int Probe, int Row), int> ordinal = [];
        Dictionary<int, int> rowsOf = [];
        Dictionary<(int Probe, int Group), int> number = [];
        int[] row = new int[places.Length];
        for (int i = 0; i < row.Length; i++)
        {
            (int Probe, int Row) place = (tokens.Probe[places[i]], tokens.Row[places[i]]);
            if (!ordinal.TryGetValue(place, out int order))
            {
                ordinal.Add(place, order = rowsOf.GetValueOrDefault(place.Probe));
                rowsOf[place.Probe] = order + 1;
            }

            (int Probe, int Group) group = (place.Probe, order / stride);
            if (!number.TryGetValue(group, out row[i]))
            {
                number.Add(group, row[i] = number.Count);
            }
        }

        return (row, [.. number.GroupBy(one => one.Key.Probe).Select(probe => probe.Select(one => one.Value).Order().ToArray())]);
    }

    /// <summary>
    /// How often each row counts: of the R rows of a probe R − 1 are drawn with replacement and count R/(R − 1) times, so that the variance
    /// over samples is that over texts (Rao and Wu 1988), which R drawn rows would give too small by (R − 1)/R.
    /// </summary>
    public double[] Draw(PhiloxStream random)
    {
        double[] times = new double[_tokens.Length];
        foreach (int[] rows in _probes)
        {
            if (rows.Length == 1)
            {
                times[rows[0]] = 1;
                continue;
            }

            for (int i = 1; i < rows.Length; i++)
            {
                times[rows[random.NextInt32(rows.Length)]] += rows.Length / (rows.Length - 1.0);
            }
        }

        return times;
    }

    /// <summary>X·Xᵀ of rows that count so often, each component centred over tokens.</summary>
    public double[,] Gram(double[] times)
    {
        double[] sum = new double[_components];
        double[] product = new double[_components * _components];
        double tokens = 0;
        for (int r = 0; r < times.Length; r++)
        {
            tokens += times[r] * _tokens[r];
            for (int c = 0; c < sum.Length; c++)
            {
                sum[c] += times[r] * _sums[r][c];
            }

            for (int i = 0; i < product.Length; i++)
            {
                product[i] += times[r] * _products[r][i];
            }
        }

        double[,] gram = new double[_components, _components];
        for (int c = 0; c < _components; c++)
        {
            for (int d = 0; d <= c; d++)
            {
                gram[c, d] = gram[d, c] = product[(c * _components) + d] - (sum[c] * sum[d] / tokens);
            }
        }

        return gram;
    }
}
