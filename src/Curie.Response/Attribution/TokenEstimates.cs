namespace Curie.Response.Attribution;

/// <summary>One value per token with its standard error, in float64.</summary>
internal sealed class TokenEstimates
{
    private TokenEstimates(double[] values, double[] errors)
    {
        Values = values;
        Errors = errors;
        Variance = Moments.Covariance(values, values);
    }

    /// <summary>The values.</summary>
    public double[] Values { get; }

    /// <summary>Their standard errors.</summary>
    public double[] Errors { get; }

    /// <summary>The variance of the values over tokens.</summary>
    public double Variance { get; }

    /// <summary>The mean of the squared standard errors.</summary>
    public double NoiseVariance => Moments.Dot(Errors, Errors) / Errors.Length;

    /// <summary><see cref="Variance"/> without the part that sampling error makes up.</summary>
    public double SignalVariance => Variance - NoiseVariance;

    /// <summary>Takes stored values and errors.</summary>
    public static TokenEstimates Of(ReadOnlySpan<float> values, ReadOnlySpan<float> errors) => new(Widen(values), Widen(errors));

    /// <summary>These less others that share no draws with them: errors add in quadrature.</summary>
    public TokenEstimates Less(TokenEstimates other) =>
        new([.. Values.Zip(other.Values, (one, two) => one - two)], [.. Errors.Zip(other.Errors, double.Hypot)]);

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
