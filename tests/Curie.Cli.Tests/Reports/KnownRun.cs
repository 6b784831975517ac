using System.Text.Json;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Tests;
using Curie.Text.Packing;
using Curie.Text.Tokenization;

namespace Curie.Cli.Tests.Reports;

/// <summary>
/// A run folder whose modes are known. With u_i = i − 7.5 and v ∝ u² − mean u² (orthogonal to u, a quarter of its variance), the heads of
/// layer 0 are 0.1 + 0.6u − 0.8v and 0.8u + 0.6v: the first mode is (0.6, 0.8) with 80 % of the variance and score u. Head l0h2 has no
/// estimate. The covariance is a tenth of χ, the renormalisation term the rest. Token ids are bytes, so the text is known too.
/// Of some parts alone, every part is that χ, there is no run `full`, and four pairs of chains of one draw each scatter about it by a tenth
/// of a token's place.
/// </summary>
internal sealed class KnownRun : IDisposable
{
    public const int Tokens = 16;
    public const string Letters = "abcdefghij";
    public const string Signs = "0\t1 2\n3 4;";
    public const float StandardError = 0.5f;
    public static readonly string[] Components = ["l0h0", "l0h1", "l0h2", "l1h0", "l1h1"];
    private readonly TemporaryFolder _folder = new();

    public KnownRun(bool complete = true, IReadOnlyList<ResponsePart>? parts = null)
    {
        Parts = parts;
        Directory.CreateDirectory(Model);
        TokenizerFile.Save(
            Path.Combine(Model, "tokenizer.json"),
            new BpeTokenizer([.. Enumerable.Range(0, 256).Select(b => new[] { (byte)b })], [], [])
        );
        SaveRows("letters.npy", Letters);
        SaveRows("signs.npy", Signs);
        if (complete)
        {
            RunFolder.Write(Run, Manifest(), Data());
        }
        else
        {
            RunFolder.Begin(Run, Manifest());
        }
    }

    public string Run => _folder.File("run");

    private IReadOnlyList<ResponsePart>? Parts { get; }

    public string Model => _folder.File("model");

    public string File(string name) => _folder.File(name);

    public void Dispose() => _folder.Dispose();

    public static double U(int token) => token - 7.5;

    public static double V(int token)
    {
        // Var u = 21.25 and Var(u² − 21.25) = 357 for sixteen equally spaced values; v has variance 21.25/4.
        return ((U(token) * U(token)) - 21.25) * Math.Sqrt(21.25 / 4 / 357);
    }

    public static double Chi(int component, int token) =>
        component switch
        {
            0 => 0.1 + (0.6 * U(token)) - (0.8 * V(token)),
            1 => (0.8 * U(token)) + (0.6 * V(token)),
            3 => 2 * U(token),
            4 => V(token),
            _ => double.NaN,
        };

    public static double DatasetChi(int component, int probe) =>
        component == 2 ? double.NaN : (component + 1) * 0.00123456 * (probe == 0 ? -1 : 1);

    public static double DatasetError(int component, int probe) => component == 0 && probe == 1 ? 0.004 : 0.0001;

    private RunManifest Manifest() =>
        new()
        {
            Versions = new Dictionary<string, string> { ["curie"] = "0.1.0" },
            Seeds = new Dictionary<string, long> { ["sampling"] = 1 },
            Configuration = JsonSerializer.SerializeToElement(
                new
                {
                    model = Model,
                    probes = new[]
                    {
                        new { name = "letters", data = File("letters.npy") },
                        new { name = "signs, \"etc\"", data = File("signs.npy") },
                    },
                }
            ),
            Components = Components,
            ProbeNames = ["letters", "signs, \"etc\""],
            Parts = Parts?.Select(part => part.Name).ToArray(),
            Shape = Parts is null
                ? new RunShape(Components.Length, 2, Tokens, Chains: 1, Draws: 2)
                : new RunShape(Components.Length, 2, Tokens, Chains: 8, Draws: 1, Batches: 1, SampledTokens: Tokens, Pairs: 4),
        };

    private SusceptibilityData Data()
    {
        SusceptibilityData data = new(Manifest().Shape, parts: Parts);
        if (Parts is not null)
        {
            FillBatches(data);
        }

        for (int i = 0; i < Tokens; i++)
        {
            data.Tokens.Probe[i] = i / 8;
            data.Tokens.Position[i] = i % 8;
            data.Tokens.Id[i] = (i < 8 ? Letters : Signs)[(i % 8) + 1];
        }

        for (int component = 0; component < Components.Length; component++)
        {
            foreach (ResponsePart part in data.Parts)
            {
                double share =
                    part == ResponsePart.Covariance ? 0.1
                    : part == ResponsePart.Renormalization ? 0.9
                    : 1;
                for (int i = 0; i < Tokens; i++)
                {
                    data.Response.Values(part)[(component * Tokens) + i] = (float)(share * Chi(component, i));
                    data.Response.StandardErrors(part)[(component * Tokens) + i] = component == 2 ? float.NaN : StandardError;
                }

                for (int probe = 0; probe < 2; probe++)
                {
                    data.Dataset.Values(part)[(component * 2) + probe] = share * DatasetChi(component, probe);
                    data.Dataset.StandardErrors(part)[(component * 2) + probe] =
                        component == 2 ? double.NaN : DatasetError(component, probe);
                }
            }
        }

        return data;
    }

    /// <summary>Without a run `full`; the pairs' deviations from χ cancel.</summary>
    private static void FillBatches(SusceptibilityData data)
    {
        Array.Fill(data.FullShift, float.NaN);
        Array.Fill(data.FullExcess, float.NaN);
        Array.Fill(data.FullShiftDataset, double.NaN);
        for (int chain = 0; chain < data.Shape.Chains; chain++)
        {
            data.Trace(0, chain).Fill(double.NaN);
        }

        foreach (int component in Enumerable.Range(0, Components.Length).Where(component => component != 2))
        {
            for (int pair = 0; pair < data.Shape.Units; pair++)
            {
                double[] values =
                [
                    .. Enumerable
                        .Range(0, Tokens)
                        .Select(i => Chi(component, i) + (0.1 * (pair % 2 == 0 ? U(i) : -U(i)) * (pair < 2 ? 1 : -0.5))),
                ];
                Array.ConvertAll(values, value => (float)value).CopyTo(data.Batches!.ShiftRow(component + 1, pair, 0));
                data.Batches.ShiftDatasetRow(component + 1, pair, 0).Span[0] = values[..8].Average();
                data.Batches.ShiftDatasetRow(component + 1, pair, 0).Span[1] = values[8..].Average();
            }
        }

        for (int i = 0; i < Tokens; i++)
        {
            data.Batches!.Token[i] = i;
        }
    }

    private void SaveRows(string name, string text)
    {
        using TokenRows rows = new([.. text.Select(c => (int)c)], text.Length);
        rows.Save(File(name));
    }
}
