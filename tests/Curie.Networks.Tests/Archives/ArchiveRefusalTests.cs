using System.Text;
using Curie.Networks.Archives;
using Curie.Numerics;
using Curie.Tests;

namespace Curie.Networks.Tests.Archives;

/// <summary>Files that are something else than they should be, models in several files, and llama2.c's headers.</summary>
public sealed class ArchiveRefusalTests : IDisposable
{
    private const string OneTensor = """{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
        "is a Git LFS pointer, not the file itself; run `git lfs pull`."
    )]
    [InlineData("<!DOCTYPE html>\n<html>", "is a web page")]
    [InlineData("\n <html lang=\"en\">", "is a web page")]
    [InlineData("GGUF\u0003\0\0\0", "is a GGUF file")]
    [InlineData("hello", "is no file of tensors that Curie reads")]
    [InlineData("{\"a\": 1}", "is JSON and no index of a model in several files")]
    [InlineData("{\"a\": ", "is not whole JSON")]
    public void Other_files_are_told_apart(string content, string message)
    {
        File.WriteAllText(_folder.File("model.bin"), content);
        AssertRefused(_folder.File("model.bin"), message);
        AssertRefused(_folder.Path, message);
    }

    [Fact]
    public void Missing_files_and_folders_without_a_model_are_refused()
    {
        AssertRefused(_folder.File("none.pt"), "does not exist");
        AssertRefused(_folder.Path, "holds no model");
        File.WriteAllText(_folder.File("a.pt"), "x");
        File.WriteAllText(_folder.File("b.safetensors"), "x");
        AssertRefused(_folder.Path, "holds 2 files that may be the model, a.pt and b.safetensors among them");
    }

    [Theory]
    [InlineData("model-00001-of-00002.safetensors", "model.safetensors.index.json")]
    [InlineData("pytorch_model-00002-of-00002.bin", "pytorch_model.bin.index.json")]
    public void Parts_of_a_model_without_their_index_are_refused_by_its_name(string part, string index)
    {
        File.WriteAllText(_folder.File(part), "x");
        AssertRefused(_folder.Path, $"holds 1 file of a model in 2, and {index}, which says which tensor is in which, is missing");
    }

    [Fact]
    public void A_model_in_one_part_needs_no_index()
    {
        WriteSafetensors("model-00001-of-00001.safetensors", OneTensor);
        TensorArchive.Open(_folder.Path).Dispose();
    }

    [Theory]
    [InlineData("{\"a\": 1,\n \"b\": [2", "config.json is not whole JSON in UTF-8: it ends within line 2; restore")]
    [InlineData("{\"a\": 1,\n \"b\": \"x", "config.json is not whole JSON in UTF-8: it ends within line 2; restore")]
    [InlineData("{\"a\": 1,\n\n \"b\": NaN}", "config.json holds NaN at line 3, which is no JSON; restore")]
    [InlineData("{\"a\": -Infinity}", "config.json holds -Infinity at line 1, which is no JSON; restore")]
    [InlineData("{\"a\": 1,\n \"a\": 2}", "config.json names a key twice, a at line 2; restore")]
    [InlineData("{\"a\": 1,\n b: 2}", "config.json is not whole JSON in UTF-8: line 2 is none at its byte 2; restore")]
    [InlineData("[1]", "config.json is JSON and holds no object, which a configuration is; restore")]
    public void A_damaged_configuration_is_refused_with_the_place(string json, string message)
    {
        WriteSafetensors("model.safetensors", OneTensor);
        File.WriteAllText(_folder.File("config.json"), json);
        AssertRefused(_folder.Path, message);
    }

    [Fact]
    public void A_configuration_in_UTF_16_is_refused_as_such()
    {
        WriteSafetensors("model.safetensors", OneTensor);
        foreach (
            Encoding encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode, new UnicodeEncoding(false, byteOrderMark: false) }
        )
        {
            File.WriteAllText(_folder.File("config.json"), "{}", encoding);
            AssertRefused(_folder.Path, "config.json is text in UTF-16, and JSON is read in UTF-8; save it as UTF-8.");
        }
    }

    [Fact]
    public void Safetensors_take_null_for_no_metadata()
    {
        WriteSafetensors("model.safetensors", """{"__metadata__":null,"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""");
        using ITensorArchive archive = TensorArchive.Open(_folder.Path);

