using System.Globalization;
using System.IO.Compression;
using Curie.Networks.Archives;
using Curie.Numerics;
using Curie.Tests;

namespace Curie.Networks.Tests.Archives;

/// <summary>
/// Files damaged at random: every one opens or is refused in a sentence, and no damage has more memory allocated than a small multiple of
/// the file. CURIE_MUTATIONS says how many there are of each kind; .ci/long sets it.
/// </summary>
public sealed class ArchiveFuzzTests : IDisposable
{
    private const int LongestTensor = 1 << 20;

    // HostilePickleTests has the costliest pickles. JSON takes less.
    private const int MostBytesForOne = 128;

    // The buffers of the files that are open, and what .NET sets up once.
    private const long Buffers = 1 << 20;

    private static readonly int Mutations = int.TryParse(
        Environment.GetEnvironmentVariable("CURIE_MUTATIONS"),
        NumberStyles.None,
        CultureInfo.InvariantCulture,
        out int count
    )
        ? count
        : 300;

    private static readonly byte[] Edges = [0x00, 0x01, 0x7F, 0x80, 0xFF, (byte)'(', (byte)'R', (byte)'.', (byte)'b', (byte)'"', (byte)'{'];
    private readonly TemporaryFolder _folder = new();
    private readonly float[] _values = new float[LongestTensor];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tl-whole-model", "model.pt")]
    [InlineData("tl-checkpoint", "checkpoint.pt")]
    public void Pickles_in_zip_files(string name, string file)
    {
        using ZipArchive whole = ZipFile.OpenRead(Path.Combine(ModelFixtures.Folder(name), file));
        byte[] pickle = Read(whole.Entries.Single(entry => entry.Name == "data.pkl"));
        Dictionary<string, byte[]> storages = whole
            .Entries.Where(entry => entry.FullName.Contains("/data/", StringComparison.Ordinal))
            .ToDictionary(entry => entry.Name, Read);
        Damage(pickle, "model.pt", damaged => TorchFiles.Zip(damaged, storages));

        static byte[] Read(ZipArchiveEntry entry)
        {
            using Stream stream = entry.Open();
            byte[] bytes = new byte[entry.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    [Fact]
    public void Pickles_of_before_1_6()
    {
        // The pickles come before the numbers, which are of no interest.
        byte[] whole = File.ReadAllBytes(Path.Combine(ModelFixtures.Folder("nanogpt-legacy-pickle"), "ckpt.pt"));
        int pickles = 7624;
        Damage(whole[..pickles], "ckpt.pt", damaged => [.. damaged, .. whole[pickles..]]);
    }

    [Fact]
    public void Zip_files() => Damage(SmallZip(), "model.pt", damaged => damaged);

    [Fact]
    public void Safetensors()
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(ModelFixtures.Folder("tl4-gqa"), "gradients.safetensors"));
        int header = 8 + (int)BitConverter.ToInt64(whole);
        Damage(whole[..header], "model.safetensors", damaged => [.. damaged, .. whole[header..]]);
    }

    [Fact]
    public void Indices()
    {
        foreach (string file in Directory.EnumerateFiles(ModelFixtures.Folder("gpt2-bf16-sharded")))
        {
            File.Copy(file, _folder.File(Path.GetFileName(file)));
        }

        string name = "model.safetensors.index.json";
        Damage(File.ReadAllBytes(_folder.File(name)), name, damaged => damaged);
    }

    [Fact]
    public void Configurations()
    {
        File.WriteAllBytes(_folder.File("model.pt"), SmallZip());
        byte[] config = File.ReadAllBytes(Path.Combine(ModelFixtures.Folder("llama-rope-llama3"), "config.json"));
        Damage(config, "config.json", damaged => damaged, "model.pt");
    }

    [Fact]
    public void Headers_of_llama2c()
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(ModelFixtures.Folder("llama2c-v1"), "model.bin"));
        Damage(whole[..64], "model.bin", damaged => [.. damaged, .. whole[64..]]);
    }

    private static byte[] SmallZip()
    {
        PickleWriter pickle = new();
        pickle
            .Op('}')
            .Op('(')
            .Text("a")
            .Tensor("FloatStorage", "0", 6, 0, [3, 2], [1, 3])
            .Text("b")
            .Tensor("HalfStorage", "1", 2, 1, [1], [1]);
        return TorchFiles.Zip(pickle.Op('u').End(), new Dictionary<string, byte[]> { ["0"] = new byte[24], ["1"] = new byte[4] });
    }

    private void Damage(byte[] part, string file, Func<byte[], byte[]> build, string? opened = null)
    {
        string path = _folder.File(file);
        Random random = new(part.Length);
        for (int i = 0; i < Mutations; i++)
        {
            byte[] whole = build(Mutate(part, random));
            File.WriteAllBytes(path, whole);
            long before = GC.GetAllocatedBytesForCurrentThread();
            InputException? refusal = Try(_folder.File(opened ?? file));
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            Assert.True(
                allocated <= Buffers + (MostBytesForOne * (long)whole.Length),
                $"mutation {i}: {allocated} bytes for {whole.Length}"
            );
            Assert.False(refusal is not null && refusal.Message.Any(char.IsControl), $"mutation {i}: {refusal?.Message}");
        }
    }

    private InputException? Try(string path)
    {
        try
        {
            using ITensorArchive archive = TensorArchive.Open(path);
            foreach (ArchivedTensor tensor in archive.Tensors.Values.Where(tensor => tensor.Count <= LongestTensor))
            {
                TryCopy(tensor);
            }

            return null;
        }
        catch (InputException refusal)
        {
            return refusal;
        }
    }

    private void TryCopy(ArchivedTensor tensor)
    {
        try
        {
            tensor.CopyTo(_values.AsSpan(0, (int)tensor.Count));
        }
        catch (InputException)
        {
            // A type that is no float, or a file that ends: both are answers.
        }
    }

    private static byte[] Mutate(byte[] whole, Random random)
    {
        List<byte> bytes = [.. whole];
        for (int change = random.Next(1, 4); change > 0 && bytes.Count > 0; change--)
        {
            int place = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 20), bytes.Count - place);
            switch (random.Next(7))
            {
                case 0:
                    bytes[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[place] = Edges[random.Next(Edges.Length)];
                    break;
                case 2:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 3:
                    bytes.RemoveRange(place, length);
                    break;
                case 4:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(place, length));
                    break;
                case 5:
                    bytes.Insert(place, Edges[random.Next(Edges.Length)]);
                    break;
                default:
                    if (random.Next(10) == 0)
                    {
                        bytes.RemoveRange(place, bytes.Count - place);
                    }

                    break;
            }
        }

        return [.. bytes];
    }
}
