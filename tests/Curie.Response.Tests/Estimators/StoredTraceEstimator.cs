using Curie.Response.Accumulation;
using Curie.Response.Tests.Accumulation;

namespace Curie.Response.Tests.Estimators;

/// <summary>The estimators written out over stored traces of ℓ_i and P, for one token, with no subtraction of the values at w*.</summary>
internal sealed class StoredTraceEstimator
{
    private readonly List<(double Phi, double P, double Loss)> _draws = [];
    private readonly List<int> _batchLengths = [];

    public StoredTraceEstimator(LossTrace trace, int firstToken, int tokens)
    {
        for (int chain = 0; chain < trace.Chains; chain++)
        {
            int length = 0;
            for (int draw = 0; draw < trace.Draws; draw++)
            {
                double phi = trace.Phi[chain][draw];
                double loss = trace.Losses[chain][draw].Skip(firstToken).Take(tokens).Average(value => (double)value);
                _draws.Add((phi, phi + LossTrace.InitMean, loss));
                length++;
                if (trace.Plan.EndsBatch(draw))
                {
                    _batchLengths.Add(length);
                    length = 0;
                }
            }
        }
    }

    public double Phi => Mean(s => s.Phi);

    public double Shift => Mean(s => s.Loss - s.P);

    public double ShiftError => BatchMeansError(s => s.Loss - s.P);

    public double Susceptibility(StoredTraceEstimator full) => Mean(s => s.Phi * (s.P - s.Loss - full.Delta));

    public double Covariance => -(Mean(s => s.Phi * (s.Loss - s.P)) - (Phi * Shift));

    public double SusceptibilityError(StoredTraceEstimator full) =>
        Math.Sqrt(Square(BatchMeansError(s => s.Phi * (s.P - s.Loss - full.Delta))) + Square(Phi * full.ShiftError));

    public double CovarianceError => BatchMeansError(s => (s.Phi - Phi) * (s.Loss - s.P - Shift));

    public double RenormalizationError(StoredTraceEstimator full) =>
        Math.Sqrt(Square(BatchMeansError(s => (s.Phi * (full.Shift - Shift)) - (Phi * (s.Loss - s.P)))) + Square(Phi * full.ShiftError));

    /// <summary>dλ̂/dh at nβ, where the loss at w* is <paramref name="initLoss"/> and L0 that of the traces.</summary>
    public double Slope(double nBeta, double initLoss) =>
        (nBeta * (Shift - (initLoss - LossTrace.InitMean))) + (nBeta * nBeta * Covariance);

    public double SlopeError(double nBeta) =>
        BatchMeansError(s => (nBeta * (s.Loss - s.P)) - (nBeta * nBeta * (s.Phi - Phi) * (s.Loss - s.P - Shift)));

    private double Delta => Mean(s => s.P) - Mean(s => s.Loss);

    private static double Square(double x) => x * x;

    private double Mean(Func<(double Phi, double P, double Loss), double> f) => _draws.Average(f);

    private double BatchMeansError(Func<(double Phi, double P, double Loss), double> f)
    {
        double mean = Mean(f);
        double sum = 0;
        int start = 0;
        foreach (int length in _batchLengths)
        {
            sum += length * Square(_draws.Skip(start).Take(length).Average(f) - mean);
            start += length;
        }

        return Math.Sqrt(sum / (_batchLengths.Count - 1) / _draws.Count);
    }
}
