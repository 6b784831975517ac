using System.Globalization;
using Curie.Networks.Data;
using Curie.Numerics;
using Curie.Sampling.Networks;

namespace Curie.Studies.Susceptibilities;

/// <summary>What is said of the rows that give P and L0.</summary>
public static class LossRowsWords
{
    /// <summary>Which they are, before their number.</summary>
    public static string Which(RowChoice choice) => choice == RowChoice.First ? "the first" : "random";

    /// <summary>A warning where the rows are no fair sample of their file; null otherwise.</summary>
    /// <param name="check">What was measured; null where nothing was to be.</param>
    /// <param name="file">The file.</param>
    public static string? Warning(LossRowsCheck? check, string file) =>
        check is { Differs: true }
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"L0 of the first {Counted.Of(check.Rows, "row")} of {file} is {check.First.Mean:F3} ± {check.First.StandardError:F3}, "
                    + $"that of as many random ones {check.Random.Mean:F3} ± {check.Random.StandardError:F3}: these rows are no "
                    + $"fair sample of the file; set loss_rows_choice to random, or pack the text again, which shuffles it."
            )
            : null;
}
