using System.Text;
using System.Text.Json;
using Curie.Cli.Invocation;
using Curie.Development.Attention;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Tests;
using Curie.Text.Packing;
using Curie.Text.Tokenization;

namespace Curie.Page.Tests;

/// <summary>
/// A run whose text, names and messages try to break out of the page, and its report. Token ids are characters: bytes, and two
/// bidirectional controls. χ of head h at token i is
/// (h + 1)·sin((h + 1)·i) + cos(3i)/10, its standard error 0.1, the loss at w* i/10, so that what the page shows is known.
/// </summary>
internal sealed class HostileRun : IDisposable
{
    public const int Context = 96;
    public const int Rows = 6;
    public const int Tokens = 2 * Rows * (Context - 1);
    public const int Chains = 2;
    public const int Draws = 30;
    public const string Attack = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;\0\u202Eevil\u202C \t\n";
    private const string Calm = "the quick brown fox jumps over the lazy dog. ";
    public static readonly string[] Components = ["l0h0", "l0h1", "l1h0", "l1h1"];
    private const string BreakingName = "</script><script>alert(3)</script>";
    private const string Wide = "\u202E\u202C";
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _probes;
    private readonly string _calm;

    /// <summary>Writes the run and its report.</summary>
    /// <param name="probe">The name of the hostile probe.</param>
    /// <param name="calm">The text of the other probe, whose characters below 256 are bytes.</param>
    public HostileRun(string probe = BreakingName, string calm = Calm)
    {
        _calm = calm;
        _probes = [probe, "calm"];
        Directory.CreateDirectory(_folder.File("model"));
        TokenizerFile.Save(
            Path.Combine(_folder.File("model"), "tokenizer.json"),
            new BpeTokenizer(
                [.. Enumerable.Range(0, 256).Select(b => new[] { (byte)b }), .. Wide.Select(c => Encoding.UTF8.GetBytes(c.ToString()))],
                [],
                []
            )
        );
        SaveRows("hostile.npy", Attack);
        SaveRows("calm.npy", calm);
        AddRun("run", "model", Chi);
        Attention().Write(Path.Combine(_folder.File("run"), RunAttention.FileName));
        Curie("report", _folder.File("run"), "--out", Report);
    }

    public string Report => _folder.File("report.html");

    /// <summary>A path beside the run.</summary>
    public string File(string name) => _folder.File(name);

    /// <summary>Writes a run of the same tokens and components.</summary>
    /// <param name="name">The folder's name.</param>
    /// <param name="model">The name of the model's folder, which need not exist.</param>
    /// <param name="chi">χ of a component at a token.</param>
    /// <param name="means">What the mean responses to probes are multiplied by.</param>
    public void AddRun(string name, string model, Func<int, int, double> chi, double means = 1) =>
        RunFolder.Write(_folder.File(name), Manifest(model), Data(chi, means));

    /// <summary>Runs a command that must succeed.</summary>
    public static void Curie(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CurieCommandLine.Run(
            arguments,
            new Terminal(output, error, () => Stream.Null, IsInteractive: false),
            CancellationToken.None
        );
        Assert.True(code == 0, error.ToString());
    }

    public void Dispose() => _folder.Dispose();

    public static double Chi(int component, int token) =>
        ((component + 1) * Math.Sin((component + 1) * token)) + (Math.Cos(3 * token) / 10);

    /// <summary>
    /// In the first two rows of every probe head h attends by .8 to the position h + 1 before it, or to the first, and by .2 to itself.
    /// </summary>
    private static AttentionPatterns Attention()
    {
        (int Probe, int Row)[] rows = [(0, 0), (1, 0), (0, 1), (1, 1)];
        List<byte> weights = [];
        for (int head = 0; head < rows.Length * Components.Length; head++)
        {
            for (int query = 0; query < Context - 1; query++)
            {
                byte[] line = new byte[query + 1];
                line[query] += 51;
                line[Math.Max(0, query - 1 - (head % Components.Length))] += 204;
                weights.AddRange(line);
            }
        }

        return new AttentionPatterns([0, 1, 2, 3], rows, Context - 1, [.. weights]);
    }

