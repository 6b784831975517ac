using System.Buffers.Binary;
using System.Text;

namespace Curie.Networks.Tests.Archives;

/// <summary>Writes pickles of protocol 2 operation by operation, as pickletools.py of CPython lists them.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [0x80, 2];

    public byte[] End() => [.. _bytes, (byte)'.'];

    public PickleWriter Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleWriter Op(char code) => Raw((byte)code);

    public PickleWriter Global(string module, string name) => Op('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleWriter Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return Op('X').Raw(Int32(utf8.Length)).Raw(utf8);
    }

    public PickleWriter Number(int value) => Op('J').Raw(Int32(value));

    public PickleWriter Number(double value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return Op('G').Raw(bytes);
    }

    public PickleWriter Long(long value) => Raw(0x8A, 8).Raw(BitConverter.GetBytes(value));

    public PickleWriter True() => Raw(0x88);

    public PickleWriter None() => Op('N');

    public PickleWriter Tuple(params long[] values)
    {
        Op('(');
        foreach (long value in values)
        {
            Long(value);
        }

        return Op('t');
    }

    /// <summary>A tensor as torch.save writes it.</summary>
    public PickleWriter Tensor(string storage, string key, long count, long offset, long[] shape, long[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v2")
            .Op('(')
            .Storage(storage, key, count)
            .Long(offset)
            .Tuple(shape)
            .Tuple(strides)
            .Raw(0x89)
            .Global("collections", "OrderedDict")
            .Op(')')
            .Op('R')
            .Op('t')
            .Op('R');

    /// <summary>A tensor of the kind that says its type itself.</summary>
    public PickleWriter UntypedTensor(string type, string key, long bytes, long[] shape, long[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v3")
            .Op('(')
            .Untyped(key, bytes)
            .Long(0)
            .Tuple(shape)
            .Tuple(strides)
            .Raw(0x89)
            .Global("collections", "OrderedDict")
            .Op(')')
            .Op('R')
            .Global("torch", type)
            .Op('t')
            .Op('R');

    public PickleWriter Storage(string type, string key, long count) =>
        Op('(').Text("storage").Global("torch", type).Text(key).Text("cpu").Long(count).Op('t').Op('Q');

    private PickleWriter Untyped(string key, long bytes) =>
        Op('(').Text("storage").Global("torch.storage", "UntypedStorage").Text(key).Text("cpu").Long(bytes).Op('t').Op('Q');

    private static byte[] Int32(int value) => BitConverter.GetBytes(value);
}
