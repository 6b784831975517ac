using System.Text.Json;
using Curie.Tests;

namespace Curie.Cli.Tests;

/// <summary>The scripts of examples/findings, on a tiny model and on text of the repository in place of packages.</summary>
public sealed class FindingsExampleTests
{
    [Fact]
    public void The_scripts_go_from_text_to_tables_and_a_picture_and_keep_what_is_there()
    {
        using TemporaryFolder folder = new();
        ExampleScript.CopyText("docs", "*.md", folder.File("text/manuals"));
        ExampleScript.CopyText("tests/Shared", "*.cs", folder.File("text/code"));
        string output = Run(folder);
        Assert.Contains(
            "scores-1/scores.csv: no head matches prefixes with a tenth of its attention by step 10",
            output,
            StringComparison.Ordinal
        );
        Assert.True(File.Exists(folder.File("out/probe-code.npy")));
        DateTime[] written = [.. Kept.Select(file => File.GetLastWriteTimeUtc(folder.File($"out/{file}")))];
        Run(folder);
        Assert.Equal(written, Kept.Select(file => File.GetLastWriteTimeUtc(folder.File($"out/{file}"))));

        // Two checkpoints as they are, each beside what heads attend to then and at the end, and the last one on scrambled text; of each
        // the heads of two layers and all of them, by three modes of the excess.
        Assert.Equal(3 * 2 * 3 * 3, Lines(folder, "split.csv"));
        Assert.EndsWith("</svg>", File.ReadAllText(folder.File("out/figures/split.svg")).TrimEnd(), StringComparison.Ordinal);

        // Four trainings; the heads of the second layer in each.
        Assert.Equal(4, Lines(folder, "design.csv"));
        Assert.Equal(4 * 8, Lines(folder, "design-heads.csv"));
        Assert.Equal(4 * 8, Lines(folder, "design-changes.csv"));
        Assert.Equal(3 * 3, Lines(folder, "variance.csv"));

        // Of χ, excess, covariance and the excess before the loss is felt.
        Assert.Equal(3 * 4 * 3, Lines(folder, "roles.csv"));
        Assert.Equal(3 * 16 * 3, Lines(folder, "effects.csv"));

        // An outlier of each part and its first token, the perturbed posterior's r and slope, shares of two layers, patterns of mode 1, and
        // two correlations of each part; without induction heads nothing tells them apart.
        Assert.Equal(3 + 1 + 2 + 2 + 1 + (2 * 3), Lines(folder, "published.csv"));

        // Curves of the whole model on all text, one kind and repeats at eight checkpoints; of the heads on all text, repeats and two
        // kinds at one, and the differences between the two.
        Assert.Equal((8 * 3) + (16 * 4), Lines(folder, "coefficients.csv"));
        Assert.Equal(16, Lines(folder, "separate.csv"));
        Assert.True(Lines(folder, "stages.csv") >= 3);

        // Four scores of each stage; none where one scored checkpoint is the nearest to both of its ends.
        Assert.Equal(0, Lines(folder, "stage-scores.csv") % 4);
        Assert.True(File.Exists(folder.File("out/stages-1/trajectory.csv")));
        using JsonDocument found = JsonDocument.Parse(File.ReadAllText(folder.File("out/stages-1/stages.json")));
        JsonElement dynamics = found.RootElement.GetProperty("dynamics");
        Assert.Equal(
            dynamics.GetProperty("forms").GetArrayLength()
                + dynamics.GetProperty("planes").EnumerateArray().Sum(plane => plane.GetProperty("points").GetArrayLength()),
            Lines(folder, "dynamics.csv")
        );

        // Sixteen heads at two checkpoints, and two layers.
        Assert.Equal(2 * 16, Lines(folder, "multigram.csv"));
        Assert.Equal(2 * 2, Lines(folder, "multigram-layers.csv"));

        Assert.EndsWith("</svg>", File.ReadAllText(folder.File("out/figures/coefficients.svg")).TrimEnd(), StringComparison.Ordinal);

        // The network at first and at last.
        Assert.Equal(2, Lines(folder, "tasks.csv"));
        Assert.Equal(4, Lines(folder, "pairs.csv"));

        // One seed has no other to be put beside.
        Assert.Equal(0, Lines(folder, "matching.csv"));
        Assert.Equal(0, Lines(folder, "matched-roles.csv"));
        Assert.Equal(0, Lines(folder, "closures.csv"));

        // Every line of these has all its fields; which lines there are hangs on the patterns that the text has.
        Array.ForEach(["ablation.csv", "suppression.csv", "paths.csv"], table => Lines(folder, table));
    }

    private static IEnumerable<string> Kept =>
        [
            "scores-1/scores.csv",
            "design-1/chi/susceptibility.npz",
            "design-1/plus.npy",
            "response-1/chi/susceptibility.npz",
            "response-1/perturb.csv",
            "stages-1/stages.json",
            "one-layer/checkpoint-10/model.safetensors",
            "tasks/4-tasks-seed-1-scores/evaluation.csv",
        ];

    /// <summary>The lines of a table, of which none may lack a field.</summary>
    private static int Lines(TemporaryFolder folder, string table)
    {
        string[] lines = File.ReadAllLines(folder.File($"out/tables/{table}"));
        Assert.All(lines, line => Assert.Equal(lines[0].Split(',').Length, line.Split(',').Length));
        return lines.Length - 1;
    }

    private static string Run(TemporaryFolder folder) =>
        ExampleScript.Run(
            "findings/all",
            [folder.File("out")],
            ("TEXT", folder.File("text")),
            ("STEPS", "10"),
            ("SEEDS", "1"),
            ("VOCABULARY", "300"),
            ("N_CTX", "32"),
            ("D_MODEL", "32"),
            ("EVERY", "20"),
            ("ROWS", "4"),
            ("SAMPLES", "10"),
            ("LIMIT", "200K"),
            ("AT", "0 10"),
            ("PROBE_ROWS", "2"),
            ("PAIRS", "4"),
            ("DESIGN_ROWS", "16"),
            ("DRAWS", "4"),
            ("FULL_DRAWS", "4"),
            ("BURN_IN", "2"),
            ("BATCH", "2"),
            ("UPDATES", "4"),
            ("LLC_DRAWS", "4"),
            ("SCORE_SETS", "2"),
            ("LLC_BURN_IN", "2"),
            ("LLC_ROWS", "4"),
            ("LLC_AT", "0 1 2 3 4 5 7 10"),
            ("HEADS_AT", "10"),
            ("KINDS", "code"),
            ("HEAD_KINDS", "code manuals"),
            ("CODE", "code"),
            ("MULTIGRAM_AT", "5 10"),
            ("OUTPUTS", "50"),
            ("M", "4"),
            ("TASK_STEPS", "2"),
            ("CHECKPOINTS", "1"),
            ("SEQUENCES", "64"),
            ("PERMUTATIONS", "20"),
            ("RESPONSE_ROWS", "2")
        );
}
