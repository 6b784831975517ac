namespace Curie.Response.Modes;

/// <summary>Values less their mean.</summary>
internal static class CentredValues
{
    /// <summary>x_i − Σ_j x_j/n.</summary>
    public static double[] Of(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        double mean = sum / values.Length;
        double[] centred = values.ToArray();
        for (int i = 0; i < centred.Length; i++)
        {
            centred[i] -= mean;
        }

        return centred;
    }
}
