using Curie.Networks.Archives;
using Curie.Numerics;
using Curie.Tests;

namespace Curie.Networks.Tests.Archives;

/// <summary>Pickles that ask to run something, or to grow without measure. Each would do its work under Python's own reader.</summary>
public sealed class HostilePickleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("nt", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("__builtin__", "exec")]
    [InlineData("builtins", "getattr")]
    [InlineData("subprocess", "Popen")]
    [InlineData("runpy", "_run_code")]
    [InlineData("torch.storage", "_load_from_bytes")]
    [InlineData("torch", "load")]
    [InlineData("torch.hub", "load")]
    [InlineData("operator", "methodcaller")]
    [InlineData("my.package", "Model")]
    public void Calling_anything_else_is_refused_by_its_name(string module, string name)
    {
        string command = $"touch {_folder.File("proof")}";
        string full = $"{(module == "__builtin__" ? "builtins" : module)}.{name}";
        Refuse(full, new PickleWriter().Global(module, name).Text(command).Raw(0x85).Op('R').End());
        Refuse(full, new PickleWriter().Text(module).Text(name).Raw(0x93).Text(command).Raw(0x85).Op('R').End());
        Refuse(full, new PickleWriter().Op('(').Text(command).Op('i').Raw(Line(module)).Raw(Line(name)).End());
        Refuse(full, new PickleWriter().Op('(').Global(module, name).Text(command).Op('o').End());

        // Where a tensor is due.
        PickleWriter state = new();
        state.Op('}').Text("w").Global("torch._utils", "_rebuild_tensor_v2").Op('(').Global(module, name).Text(command).Raw(0x85).Op('R');
        Refuse(full, state.Op('t').Op('R').Op('s').End());

        // Through what rebuilds tensors of other classes.
        PickleWriter type = new();
        type.Global("torch._tensor", "_rebuild_from_type_v2").Op('(').Global("torch._utils", $"../{name}").Global("torch", "Tensor");
        Refuse($"torch._utils.../{name}", type.Tuple(1).None().Op('t').Op('R').End());
        Assert.False(File.Exists(_folder.File("proof")));
    }

    [Theory]
    [InlineData("os", "_wrap_close")]
    [InlineData("subprocess", "Popen")]
    [InlineData("builtins", "type")]
    [InlineData("multiprocessing.pool", "Pool")]
    [InlineData("ctypes", "CDLL")]
    public void Objects_that_weights_never_hold_are_refused_by_the_name_of_their_class(string module, string name)
    {
        Refuse($"{module}.{name}", new PickleWriter().Global(module, name).Text("x").Raw(0x85).Raw(0x81).End());
        Refuse($"{module}.{name}", new PickleWriter().Global(module, name).Text("x").Raw(0x85).Op('}').Raw(0x92).End());
        PickleWriter old = new();
        old.Global("copy_reg", "_reconstructor").Op('(').Global(module, name).Global("__builtin__", "object").None().Op('t').Op('R');
        Refuse($"{module}.{name}", old.End());
    }

    [Fact]
    public void Objects_of_unknown_classes_are_records_and_no_more()
    {
        PickleWriter pickle = new();
        pickle.Op('}').Op('(').Text("thing").Global("my.package", "Thing").Text("x").Raw(0x85).Raw(0x81).Op('}').Text("__reduce__");
        pickle.Global("os", "system").Op('s').Op('b').Text("function").Global("os", "system");
        pickle.Text("w").Tensor("FloatStorage", "0", 1, 0, [1], [1]).Op('u');
        File.WriteAllBytes(
            _folder.File("m.pt"),
            TorchFiles.Zip(pickle.End(), new Dictionary<string, byte[]> { ["0"] = TorchFiles.Floats(3) })
        );
        using ITensorArchive archive = TensorArchive.Open(_folder.File("m.pt"));

        Assert.Equal(["w"], archive.Tensors.Keys);
    }

    [Fact]
    public void Attributes_of_functions_and_classes_are_not_set() =>
        Refuse("os.environ", new PickleWriter().Global("os", "environ").Op('}').Op('b').End());

    [Fact]
    public void Names_with_control_characters_are_cleaned_before_they_are_shown()
    {
        byte[] pickle = new PickleWriter().Global("o\u001b[31ms", "sys\u202etem").Op(')').Op('R').End();
        Refuse("o?[31ms.sys", pickle);
    }

    [Theory]
    [InlineData("Z")] // no operation
    [InlineData("R")]
    [InlineData("0")]
    [InlineData("(")]
    [InlineData("t")]
    [InlineData("s")]
    [InlineData("}a")]
    [InlineData("]NNs")]
    [InlineData("(N}u")]
    [InlineData("NQ")]
    [InlineData("h\u0005")]
    [InlineData("Nj\u00ff\u00ff\u00ff\u007f")]
    [InlineData("Nr\u00ff\u00ff\u00ff\u007f")]
    [InlineData("X\u00ff\u00ff\u00ff\u007f")]
    [InlineData("B\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("X\u0001\0\0\0\u00ff")]
    [InlineData("I1e3\n")]
    [InlineData("Fone\n")]
    [InlineData("P0\n")]
    [InlineData("\u0082\u0001")]
    [InlineData("\u0097")]
    [InlineData("NN\u0093")]
    [InlineData("N)R")]
    [InlineData("N)\u0081")]
    [InlineData("ccollections\nOrderedDict\nNR")]
    [InlineData("ccollections\nOrderedDict\n]K\u0001a\u0085R")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R")]
    [InlineData("ctorch._utils\n_rebuild_parameter\n)R")]
    [InlineData("S'\\x'\n")]
    [InlineData("S'\\\n")]
    public void Broken_pickles_are_refused(string operations) =>
        Refuse(string.Empty, new PickleWriter().Raw(System.Text.Encoding.Latin1.GetBytes(operations)).End());

    [Theory]
    [InlineData("list")]
    [InlineData("configuration")]
    [InlineData("modules")]
    public void What_would_grow_without_measure_is_refused(string kind)
    {
        // Each level holds the one before twice: 2⁶⁰ in the end, in some hundred bytes. Copies of a list: as many as there are bytes.
        PickleWriter pickle = new();
        if (kind == "list")
        {
            pickle.Op(']').Raw((byte)'q', 0).Op('(');
            for (int i = 0; i < 4000; i++)
            {
                pickle.None();
            }

            pickle.Op('e').Global("builtins", "set").Raw((byte)'q', 1);
            for (int i = 0; i < 4000; i++)
            {
                pickle.Raw((byte)'h', 1, (byte)'h', 0, 0x85, (byte)'R');
            }
        }
        else if (kind == "configuration")
        {
            pickle.Op('}').Op('(').Text("w").Tensor("FloatStorage", "0", 1, 0, [1], [1]).Text("config").Op('}').Text("x").Op(']');
            for (byte level = 0; level < 30; level++)
            {
                pickle.Raw((byte)'q', level, (byte)'0', (byte)']', (byte)'(', (byte)'h', level, (byte)'h', level, (byte)'e');
            }

            pickle.Op('s').Op('u');
        }
        else
        {
            Module();
            pickle.Op('}').Op('b');
            for (byte level = 0; level < 60; level++)
            {
                pickle.Raw((byte)'q', level, (byte)'0');
                Module();
                pickle.Op('}').Text("_modules").Op('}').Op('(').Text("a").Raw((byte)'h', level).Text("b").Raw((byte)'h', level);
                pickle.Op('u').Op('s').Op('b');
            }
        }

        Dictionary<string, byte[]> numbers = new() { ["0"] = new byte[4] };
        Refuse("without measure", pickle.End(), kind == "configuration" ? numbers : null);

        void Module() => pickle.Global("m", "M").Op(')').Raw(0x81);
    }

    [Theory]
    [InlineData("", "}")]
    [InlineData("", "]")]
    [InlineData("", "(")]
    [InlineData("", "K\u0001")]
    [InlineData("", "U\0")]
    [InlineData("", "c\n\n")]
    [InlineData("", "I\n")]
    [InlineData("", "]Na")]
    [InlineData("", "}NNs")]
    [InlineData("", "}U\0Ns")]
    [InlineData("", "(t")]
    [InlineData("", "(l")]
    [InlineData("", "(d")]
    [InlineData("N", "\u0085")]
    [InlineData("N", "q\0")]
    [InlineData("N", "\u0094")]
    [InlineData("cm\nM\nq\0", "h\0)\u0081")]
    [InlineData("ccollections\nOrderedDict\nq\0", "h\0)R")]
    [InlineData("ctorch\nSize\nq\0(NNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNt\u0085q\u0001", "h\0h\u0001R")]
    [InlineData("(U\u0007storagectorch\nFloatStorage\nU\u00010U\u0003cpuK\u0001tq\0", "h\0Q")]
    [InlineData("U\u000a\u0001\u0001\u0001\u0001\u0001\u0001\u0001\u0001\u0001\u0001q\u00000}U\u0006config}U\u0001x](", "h\0")]
    public void Memory_stays_within_a_small_multiple_of_the_file(string first, string repeated)
    {
        // The costliest operations of few bytes: objects of 24 bytes and more, references to them on a stack that doubles as it grows, and
        // in the last line a configuration as JSON, where a character takes 6 bytes that are copied as they grow and once they are whole.
        const int Times = 200_000;
        const long MostBytesForOne = 128;
        string end = first.EndsWith("](", StringComparison.Ordinal) ? "ess" : string.Empty;
        string operations = first + string.Concat(Enumerable.Repeat(repeated, Times)) + end;
        byte[] file = TorchFiles.Zip(
            new PickleWriter().Raw(System.Text.Encoding.Latin1.GetBytes(operations)).End(),
            new Dictionary<string, byte[]> { ["0"] = new byte[4] }
        );
        string path = _folder.File("m.pt");
        File.WriteAllBytes(path, file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InputException>(() => TensorArchive.Open(path).Dispose());
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(allocated <= (1 << 20) + (MostBytesForOne * file.Length), $"{allocated / (double)file.Length} bytes for one");
    }

    [Fact]
    public void Modules_that_contain_themselves_are_refused()
    {
        PickleWriter pickle = new();
        pickle.Global("m", "M").Op(')').Raw(0x81).Raw((byte)'q', 0).Op('}').Text("_modules").Op('}').Text("a").Raw((byte)'h', 0);
        Refuse("modules within modules without an end", pickle.Op('s').Op('s').Op('b').End());
    }

    private static byte[] Line(string text) => System.Text.Encoding.UTF8.GetBytes(text + "\n");

    private void Refuse(string message, byte[] pickle, Dictionary<string, byte[]>? storages = null)
    {
        string path = _folder.File("m.pt");
        (string, long, byte[])[] old = [.. (storages ?? []).Select(pair => (pair.Key, 1L, pair.Value))];
        foreach (byte[] file in new[] { TorchFiles.Zip(pickle, storages), TorchFiles.Legacy(pickle, old) })
        {
            File.WriteAllBytes(path, file);
            InputException error = Assert.Throws<InputException>(() => TensorArchive.Open(path).Dispose());
            Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(error.Message, char.IsControl);
        }
    }
}
