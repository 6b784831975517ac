using System.Globalization;
using System.Text;
using System.Text.Json;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Tests;
using Curie.Text.Packing;
using Curie.Text.Tokenization;

namespace Curie.Page.Tests;

/// <summary>
/// A run of so many heads, eight a layer, and so many probes with names of a length, in which a phrase stands twice in each row; and its report. χ of
/// head h at token i is sin((h + 1)·i), its standard error .1.
/// </summary>
internal sealed class SizedRun : IDisposable
{
    private const int Context = 64;
    private const int HeadsOfLayer = 8;
    private const int Chains = 2;
    private const int Draws = 10;
    private const string Text = "some words come first, the red house, and later the red house again. ";
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _components;
    private readonly string[] _probes;

    /// <summary>Writes the run and its report.</summary>
    public SizedRun(int components, int probes, int nameLength)
    {
        _components =
        [
            .. Enumerable
                .Range(0, components)
                .Select(c => string.Create(CultureInfo.InvariantCulture, $"l{c / HeadsOfLayer}h{c % HeadsOfLayer}")),
        ];
        _probes =
        [
            .. Enumerable
                .Range(0, probes)
                .Select(probe =>
                    probe.ToString(CultureInfo.InvariantCulture) is var number && number.Length >= nameLength
                        ? number
                        : number + new string('n', nameLength - number.Length)
                ),
        ];
        Directory.CreateDirectory(_folder.File("model"));
        TokenizerFile.Save(
            Path.Combine(_folder.File("model"), "tokenizer.json"),
            new BpeTokenizer([.. Enumerable.Range(0, 256).Select(b => new[] { (byte)b })], [], [])
        );
        using (TokenRows rows = new([.. Row()], Context))
        {
            rows.Save(_folder.File("text.npy"));
        }

        RunFolder.Write(_folder.File("run"), Manifest(), Data());
        HostileRun.Curie("report", _folder.File("run"), "--out", Report);
    }

    public string Report => _folder.File("report.html");

    public string Run => _folder.File("run");

    public void Dispose() => _folder.Dispose();

    private int Tokens => _probes.Length * (Context - 1);

    private static IEnumerable<int> Row() => Encoding.ASCII.GetBytes(Text).Take(Context).Select(one => (int)one);

    private RunManifest Manifest() =>
        new()
        {
            Versions = new Dictionary<string, string> { ["curie"] = "0.1.0" },
            Seeds = new Dictionary<string, long> { ["sampling"] = 1 },
            Configuration = JsonSerializer.SerializeToElement(
                new
                {
                    model = _folder.File("model"),
                    sampling = new
                    {
                        nbeta = 30,
                        step_size = 1e-3,
                        burn_in = 10,
                        steps_between_draws = 2,
                    },
                    probes = _probes.Select(name => new { name, data = _folder.File("text.npy") }),
                }
            ),
            Components = _components,
            ProbeNames = _probes,
            Shape = new RunShape(_components.Length, _probes.Length, Tokens, Chains, Draws),
            Health =
            [
                .. _components
                    .Prepend("full")
                    .Select(name => new ComponentHealth(
                        name,
                        [new ChainHealth(0, ChainStatus.Healthy), new ChainHealth(1, ChainStatus.Healthy)]
                    )
                    {
                        Diagnostics = new Dictionary<string, double?> { ["mean_loss"] = 2.1, ["init_loss"] = 2 },
                        Notes = [],
                    }),
            ],
        };

    private SusceptibilityData Data()
    {
        SusceptibilityData data = new(Manifest().Shape);
        int[] row = [.. Row()];
        for (int i = 0; i < Tokens; i++)
        {
            data.Tokens.Probe[i] = i / (Context - 1);
            data.Tokens.Row[i] = 0;
            data.Tokens.Position[i] = i % (Context - 1);
            data.Tokens.Id[i] = row[data.Tokens.Position[i] + 1];
            data.Tokens.InitLoss[i] = 1;
        }

        foreach (ResponsePart part in ResponsePart.All)
        {
            for (int c = 0; c < _components.Length; c++)
            {
                for (int i = 0; i < Tokens; i++)
                {
                    data.Response.Values(part)[(c * Tokens) + i] = (float)Math.Sin((c + 1) * i);
                    data.Response.StandardErrors(part)[(c * Tokens) + i] = 0.1f;
                }

                for (int probe = 0; probe < _probes.Length; probe++)
                {
                    data.Dataset.Values(part)[(c * _probes.Length) + probe] = probe - c;
                    data.Dataset.StandardErrors(part)[(c * _probes.Length) + probe] = 0.25;
                }
            }
        }

        for (int i = 0; i < data.TraceLoss.Length; i++)
        {
            data.TraceLoss[i] = 2.1 + (0.05 * Math.Sin(i));
        }

        data.InitLossMean = 2;
        return data;
    }
}
