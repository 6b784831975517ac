using System.Text.Json;
using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Response.Tests.Attribution;

/// <summary>
/// A run with one component whose terms are orthogonal over eight tokens: χ = 2·u + φ·f − φ·d with f = 3·v, d = w/2 and φ = 4, u, v, w
/// Walsh functions of variance 1.
/// So Var χ = 4 + 144 + 4 = 152. Losses at w* are large and different for each token; they cancel.
/// </summary>
internal static class KnownTerms
{
    public const double Phi = 4;
    public const double Variance = 152;
    private const int Tokens = 8;

    public static double U(int token) => Walsh(token, 1);

    public static double V(int token) => Walsh(token, 2);

    public static double W(int token) => Walsh(token, 4);

    public static SusceptibilityRun Run()
    {
        RunShape shape = new(1, 1, Tokens, Chains: 2, Draws: 3);
        SusceptibilityData data = new(shape) { InitLossMean = 2 };
        Array.Fill(data.TraceLoss, 2 + Phi);

        // The component's second chain wandered off and was stopped at its last draw.
        data.Trace(1, 1)[0] = 50;
        data.Trace(1, 1)[2] = double.NaN;
        for (int i = 0; i < Tokens; i++)
        {
            data.Tokens.InitLoss[i] = (10 * i) + 1;
            double atCheckpoint = data.Tokens.InitLoss[i] - data.InitLossMean;
            double shift = (0.5 * W(i)) + atCheckpoint;
            double fullShift = (3 * V(i)) + atCheckpoint;
            data.FullShift[i] = (float)fullShift;
            data.FullExcess[i] = (float)(3 * V(i));
            data.Response.Values(ResponsePart.Shift)[i] = (float)shift;
            data.Response.Values(ResponsePart.Covariance)[i] = (float)(2 * U(i));
            data.Response.Values(ResponsePart.Renormalization)[i] = (float)(Phi * (fullShift - shift));
            data.Response.Values(ResponsePart.Susceptibility)[i] = (float)((2 * U(i)) + (Phi * (fullShift - shift)));
        }

        return new SusceptibilityRun(
            new RunManifest
            {
                Versions = new Dictionary<string, string>(),
                Seeds = new Dictionary<string, long>(),
                Configuration = JsonSerializer.SerializeToElement(new { }),
                Components = ["l0h0"],
                ProbeNames = ["p"],
                Shape = shape,
            },
            data
        );
    }

    private static double Walsh(int token, int bit) => (token & bit) == 0 ? 1 : -1;
}
