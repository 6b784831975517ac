using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Curie.Page;

/// <summary>
/// Numbers for the page's charts: seven digits, whole numbers, steps among them, as they are, and null where they are not finite.
/// </summary>
internal sealed class RoundedNumber : JsonConverter<double>
{
    // Half a unit of the seventh digit is far below a hundredth of a pixel.
    private const string Digits = "G7";
    private const double Exact = 1L << 53;

    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The page's data are not read.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (!double.IsFinite(value))
        {
            writer.WriteNullValue();
        }
        else if (value == Math.Floor(value) && Math.Abs(value) < Exact)
        {
            writer.WriteNumberValue((long)value);
        }
        else
        {
            writer.WriteNumberValue(double.Parse(value.ToString(Digits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        }
    }
}
