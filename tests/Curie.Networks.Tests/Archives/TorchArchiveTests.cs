using System.IO.Compression;
using System.Text.Json.Nodes;
using Curie.Networks.Archives;
using Curie.Numerics;
using Curie.Tests;

namespace Curie.Networks.Tests.Archives;

/// <summary>Checkpoints built here operation by operation; what their tensors hold follows from PyTorch's definition of strides.</summary>
public sealed class TorchArchiveTests : IDisposable
{
    private static readonly float[] Six = [1, 2, 3, 4, 5, 6];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Views_of_one_storage_are_resolved()
    {
        PickleWriter pickle = new();
        pickle.Op('}').Op('(');
        Add("whole", 0, [2, 3], [3, 1]);
        Add("transposed", 0, [3, 2], [1, 3]);
        Add("second row", 3, [3], [1]);
        Add("second column", 1, [2], [3]);
        Add("expanded", 5, [2, 2], [0, 0]);
        Add("repeated rows", 0, [2, 3], [0, 1]);
        Add("overlapping", 0, [3, 2], [1, 1]);
        Add("scalar", 4, [], []);
        Add("one of one", 2, [1, 1], [17, 9]);
        Add("nothing", 6, [0, 3], [3, 1]);
        Add("every second", 0, [3, 1, 1], [2, 1, 1]);

        using ITensorArchive archive = Open(TorchFiles.Zip(pickle.Op('u').End(), Storage("0", TorchFiles.Floats(Six))));

        Assert.Equal([1, 2, 3, 4, 5, 6], Values(archive, "whole"));
        Assert.Equal([1, 4, 2, 5, 3, 6], Values(archive, "transposed"));
        Assert.Equal([4, 5, 6], Values(archive, "second row"));
        Assert.Equal([2, 5], Values(archive, "second column"));
        Assert.Equal([6, 6, 6, 6], Values(archive, "expanded"));
        Assert.Equal([1, 2, 3, 1, 2, 3], Values(archive, "repeated rows"));
        Assert.Equal([1, 2, 2, 3, 3, 4], Values(archive, "overlapping"));
        Assert.Equal([5], Values(archive, "scalar"));
        Assert.Equal([3], Values(archive, "one of one"));
        Assert.Empty(Values(archive, "nothing"));
        Assert.Equal([1, 3, 5], Values(archive, "every second"));
        Assert.Empty(archive.Tensors["scalar"].Shape);
        Assert.Equal([3L, 2], archive.Tensors["transposed"].Shape);

        void Add(string name, long offset, long[] shape, long[] strides) =>
            pickle.Text(name).Tensor("FloatStorage", "0", 6, offset, shape, strides);
    }

    [Theory]
    [InlineData("HalfStorage", "F16", new byte[] { 0x00, 0x3C, 0x01, 0x00, 0xFF, 0x7B, 0x00, 0xFC })]
    [InlineData("BFloat16Storage", "BF16", new byte[] { 0x80, 0x3F, 0x49, 0xC0, 0x01, 0x00, 0x80, 0xFF })]
    public void Types_of_sixteen_bits_convert_exactly(string storage, string type, byte[] bytes)
    {
        // By hand: half 0x3C00 = 1, 0x0001 = 2⁻²⁴, 0x7BFF = 65504, 0xFC00 = −∞. BF16 are the upper bits of float32: 0x3F80 = 1,
        // 0xC049 = −3.140625, 0x0001 = 2⁻¹³³, 0xFF80 = −∞.
        float[] expected =
            type == "F16"
                ? [1, 1f / (1 << 24), 65504, float.NegativeInfinity]
                : [1, -3.140625f, BitConverter.Int32BitsToSingle(0x10000), float.NegativeInfinity];
        using ITensorArchive archive = Open(OneTensor(storage, 4, [2, 2], [1, 2], bytes));

        Assert.Equal(type, archive.Tensors["w"].Type);
        Assert.Equal([expected[0], expected[2], expected[1], expected[3]], Values(archive, "w"));
    }

