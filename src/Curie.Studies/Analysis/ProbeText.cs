using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Numerics;
using Curie.Response.Modes;
using Curie.Response.Patterns;
using Curie.Response.Runs;
using Curie.Text.Packing;
using Curie.Text.Tokenization;

namespace Curie.Studies.Analysis;

/// <summary>
/// The text around the tokens of a run, from the probes' token rows and the model's tokenizer. What is missing is said in
/// <see cref="Notes"/>: without the tokenizer tokens appear as their ids, without the rows they have no context.
/// </summary>
public sealed class ProbeText : IDisposable
{
    private readonly SusceptibilityRun _run;
    private readonly RunSources _sources;
    private readonly TokenRows?[] _rows;

    private ProbeText(SusceptibilityRun run, RunSources sources, TokenRows?[] rows, Tokenizer? tokenizer, IReadOnlyList<string> notes)
    {
        _run = run;
        _sources = sources;
        _rows = rows;
        Tokenizer = tokenizer;
        Notes = notes;
    }

    /// <summary>The tokenizer; null where it is missing.</summary>
    public Tokenizer? Tokenizer { get; }

    /// <summary>What is missing, and how to supply it.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Opens the files that a run's manifest names.</summary>
    /// <param name="run">The run.</param>
    /// <param name="model">A model folder in place of the manifest's, or null.</param>
    /// <exception cref="InputException">The model folder that was given has no tokenizer, or a tokenizer does not know a token of the
    /// run.</exception>
    public static ProbeText Open(SusceptibilityRun run, string? model = null)
    {
        List<string> notes = [];
        RunSources sources = RunSources.Of(run.Manifest);
        Tokenizer? tokenizer = OpenTokenizer(sources, model, notes);
        int largest = run.Data.Tokens.Id.DefaultIfEmpty(0).Max();
        if (tokenizer is not null && largest >= tokenizer.VocabularySize)
        {
            throw new InputException(
                $"{tokenizer.Name} has {Counted.Of(tokenizer.VocabularySize, "token")} and the run has the token {largest}; name "
                    + "the run's own model "
                    + "folder with `model`."
            );
        }

        TokenRows?[] rows = [.. run.Manifest.ProbeNames.Select((name, probe) => OpenRows(run, sources, probe, name, tokenizer, notes))];
        return new ProbeText(run, sources, rows, tokenizer, notes);
    }

    /// <summary>The name of a token's probe.</summary>
    public string ProbeName(int token) => _run.Manifest.ProbeNames[_run.Data.Tokens.Probe[token]];

    /// <summary>The text of a token id with visible whitespace, or the id itself as <c>#17</c>.</summary>
    public string TokenText(int id) => VisibleText.Mark(Decode([id]));

    /// <summary>
    /// The text of a token id as it is, or the id itself as <c>#17</c>; bytes that are no UTF-8 by themselves as <c>\xE2</c>.
    /// </summary>
    public string PlainText(int id)
    {
        if (Tokenizer is null)
        {
            return Decode([id]);
        }

        ReadOnlySpan<byte> bytes = Tokenizer.TokenBytes(id);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : string.Concat(bytes.ToArray().Select(Escaped));
    }

    /// <summary>
    /// The bytes of a token id that are no UTF-8 by themselves, such as a third of a character; null for a token that is text, and where
    /// the tokenizer is missing.
    /// </summary>
    public byte[]? PieceBytes(int id)
    {
        ReadOnlySpan<byte> bytes = Tokenizer is null ? [] : Tokenizer.TokenBytes(id);
        return Utf8.IsValid(bytes) ? null : bytes.ToArray();
    }

    /// <summary>The ids of a row of a probe; null where the probe's rows are missing.</summary>
    public int[]? Row(int probe, int row) => _rows[probe]?.Row(row);

    /// <summary>A token in its context; alone where the probe's rows are missing.</summary>
    public ContextWindow Window(int token, int before = 12, int after = 3)
    {
        TokenTable tokens = _run.Data.Tokens;
        return _rows[tokens.Probe[token]] is { } rows
            ? ContextWindow.Around(rows.Row(tokens.Row[token]), tokens.Position[token], before, after, Decode)
            : new ContextWindow("", TokenText(tokens.Id[token]), "");
    }

