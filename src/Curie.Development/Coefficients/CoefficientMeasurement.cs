using System.Text.Json;
using Curie.Numerics;
using Curie.Response.Runs;

namespace Curie.Development.Coefficients;

/// <summary>What a study keeps of one checkpoint on one data set.</summary>
/// <param name="Digest">Of the settings, weights and data that it was made of.</param>
/// <param name="Components">Everything that was measured, component by component.</param>
internal sealed record CoefficientMeasurement(string Digest, IReadOnlyList<CoefficientRecord> Components)
{
    /// <summary>Reads one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="digest">Of what it has to be made of.</param>
    /// <exception cref="InputException">The file is damaged, cannot be read, or is of something else.</exception>
    public static CoefficientMeasurement Read(string path, string digest)
    {
        CoefficientMeasurement stored;
        try
        {
            stored = RecordJson.ReadFile<CoefficientMeasurement>(path);
        }
        catch (JsonException error)
        {
            throw new InputException($"{path} is damaged; delete it to measure it again.", error);
        }

        return stored.Digest == digest
            ? stored
            : throw new InputException(
                $"{path} was measured with other settings, weights or data; give `overwrite` to begin again, or `out` another folder."
            );
    }

    /// <summary>Writes it, whole or not at all.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Write(string path) => RecordJson.WriteFile(path, this, indented: false);
}
