using System.Runtime.InteropServices;
using Curie.Numerics;
using Curie.Tests;
using Curie.Text.Tokenization;

namespace Curie.Text.Tests.Tokenization;

/// <summary>
/// Random combinations of all parts give the ids of Hugging Face's <c>tokenizers</c> 0.22, which <c>Tokenizers.DotNet</c> brings for x64 Linux.
/// </summary>
public sealed class ReferenceLibraryTests : IDisposable
{
    private const int Texts = 25;
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(1, 60)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_random_tokenizer_gives_the_ids_of_the_reference_library(int seed)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return;
        }

        RandomTokenizer random = new(seed);
        string path = _folder.File("tokenizer.json");
        string json = random.Next().ToJsonString();
        File.WriteAllText(path, json);
        Tokenizer tokenizer;
        try
        {
            tokenizer = TokenizerFile.Load(path);
        }
        catch (InputException refusal)
        {
            Assert.Contains("does not support", refusal.Message, StringComparison.Ordinal);
            return;
        }

        using Tokenizers.DotNet.Tokenizer reference = new(path);
        TextEncoder encoder = tokenizer.CreateEncoder(SpecialText.Token, template: true);
        for (int i = 0; i < Texts; i++)
        {
            string text = random.Text();
            List<int> ids = [];
            encoder.Encode(text, ids);
            int[] expected = [.. reference.Encode(text).Select(id => (int)id)];
            Assert.True(
                expected.SequenceEqual(ids),
                $"{Uri.EscapeDataString(text)}: {string.Join(',', expected)} and not {string.Join(',', ids)}, by {json[..600]}"
            );
        }
    }
}