    /// <summary>Decides which patterns the run's tokens belong to; what cannot be decided is said in the result's notes.</summary>
    public TokenClasses Classify(IReadOnlyList<TokenPattern> patterns) =>
        Tokenizer is { } tokenizer
            ? new PatternClassifier(patterns, id => tokenizer.Passage([id]), _rows, CountBigrams).Classify(_run.Data.Tokens)
            : new TokenClasses(
                [],
                [],
                ["Token patterns need the tokenizer: name a folder that holds the model's tokenizer.json with `model`."]
            );

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TokenRows? rows in _rows)
        {
            rows?.Dispose();
        }
    }

    private BigramCounts? CountBigrams(IReadOnlyCollection<(int First, int Second)> wanted)
    {
        if (_sources.Data is not { } path || !File.Exists(path))
        {
            return null;
        }

        using TokenRows corpus = TokenRows.Load(path);
        return BigramCounts.Of(corpus, wanted, BigramCounts.MostPairs);
    }

    private static string Escaped(byte value) =>
        value < 0x80 ? ((char)value).ToString() : string.Create(CultureInfo.InvariantCulture, $"\\x{value:X2}");

    private string Decode(ReadOnlySpan<int> ids) =>
        Tokenizer is not null
            ? WholeText(Tokenizer.DecodeBytes(ids))
            : string.Concat(ids.ToArray().Select(id => $"#{id.ToString(CultureInfo.InvariantCulture)}"));

    /// <summary>Bytes as text; those that are no character, or none that says anything, as <c>⟨E2⟩</c>.</summary>
    private static string WholeText(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        while (!bytes.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length);
            if (status == OperationStatus.Done && rune != Rune.ReplacementChar)
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (byte value in bytes[..length])
                {
                    text.Append(CultureInfo.InvariantCulture, $"⟨{value:X2}⟩");
                }
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }

    private static Tokenizer? OpenTokenizer(RunSources sources, string? model, List<string> notes)
    {
        string? folder = model ?? sources.Model;
        if (folder is not null && TokenizerFile.Find(folder) is { } found)
        {
            return TokenizerFile.Load(found);
        }

        string path = Path.Combine(folder ?? "", ModelFolder.TokenizerName);
        if (model is not null)
        {
            throw new InputException($"{path} does not exist; name a folder that holds the model's {ModelFolder.TokenizerName}.");
        }

        notes.Add(
            $"Tokens are shown as ids (#17), because {(folder is null ? "the manifest names no model" : $"{path} does not exist")}; for "
                + $"text, name a folder that holds the model's {ModelFolder.TokenizerName} with `model`."
        );
        return null;
    }

    private static TokenRows? OpenRows(
        SusceptibilityRun run,
        RunSources sources,
        int probe,
        string name,
        Tokenizer? tokenizer,
        List<string> notes
    )
    {
        if (!sources.Probes.TryGetValue(name, out string? path))
        {
            notes.Add($"Tokens of {name} have no context, because the manifest does not name its token rows.");
            return null;
        }

        if (!File.Exists(path))
        {
            notes.Add($"Tokens of {name} have no context, because {path} does not exist; put the token rows back there.");
            return null;
        }

        TokenRows rows = TokenRows.Load(path, tokenizer?.VocabularySize ?? 0);
        if (Fits(run.Data.Tokens, probe, rows))
        {
            return rows;
        }

        rows.Dispose();
        notes.Add($"Tokens of {name} have no context, because {path} no longer holds the rows that the run was made with; put them back.");
        return null;
    }

    private static bool Fits(TokenTable tokens, int probe, TokenRows rows)
    {
        for (int i = 0; i < tokens.Count; i++)
        {
            if (
                tokens.Probe[i] == probe
                && !(
                    tokens.Row[i] >= 0
                    && tokens.Row[i] < rows.Count
                    && tokens.Position[i] >= 0
                    && tokens.Position[i] < rows.ContextLength - 1
                    && rows[tokens.Row[i], tokens.Position[i] + 1] == tokens.Id[i]
                )
            )
            {
                return false;
            }
        }

        return true;
    }
}
