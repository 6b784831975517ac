using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Response.Reproducibility;

/// <summary>How the response matrix of probes × components repeats itself between halves of the draws.</summary>
/// <param name="Probes">The number of probes.</param>
/// <param name="Components">The number of components with an estimate.</param>
/// <param name="HalfCorrelation">The correlation of all entries between the halves, each component less its mean over probes.</param>
/// <param name="Reliability">The same for all draws, by Spearman and Brown.</param>
public sealed record MatrixReproducibility(int Probes, int Components, double HalfCorrelation, double Reliability)
{
    internal static MatrixReproducibility? Of(SusceptibilityRun run, ResponsePart part)
    {
        int[] rows =
        [
            .. Enumerable
                .Range(0, run.Manifest.Components.Count)
                .Where(row => double.IsFinite(run.Data.Dataset.Values(part)[row * run.Manifest.Shape.Probes])),
        ];
        if (run.Manifest.Shape.Probes < 2 || rows.Length == 0 || BatchBasis.Of(run, part, rows, dataset: true).Basis is not { } basis)
        {
            return null;
        }

        IReadOnlyList<(double[] First, double[] Second)> halves = BatchChoice.Halves(basis.Draws, basis.Units.Count);
        double sum = 0;
        foreach ((double[] first, double[] second) in halves)
        {
            sum += Trace(basis.Gram(first, second)) / Math.Sqrt(Trace(basis.Gram(first)) * Trace(basis.Gram(second)));
        }

        Reliability reliability = new(sum / halves.Count);
        return new MatrixReproducibility(run.Manifest.Shape.Probes, rows.Length, reliability.HalfCorrelation, reliability.Corrected);
    }

    private static double Trace(double[,] matrix)
    {
        double sum = 0;
        for (int c = 0; c < matrix.GetLength(0); c++)
        {
            sum += matrix[c, c];
        }

        return sum;
    }
}