    [Fact]
    public void Float64_is_rounded_to_the_nearest()
    {
        // Halfway between 1 and the next float32, 1 + 2⁻²³, goes to the even one, 1; a little more goes up; 1e300 is beyond float32.
        double[] values = [0.1, 1 + Math.Pow(2, -24), 1 + Math.Pow(2, -24) + Math.Pow(2, -50), 1e300];
        byte[] bytes = [.. values.SelectMany(BitConverter.GetBytes)];
        using ITensorArchive archive = Open(OneTensor("DoubleStorage", 4, [4], [1], bytes));

        Assert.Equal([0.1f, 1, MathF.BitIncrement(1), float.PositiveInfinity], Values(archive, "w"));
    }

    [Fact]
    public void Numbers_of_a_machine_with_the_other_byte_order_are_turned_around()
    {
        byte[] pickle = State("FloatStorage", 2, [2], [1]);
        byte[] bytes = [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0];
        using ITensorArchive archive = Open(TorchFiles.Zip(pickle, Storage("0", bytes), order: "big"));

        Assert.Equal([1, -2], Values(archive, "w"));
    }

    [Theory]
    [InlineData("LongStorage", "I64", 8)]
    [InlineData("BoolStorage", "BOOL", 1)]
    [InlineData("ByteStorage", "U8", 1)]
    [InlineData("ComplexFloatStorage", "C64", 8)]
    public void Other_types_are_listed_and_refused_when_their_values_are_asked_for(string storage, string type, int bytes)
    {
        using ITensorArchive archive = Open(OneTensor(storage, 2, [2], [1], new byte[2 * bytes]));

        Assert.Equal(type, archive.Tensors["w"].Type);
        Assert.Contains(
            $"as {type} where floats",
            Assert.Throws<InputException>(() => Values(archive, "w")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Tensors_that_say_their_type_themselves_are_read()
    {
        PickleWriter pickle = new();
        pickle
            .Op('}')
            .Op('(')
            .Text("w")
            .UntypedTensor("float32", "0", 24, [3, 2], [1, 3])
            .Text("f")
            .UntypedTensor("float8_e5m2", "0", 24, [24], [1]);
        using ITensorArchive archive = Open(TorchFiles.Zip(pickle.Op('u').End(), Storage("0", TorchFiles.Floats(Six))));

        Assert.Equal([1, 4, 2, 5, 3, 6], Values(archive, "w"));
        Assert.Equal("F8_E5M2", archive.Tensors["f"].Type);
    }

    [Fact]
    public void The_form_of_before_1_6_gives_the_same_as_zip()
    {
        PickleWriter pickle = new();
        pickle
            .Op('}')
            .Op('(')
            .Text("a")
            .Tensor("FloatStorage", "7", 6, 0, [3, 2], [1, 3])
            .Text("b")
            .Tensor("HalfStorage", "9", 2, 1, [1], [1]);
        byte[] bytes = pickle.Op('u').End();
        byte[] half = [0, 0x3C, 0, 0x40];
        using ITensorArchive zip = Open(
            TorchFiles.Zip(bytes, new Dictionary<string, byte[]> { ["7"] = TorchFiles.Floats(Six), ["9"] = half }),
            "new.pt"
        );

        // The storages lie in the order of the list of keys, whatever that of the tensors.
        using ITensorArchive legacy = Open(TorchFiles.Legacy(bytes, ("9", 2, half), ("7", 6, TorchFiles.Floats(Six))), "old.pt");

        Assert.Equal(zip.Tensors.Keys, legacy.Tensors.Keys);
        Assert.Equal([1, 4, 2, 5, 3, 6], Values(legacy, "a"));
        Assert.Equal([2], Values(legacy, "b"));
        Assert.Equal(Values(zip, "a"), Values(legacy, "a"));
        Assert.Equal(Values(zip, "b"), Values(legacy, "b"));
    }

    [Fact]
    public void Parts_of_storages_of_before_0_4_begin_where_they_say()
    {
        PickleWriter pickle = new();
        pickle.Op('}').Text("w").Global("torch._utils", "_rebuild_tensor").Op('(').Op('(').Text("storage").Global("torch", "FloatStorage");
        pickle.Text("5").Text("cpu").Number(6).Op('(').Text("6").Number(2).Number(3).Op('t').Op('t').Op('Q').Number(1).Tuple(2).Tuple(1);
        pickle.Op('t').Op('R').Op('s');
        using ITensorArchive archive = Open(TorchFiles.Legacy(pickle.End(), ("5", 6, TorchFiles.Floats(Six))));

        // Elements 2, 3, 4 of the whole; the tensor begins at the second of them.
        Assert.Equal([4, 5], Values(archive, "w"));
    }

    [Theory]
    [InlineData("model")]
    [InlineData("state_dict")]
    [InlineData("model_state_dict")]
    [InlineData("some other name")]
    public void The_state_dict_in_a_checkpoint_is_found_beside_all_else(string name)
    {
        PickleWriter pickle = new();
        pickle.Op('}').Op('(').Text("step").Number(7).Text("best_val_loss").Tensor("FloatStorage", "0", 6, 5, [], []);
        pickle.Text("optimizer").Op('}').Op('(').Text("state").Op('}').Number(0).Op('}').Text("exp_avg");
        pickle.Tensor("FloatStorage", "0", 6, 0, [6], [1]).Op('s').Op('s').Op('u');
        pickle.Text("config").Op('}').Text("learning_rate").Number(0.5).Op('s');
        pickle.Text("model_args").Op('}').Text("n_layer").Number(3).Op('s').Text(name).Op('}').Text("_orig_mod.module.w");
        pickle.Tensor("FloatStorage", "0", 6, 0, [2], [1]).Op('s').Op('u');
        byte[] bytes = pickle.End();

        if (name == "some other name")
        {
            // Beside a tensor only a name that is known says that it is the wrapper.
            using ITensorArchive loose = Open(TorchFiles.Zip(bytes, Storage("0", TorchFiles.Floats(Six))));
            Assert.Equal(["best_val_loss"], loose.Tensors.Keys);
            return;
        }

        using ITensorArchive archive = Open(TorchFiles.Zip(bytes, Storage("0", TorchFiles.Floats(Six))));
        Assert.Equal(["w"], archive.Tensors.Keys);
        Assert.Equal([1, 2], Values(archive, "w"));
        Assert.Equal("""{"n_layer":3}""", archive.Configuration!.ToJsonString());
    }

    [Fact]
    public void A_namespace_is_a_configuration_too()
    {
        PickleWriter pickle = new();
        pickle.Op('}').Op('(').Text("model_args").Op('}').Text("config").Global("types", "SimpleNamespace").Op(')').Op('R');
        pickle.Op('}').Text("depth").Number(2).Op('s').Op('b');
        pickle.Text("model").Op('}').Text("w").Tensor("FloatStorage", "0", 6, 0, [6], [1]).Op('s').Op('u');
        using ITensorArchive archive = Open(TorchFiles.Zip(pickle.End(), Storage("0", TorchFiles.Floats(Six))));

        Assert.Equal("""{"depth":2}""", archive.Configuration!.ToJsonString());
    }

    [Fact]
    public void Two_dicts_of_tensors_without_a_known_name_are_refused()
    {
        PickleWriter pickle = new();
        pickle.Op('}').Op('(').Text("encoder").Op('}').Text("w").Tensor("FloatStorage", "0", 6, 0, [6], [1]).Op('s');
        pickle.Text("decoder").Op('}').Text("w").Tensor("FloatStorage", "0", 6, 0, [6], [1]).Op('s').Op('u');

        AssertRefused(TorchFiles.Zip(pickle.End(), Storage("0", TorchFiles.Floats(Six))), "several dicts of tensors, encoder and decoder");
    }

    [Fact]
    public void A_whole_module_gives_what_its_state_dict_would()
    {
        PickleWriter pickle = new();
        Begin("my.package", "Model");
        pickle.Text("_parameters").Op('}').Text("w");
        pickle.Global("torch._utils", "_rebuild_parameter").Op('(').Tensor("FloatStorage", "0", 6, 0, [2], [1]).True();
        pickle.Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R').Op('s');
        pickle.Text("_buffers").Op('}').Op('(').Text("kept").Tensor("FloatStorage", "0", 6, 2, [1], [1]);
        pickle.Text("left").Tensor("FloatStorage", "0", 6, 3, [1], [1]).Text("none").None().Op('u');
        pickle.Text("_non_persistent_buffers_set").Global("builtins", "set").Op(']').Text("left").Op('a').Raw(0x85).Op('R');
        pickle.Text("cfg");
        Begin("my.package", "Config");
        pickle.Text("width").Number(6).Text("dtype").Global("torch", "bfloat16").Text("device").Global("torch", "device");
        pickle
            .Op('(')
            .Text("cuda")
            .Number(1)
            .Op('t')
            .Op('R')
            .Text("bad")
            .Number(double.NaN)
            .Text("parts")
            .Op('(')
            .Number(1)
            .True()
            .Op('t')
            .Op('u')
            .Op('b');
        pickle.Text("_modules").Op('}').Op('(').Text("empty").None().Text("inner");
        Begin("torch.nn.modules.linear", "Linear");
        pickle.Text("_parameters").Op('}').Text("bias").Tensor("FloatStorage", "0", 6, 4, [2], [1]).Op('s').Op('u').Op('b');
        pickle.Op('u').Op('u').Op('b');
        using ITensorArchive archive = Open(TorchFiles.Zip(pickle.End(), Storage("0", TorchFiles.Floats(Six))));

        Assert.Equal(["w", "kept", "inner.bias"], archive.Tensors.Keys);
        Assert.Equal([1, 2], Values(archive, "w"));
        Assert.Equal([5, 6], Values(archive, "inner.bias"));
        Assert.Equal(
            """{"width":6,"dtype":"torch.bfloat16","device":"cuda:1","bad":"NaN","parts":[1,true]}""",
            archive.Configuration!.ToJsonString()
        );
        Assert.Equal(6f, archive.Configuration["width"]!.GetValue<float>());

        void Begin(string module, string name) => pickle.Global(module, name).Op(')').Raw(0x81).Op('}').Op('(');
    }

    [Theory]
    [InlineData(-1, new long[] { 2 }, new long[] { 1 }, "impossible shape")]
    [InlineData(0, new long[] { -2 }, new long[] { 1 }, "impossible shape")]
    [InlineData(0, new long[] { 2 }, new long[] { -1 }, "impossible shape")]
    [InlineData(0, new long[] { 2 }, new long[] { 1, 1 }, "impossible shape")]
    [InlineData(5, new long[] { 2 }, new long[] { 1 }, "reaches out of its storage")]
    [InlineData(0, new long[] { 2 }, new long[] { 6 }, "reaches out of its storage")]
    [InlineData(0, new long[] { 4294967296, 4294967296 }, new long[] { 4294967296, 1 }, "reaches out of its storage")]
    [InlineData(0, new long[] { 2 }, new long[] { long.MaxValue }, "reaches out of its storage")]
    [InlineData(0, new long[] { 4294967296, 4294967296, 4294967296 }, new long[] { 0, 0, 0 }, "repeats the numbers of the file")]
    [InlineData(0, new long[] { 1 << 30 }, new long[] { 0 }, "repeats the numbers of the file")]
    public void Tensors_that_do_not_fit_their_storage_are_refused(long offset, long[] shape, long[] strides, string message)
    {
        byte[] pickle = new PickleWriter().Op('}').Text("w").Tensor("FloatStorage", "0", 6, offset, shape, strides).Op('s').End();

        AssertRefused(TorchFiles.Zip(pickle, Storage("0", TorchFiles.Floats(Six))), message);
    }

    [Fact]
    public void Storages_that_are_missing_or_short_are_refused()
    {
        byte[] pickle = State("FloatStorage", 6, [6], [1]);

        AssertRefused(TorchFiles.Zip(pickle), "needs model/data/0, which the file does not hold");
        AssertRefused(TorchFiles.Zip(pickle, Storage("0", new byte[20])), "wants more numbers than model/data/0 holds");
        AssertRefused(TorchFiles.Legacy(pickle), "does not hold the numbers of w");
        AssertRefused(TorchFiles.Legacy(pickle, ("0", 6, new byte[20])), "is cut");
        AssertRefused(TorchFiles.Legacy(pickle, ("0", 5, new byte[24])), "another size");
        AssertRefused(TorchFiles.Legacy(pickle, ("1", 6, new byte[24])), "names storages that no tensor has");
    }

    [Fact]
    public void Zip_files_of_others_are_refused()
    {
        byte[] pickle = State("FloatStorage", 6, [6], [1]);
        Dictionary<string, byte[]> storage = Storage("0", new byte[24]);
        byte[] whole = TorchFiles.Zip(pickle, storage);

        AssertRefused(TorchFiles.Zip(pickle, storage, CompressionLevel.Optimal), "data.pkl is compressed, which torch.save never does");
        AssertRefused(whole[..^30], "is cut: its directory is missing");
        AssertRefused(Encrypted(whole), "data.pkl is encrypted");
        using MemoryStream memory = new();
        using (ZipArchive archive = new(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            archive.CreateEntry("readme.txt").Open().Dispose();
        }

        AssertRefused(memory.ToArray(), "is a zip file that torch.save did not write, as it has no data.pkl");

        // Bit 0 of the flags of a directory's entry, 8 bytes after its mark.
        static byte[] Encrypted(byte[] zip)
        {
            byte[] changed = (byte[])zip.Clone();
            changed[zip.AsSpan().IndexOf("PK\x01\x02"u8) + 8] |= 1;
            return changed;
        }
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        byte[] pickle = State("FloatStorage", 6, [6], [1]);
        foreach (
            byte[] whole in new[]
            {
                TorchFiles.Zip(pickle, Storage("0", TorchFiles.Floats(Six))),
                TorchFiles.Legacy(pickle, ("0", 6, TorchFiles.Floats(Six))),
            }
        )
        {
            for (int length = 0; length < whole.Length; length++)
            {
                AssertRefused(whole[..length], string.Empty);
            }
        }
    }

    [Fact]
    public void A_pickle_of_something_else_says_what_is_missing()
    {
        AssertRefused(new PickleWriter().Op('}').End(), "is a pickle that torch.save did not write");
        AssertRefused(TorchFiles.Zip(new PickleWriter().Op('}').End()), "holds no state dict");
        AssertRefused(TorchFiles.Zip(new PickleWriter().Op(']').End()), "holds no state dict");
        AssertRefused(TorchFiles.Zip(new PickleWriter().Number(3).End()), "holds no state dict");
    }

    [Fact]
    public void The_configuration_beside_a_checkpoint_is_read_where_it_holds_none()
    {
        byte[] bytes = OneTensor("FloatStorage", 6, [6], [1], TorchFiles.Floats(Six));
        Assert.Null(Configuration());
        foreach (string name in new[] { "cfg.json", "config.json", "w_config.json", "w.json" })
        {
            // Each goes before those that were written earlier.
            File.WriteAllText(_folder.File(name), $$"""{"from":"{{name}}"}""");
            Assert.Equal(name, Configuration()!["from"]!.GetValue<string>());
        }

        File.WriteAllText(_folder.File("w.json"), "[1]");
        Assert.Equal("w_config.json", Configuration()!["from"]!.GetValue<string>());
        File.WriteAllText(_folder.File("w.json"), """{"a":"\ud800"}""");
        Assert.Contains("w.json is not whole JSON", Assert.Throws<InputException>(Configuration).Message, StringComparison.Ordinal);
        File.WriteAllText(_folder.File("w.json"), """{"a":1,"a":2}""");
        Assert.Contains("names a key twice", Assert.Throws<InputException>(Configuration).Message, StringComparison.Ordinal);

        JsonObject? Configuration()
        {
            using ITensorArchive archive = Open(bytes, "w.pth");
            return archive.Configuration;
        }
    }

    private static byte[] State(string storage, long count, long[] shape, long[] strides) =>
        new PickleWriter().Op('}').Text("w").Tensor(storage, "0", count, 0, shape, strides).Op('s').End();

    private static byte[] OneTensor(string storage, long count, long[] shape, long[] strides, byte[] bytes) =>
        TorchFiles.Zip(State(storage, count, shape, strides), Storage("0", bytes));

    private static Dictionary<string, byte[]> Storage(string key, byte[] bytes) => new() { [key] = bytes };

    private static float[] Values(ITensorArchive archive, string name)
    {
        float[] values = new float[archive.Tensors[name].Count];
        archive.Tensors[name].CopyTo(values);
        return values;
    }

    private ITensorArchive Open(byte[] bytes, string name = "model.pt")
    {
        File.WriteAllBytes(_folder.File(name), bytes);
        return TensorArchive.Open(_folder.File(name));
    }

    private void AssertRefused(byte[] bytes, string message)
    {
        InputException error = Assert.Throws<InputException>(() => Open(bytes).Dispose());
        Assert.StartsWith(_folder.File("model.pt"), error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
