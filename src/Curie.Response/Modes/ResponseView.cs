using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Response.Modes;

/// <summary>
/// What of a response is factored: which part, over which tokens, how centred, and whether the common factor is taken out. The default is
/// the published
/// analysis: χ of all tokens, each component less its mean.
/// </summary>
public sealed record ResponseView
{
    /// <summary>The part. Default χ.</summary>
    public ResponsePart Part { get; init; } = ResponsePart.Susceptibility;

    /// <summary>The centring. Default per component.</summary>
    public Centring Centring { get; init; } = Centring.Head;

    /// <summary>
    /// Whether the full run's shift f (<see cref="CommonFactor"/>) is projected out of every component over tokens: x − f·(f·x)/(f·f) of
    /// the centred x
    /// and f. Default false.
    /// </summary>
    public bool WithoutFullShift { get; init; }

    /// <summary>The probe whose tokens are factored; null for all. Default null.</summary>
    public int? Probe { get; init; }

    /// <summary>A part of which every component is divided by its standard deviation over tokens, so that all weigh alike.</summary>
    public static ResponseView Standardized(ResponsePart part) => new() { Part = part, Centring = Centring.ZScore };

    /// <summary>Whether this is a part as it is, centred per component, over all tokens.</summary>
    public bool IsPlain => Centring == Centring.Head && !WithoutFullShift && Probe is null;

    /// <summary>A short name, such as `chi without F, z-score`.</summary>
    /// <param name="probes">The probes' names.</param>
    public string Name(IReadOnlyList<string> probes)
    {
        ArgumentNullException.ThrowIfNull(probes);
        return Part.Name
            + (WithoutFullShift ? " without F" : "")
            + (Centring == Centring.Head ? "" : $", {Centring.Name()}")
            + (Probe is { } probe ? $", {probes[probe]}" : "");
    }

    /// <summary>The first token and the number of tokens that are factored.</summary>
    public (int Start, int Count) TokensOf(TokenTable tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (Probe is not { } probe)
        {
            return (0, tokens.Count);
        }

        int start = tokens.Probe.AsSpan().IndexOf(probe);
        return start < 0 ? (0, 0) : (start, tokens.Probe.AsSpan().LastIndexOf(probe) - start + 1);
    }

    /// <summary>The values to factor, one row per component; tokens are counted from the first of <see cref="TokensOf"/>.</summary>
    /// <param name="run">The run.</param>
    /// <param name="components">Rows of the response, all of them finite.</param>
    public IReadOnlyList<ReadOnlyMemory<float>> Rows(SusceptibilityRun run, IReadOnlyList<int> components)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(components);
        PartMatrices<float> matrices = run.Data.Response;
        (int start, int count) = TokensOf(run.Data.Tokens);
        ReadOnlyMemory<float>[] rows =
        [
            .. components.Select(row => (ReadOnlyMemory<float>)matrices.Values(Part).AsMemory((row * matrices.Columns) + start, count)),
        ];
        if (Centring is Centring.Head or Centring.Whitened && !WithoutFullShift)
        {
            return rows;
        }

        double[][] values = [.. rows.Select(row => Widen(row.Span))];
        Apply(values, WithoutFullShift ? CommonFactor.Of(run)[start..(start + count)] : []);
        return [.. values.Select(row => (ReadOnlyMemory<float>)Array.ConvertAll(row, value => (float)value))];
    }

    /// <summary>Centres values in place and takes the factor out, where this view does.</summary>
    /// <param name="values">Components × tokens.</param>
    /// <param name="factor">f, one per token; unused where it stays in.</param>
    internal void Apply(double[][] values, double[] factor)
    {
        foreach (double[] row in values)
        {
            Centre(row);
        }

        if (WithoutFullShift)
        {
            double[] direction = [.. factor];
            Centre(direction);
            double size = Moments.Dot(direction, direction);
            foreach (double[] row in values.Where(_ => size > 0))
            {
                double along = Moments.Dot(row, direction) / size;
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] -= along * direction[i];
                }
            }
        }

        if (Centring is Centring.ZScore or Centring.ZScoreAndToken)
        {
            foreach (double[] row in values)
            {
                double deviation = Math.Sqrt(Moments.Dot(row, row) / row.Length);
                for (int i = 0; i < row.Length && deviation > 0; i++)
                {
                    row[i] /= deviation;
                }
            }
        }

        if (Centring is Centring.HeadAndToken or Centring.ZScoreAndToken)
        {
            CentreTokens(values);
        }
    }

    private static void CentreTokens(double[][] values)
    {
        for (int i = 0; i < values[0].Length; i++)
        {
            double mean = 0;
            foreach (double[] row in values)
            {
                mean += row[i] / values.Length;
            }

            foreach (double[] row in values)
            {
                row[i] -= mean;
            }
        }
    }

    private static void Centre(double[] row)
    {
        // Of a constant row rounding would leave a residue, which dividing by its deviation makes large.
        if (row.AsSpan().IndexOfAnyExcept(row[0]) < 0)
        {
            Array.Clear(row);
            return;
        }

        double mean = Moments.Mean(row);
        for (int i = 0; i < row.Length; i++)
        {
            row[i] -= mean;
        }
    }

    private static double[] Widen(ReadOnlySpan<float> row)
    {
        double[] wide = new double[row.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = row[i];
        }

        return wide;
    }
}
