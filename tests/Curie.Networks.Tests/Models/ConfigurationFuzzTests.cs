using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Networks.Archives;
using Curie.Networks.Models.Families;
using Curie.Networks.Parameters;
using Curie.Numerics;

namespace Curie.Networks.Tests.Models;

/// <summary>
/// Configurations changed at random beside the tensors that they belonged to: every one gives a model or is refused in a sentence, and none
/// has more memory allocated than the tensors need. CURIE_MUTATIONS says how many there are of all models together; .ci/long sets it.
/// </summary>
public sealed class ConfigurationFuzzTests
{
    private const int MutationsOfOne = 100;
    private const int LongestMessage = 2000;

    // A thousand layers of 22 tensors, listed twice to count and to place them, of less than 1 KB of names, shapes and places each; and a
    // configuration of some 10 KB, parsed twice.
    private const long MostBytes = 1 << 25;

    private static readonly int Mutations = int.TryParse(
        Environment.GetEnvironmentVariable("CURIE_MUTATIONS"),
        NumberStyles.None,
        CultureInfo.InvariantCulture,
        out int count
    )
        ? count / ModelFixtures.Names.Count()
        : MutationsOfOne;

    private static readonly string[] Values =
    [
        "null",
        "true",
        "false",
        "\"\"",
        "\"NaN\"",
        "\"gelu\"",
        "\"yarn\"",
        "\"\\u001b[2J\\u202e\"",
        $"\"{new string('x', 10000)}\"",
        "-1",
        "0",
        "1",
        "2",
        "3",
        "1000",
        "65536",
        "16777216",
        "2147483647",
        "-2147483648",
        "2147483648",
        "9223372036854775807",
        "1e-320",
        "1e308",
        "-1e308",
        "1e999",
        "-0.5",
        "0.3333",
        "1.5",
        "[]",
        "{}",
        "[[[\"local\"], 2147483647]]",
        "[\"local\", \"global\"]",
        "[1, \"a\", null]",
        "{\"rope_type\": \"llama3\", \"factor\": 8}",
        "{\"rope_type\": \"linear\", \"factor\": 0}",
        string.Concat(Enumerable.Repeat("[", 20)) + string.Concat(Enumerable.Repeat("]", 20)),
    ];

    private static readonly string[] Types = ["gpt2", "gpt_neo", "gpt_neox", "opt", "llama", "mistral", "qwen2", "qwen3", "gemma2", "bert"];

    public static TheoryData<string> All => [.. ModelFixtures.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void A_changed_configuration_gives_a_model_or_a_sentence(string name)
    {
        using ITensorArchive archive = TensorArchive.Open(ModelFixtures.Folder(name));
        long stored = archive.Tensors.Values.Sum(tensor => tensor.Count);
        string original = archive.Configuration!.ToJsonString();
        Random random = new(name.Sum(letter => letter));
        for (int i = 0; i < Mutations; i++)
        {
            JsonObject changed = (JsonObject)JsonNode.Parse(original)!;
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                Mutate(changed, random);
            }

            string text = changed.ToJsonString();
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using ReconfiguredArchive reconfigured = new(archive, changed);
                using ParameterSet parameters = new WeightReader(reconfigured, ModelFamilies.Describe(reconfigured)).Read();
                Assert.InRange(parameters.Layout.Length, 1, stored);
            }
            catch (InputException refusal)
            {
                Assert.False(refusal.Message.Any(char.IsControl), $"{text}: {refusal.Message}");
                Assert.InRange(refusal.Message.Length, 20, LongestMessage);
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{text}: {error}");
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= MostBytes, $"{text}: {allocated} bytes");
        }
    }

    private static void Mutate(JsonObject json, Random random)
    {
        string[] keys = [.. json.Select(pair => pair.Key)];
        if (keys.Length == 0)
        {
            json["n_layers"] = Value(random);
            return;
        }

        string key = keys[random.Next(keys.Length)];
        if (json[key] is JsonObject section && random.Next(2) == 0)
        {
            Mutate(section, random);
            return;
        }

        switch (random.Next(8))
        {
            case 0:
                json.Remove(key);
                break;
            case 1:
                json[keys[random.Next(keys.Length)]] = json[key]?.DeepClone();
                break;
            case 2:
                json["unknown_" + random.Next(10)] = Value(random);
                break;
            case 3:
                json["model_type"] = Types[random.Next(Types.Length)];
                break;
            case 4 when json[key] is JsonValue value && value.TryGetValue(out int number):
                json[key] = JsonNode.Parse((number * (long)random.Next(-1, 5)).ToString(CultureInfo.InvariantCulture));
                break;
            default:
                json[key] = Value(random);
                break;
        }
    }

    private static JsonNode? Value(Random random) => JsonNode.Parse(Values[random.Next(Values.Length)]);
}