    private RunManifest Manifest(string model) =>
        new()
        {
            Versions = new Dictionary<string, string> { ["curie"] = "0.1.0" },
            Seeds = new Dictionary<string, long> { ["sampling"] = 1 },
            Configuration = JsonSerializer.SerializeToElement(
                new
                {
                    model = _folder.File(model),
                    sampling = new
                    {
                        nbeta = 30,
                        step_size = 1e-3,
                        burn_in = 10,
                        steps_between_draws = 2,
                    },
                    probes = new[]
                    {
                        new { name = _probes[0], data = _folder.File("hostile.npy") },
                        new { name = _probes[1], data = _folder.File("calm.npy") },
                    },
                }
            ),
            Components = Components,
            ProbeNames = _probes,
            Shape = new RunShape(Components.Length, _probes.Length, Tokens, Chains, Draws),
            Health =
            [
                .. Components
                    .Prepend("full")
                    .Select(name => new ComponentHealth(
                        name,
                        [new ChainHealth(0, ChainStatus.Healthy), new ChainHealth(1, ChainStatus.Healthy)]
                    )
                    {
                        Diagnostics = new Dictionary<string, double?>
                        {
                            ["mean_loss"] = 2.1,
                            ["init_loss"] = 2,
                            ["null_loss"] = 5.5,
                            ["split_r_hat"] = 1.01,
                        },
                        Notes = name == "l1h0" ? ["<b>the chains disagree</b>: raise `draws`"] : [],
                    }),
            ],
        };

    private SusceptibilityData Data(Func<int, int, double> chi, double means)
    {
        SusceptibilityData data = new(Manifest("").Shape);
        for (int i = 0; i < Tokens; i++)
        {
            data.Tokens.Probe[i] = i / (Tokens / 2);
            data.Tokens.Row[i] = i / (Context - 1) % Rows;
            data.Tokens.Position[i] = i % (Context - 1);
            data.Tokens.Id[i] = Row(i < Tokens / 2 ? Attack : _calm)[data.Tokens.Position[i] + 1];
            data.Tokens.InitLoss[i] = i / 10f;
        }

        foreach (ResponsePart part in ResponsePart.All)
        {
            for (int component = 0; component < Components.Length; component++)
            {
                for (int i = 0; i < Tokens; i++)
                {
                    data.Response.Values(part)[(component * Tokens) + i] = (float)chi(component, i);
                    data.Response.StandardErrors(part)[(component * Tokens) + i] = 0.1f;
                }

                for (int probe = 0; probe < _probes.Length; probe++)
                {
                    data.Dataset.Values(part)[(component * _probes.Length) + probe] =
                        means * (component + 1) * (probe == 0 ? -1 : 1) * (part == ResponsePart.Shift ? 10 : 1);
                    data.Dataset.StandardErrors(part)[(component * _probes.Length) + probe] = 0.25;
                }
            }
        }

        CoefficientSlopes slopes = data.AddSlopes();
        for (int i = 0; i < slopes.Values.Length; i++)
        {
            slopes.Values[i] = i - 3;
            slopes.StandardErrors[i] = 0.75;
        }

        for (int i = 0; i < data.TraceLoss.Length; i++)
        {
            data.TraceLoss[i] = 2.1 + (0.05 * Math.Sin(i));
        }

        data.InitLossMean = 2;
        return data;
    }

    private static int[] Row(string text) => [.. Enumerable.Range(0, Context).Select(i => Id(text[i % text.Length]))];

    private static int Id(char c) => c < 256 ? c : 256 + Wide.IndexOf(c);

    private void SaveRows(string name, string text)
    {
        int[] ids = [.. Enumerable.Repeat(Row(text), Rows).SelectMany(row => row)];
        using TokenRows rows = new(ids, Context);
        rows.Save(_folder.File(name));
    }
}