        float[] values = new float[2];
        archive.Tensors["w"].CopyTo(values);
        Assert.Equal([1, 2], values);
    }

    [Theory]
    [InlineData(
        """{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        "names w twice"
    )]
    [InlineData("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "is truncated")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,8]}}""", "do not hold F32")]
    [InlineData("""{"w\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "not the JSON")]
    [InlineData("""{"w\u001b":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}""", "gives w? the unknown dtype F99")]
    public void Safetensors_that_lie_are_refused(string header, string message)
    {
        WriteSafetensors("model.safetensors", header);
        AssertRefused(_folder.File("model.safetensors"), message);
    }

    [Fact]
    public void Safetensors_with_a_header_that_is_not_UTF8_are_refused()
    {
        byte[] header = Encoding.Latin1.GetBytes("""{"é":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""");
        File.WriteAllBytes(_folder.File("m.safetensors"), [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[8]]);
        AssertRefused(_folder.File("m.safetensors"), "not the JSON");
    }

    [Theory]
    [InlineData("C64", 8)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("I64", 8)]
    public void Other_types_are_listed(string type, int bytes)
    {
        WriteSafetensors("m.safetensors", $$$"""{"w":{"dtype":"{{{type}}}","shape":[{{{8 / bytes}}}],"data_offsets":[0,8]}}""");
        using ITensorArchive archive = TensorArchive.Open(_folder.File("m.safetensors"));

        ArchivedTensor tensor = archive.Tensors["w"];
        Assert.Equal(type, tensor.Type);
        Assert.Throws<InputException>(() => tensor.CopyTo(new float[tensor.Count]));
        Assert.Throws<ArgumentException>(() => tensor.CopyTo(new float[tensor.Count + 1]));
    }

    [Theory]
    [InlineData("""{"weight_map":{"w":"a.safetensors","v":"b.safetensors"}}""", "places v in ", "b.safetensors, which does not exist")]
    [InlineData(
        """{"weight_map":{"w":"a.safetensors","v":"a.safetensors"}}""",
        "says that v is in a.safetensors, which does not hold it",
        ""
    )]
    [InlineData("""{"weight_map":{"w":"../a.safetensors"}}""", "is no file of its own folder", "")]
    [InlineData("""{"weight_map":{"w":".."}}""", "is no file of its own folder", "")]
    [InlineData("""{"weight_map":{"w":"a\u202e.safetensors"}}""", "places w in \"a?.safetensors\", which is no file of its own folder", "")]
    [InlineData("""{"weight_map":{"w":1}}""", "gives no file for w", "")]
    [InlineData("""{"weight_map":{}}""", "no index of a model", "")]
    [InlineData("""{"weight_map":{"w":"a.safetensors","w":"a.safetensors"}}""", "names a key twice", "")]
    [InlineData("""{"weight_map":{"w\udc00":"a.safetensors"}}""", "is not whole JSON", "")]
    [InlineData("""{"weight_map":{"w":"model.safetensors.index.json"}}""", "is no file of tensors", "")]
    public void Indices_that_lie_are_refused(string index, string message, string more)
    {
        WriteSafetensors("a.safetensors", OneTensor);
        File.WriteAllText(_folder.File("model.safetensors.index.json"), index);
        AssertRefused(_folder.Path, message);
        AssertRefused(_folder.File("model.safetensors.index.json"), more);
    }

    [Fact]
    public void Pickles_in_several_files_are_read()
    {
        for (int shard = 1; shard <= 2; shard++)
        {
            byte[] pickle = new PickleWriter().Op('}').Text($"w{shard}").Tensor("FloatStorage", "0", 1, 0, [1], [1]).Op('s').End();
            byte[] file = TorchFiles.Zip(pickle, new Dictionary<string, byte[]> { ["0"] = TorchFiles.Floats(shard) });
            File.WriteAllBytes(_folder.File($"pytorch_model-0000{shard}-of-00002.bin"), file);
        }

        File.WriteAllText(
            _folder.File("pytorch_model.bin.index.json"),
            """{"weight_map":{"w1":"pytorch_model-00001-of-00002.bin","w2":"pytorch_model-00002-of-00002.bin"}}"""
        );
        File.WriteAllText(_folder.File("config.json"), """{"model_type":"gpt2"}""");
        using ITensorArchive archive = TensorArchive.Open(_folder.Path);

        float[] value = new float[1];
        archive.Tensors["w2"].CopyTo(value);
        Assert.Equal([2], value);
        Assert.Equal("gpt2", archive.Configuration!["model_type"]!.GetValue<string>());
    }

    [Fact]
    public void Headers_of_llama2c_are_held_against_the_length_of_the_file()
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(ModelFixtures.Folder("llama2c-v0"), "model.bin"));
        Check(whole[..^4], "sizes ask for 94236 bytes, and has 94232");
        Check([.. whole, 0], "sizes ask for 94236 bytes, and has 94237");
        byte[] first = File.ReadAllBytes(Path.Combine(ModelFixtures.Folder("llama2c-v1"), "model.bin"));
        Check(first[..200], "ends within its header");
        Check(first[..^1], "sizes ask for 93184 bytes");
        first[8] = 33;
        Check(first, "impossible sizes");
        first[4] = 2;
        Check(first, "is of version 2 of llama2.c, whose weights are quantised");
        first[4] = 9;
        Check(first, "is of version 9 of llama2.c, which is not known");

        void Check(byte[] bytes, string message)
        {
            File.WriteAllBytes(_folder.File("model.bin"), bytes);
            AssertRefused(_folder.File("model.bin"), message);
        }
    }

    private void WriteSafetensors(string name, string header) =>
        File.WriteAllBytes(
            _folder.File(name),
            [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. TorchFiles.Floats(1, 2)]
        );

    private static void AssertRefused(string path, string message)
    {
        InputException error = Assert.Throws<InputException>(() => TensorArchive.Open(path).Dispose());
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }
}
