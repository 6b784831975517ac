using System.Buffers.Binary;
using Curie.Numerics;

namespace Curie.Networks.Archives.Pickles;

/// <summary>
/// The functions and classes that a pickle may name where something is to be called, each as what it means to a reader of tensors. Any
/// other is refused by its name, and none is ever run.
/// </summary>
/// <param name="input">The pickle, for messages.</param>
/// <param name="budget">What may be copied.</param>
/// <param name="locate">Gives a storage its place in the file.</param>
internal sealed class PickleFunctions(PickleInput input, PickleBudget budget, Func<PickleStorage, PickleStorage> locate)
{
    // Classes of these modules have no place among weights, even as a record of what would have been made.
    private static readonly HashSet<string> Hostile =
    [
        "builtins",
        "os",
        "posix",
        "nt",
        "sys",
        "subprocess",
        "multiprocessing",
        "shutil",
        "socket",
        "importlib",
        "runpy",
        "ctypes",
        "pty",
        "types",
        "operator",
        "webbrowser",
        "pickle",
        "marshal",
    ];

    /// <summary>Calls a function.</summary>
    /// <exception cref="InputException">It is none of the known, or its arguments make no sense.</exception>
    public object? Call(PickleGlobal function, object?[] arguments) =>
        function.FullName switch
        {
            "collections.OrderedDict" or "collections.Counter" or "builtins.dict" => ToDictionary(arguments, 0),
            "collections.defaultdict" => ToDictionary(arguments, 1),
            "builtins.list" or "builtins.set" or "builtins.frozenset" => ToList(arguments),
            "builtins.tuple" or "torch.Size" => Items(arguments).ToArray(),
            "builtins.bytearray" or "builtins.bytes" => ToBytes(arguments),
            "_codecs.encode" => ToBytes(arguments),
            "builtins.complex" or "builtins.slice" or "builtins.range" => new PickleObject(function, arguments),
            "types.SimpleNamespace" or "argparse.Namespace" => new PickleObject(function, arguments),
            "datetime.datetime" or "datetime.date" or "datetime.timedelta" => new PickleObject(function, arguments),
            "functools.partial" or "numpy.core.multiarray._reconstruct" => new PickleObject(function, arguments),
            "copyreg._reconstructor" => Reconstruct(arguments),
            "pathlib.PosixPath" or "pathlib.PurePosixPath" or "pathlib.WindowsPath" => ToPath(arguments),
            "torch.device" => ToDevice(arguments),
            "torch._utils._rebuild_tensor" or "torch._utils._rebuild_tensor_v2" => ToTensor(arguments, type: null),
            "torch._utils._rebuild_tensor_v3" => ToTensor(arguments, ToType(arguments)),
            "torch._utils._rebuild_parameter" or "torch._utils._rebuild_parameter_with_state" => ToParameter(arguments),
            "torch._tensor._rebuild_from_type_v2" => Delegate(arguments),
            "numpy.dtype" => ToNumpyType(arguments),
            "numpy.core.multiarray.scalar" => ToScalar(arguments),
            _ => throw Refused(function),
        };

    /// <summary>Makes an object: of a container its contents, of any other class a record.</summary>
    /// <exception cref="InputException">The class has no place among weights.</exception>
    public object? Create(PickleGlobal type, object?[] arguments)
    {
        if (type.FullName is "collections.OrderedDict" or "collections.defaultdict" or "collections.Counter" or "builtins.dict")
        {
            return new PickleDictionary();
        }

        if (type.FullName is "builtins.list" or "builtins.set" or "builtins.frozenset")
        {
            return ToList(arguments);
        }

        string package = type.Module.Split('.', 2)[0];
        return Hostile.Contains(package) && type.FullName != "builtins.object" ? throw Refused(type) : new PickleObject(type, arguments);
    }

    /// <summary>Gives an object its attributes.</summary>
    /// <exception cref="InputException">It is no object but a class or a function.</exception>
    public void SetState(object? target, object? state)
    {
        switch (target)
        {
            case PickleGlobal function:
                throw Refused(function);
            case PickleNumpyType type:
                type.IsBigEndian = state is object?[] { Length: > 1 } parts && parts[1] is ">";
                break;
            case PickleObject owner when state is PickleDictionary attributes:
                owner.State = attributes;
                break;
            case PickleObject owner when state is object?[] { Length: 2 } both:
                // The attributes, then those in slots.
                owner.State = both[0] as PickleDictionary ?? both[1] as PickleDictionary;
                break;
            default:
                break;
        }
    }

    /// <summary>What a persistent identifier stands for.</summary>
    /// <exception cref="InputException">It is not one of torch.save.</exception>
    public object? Load(object? identifier)
    {
        switch (identifier)
        {
            case object?[] { Length: >= 5 } parts
                when parts is ["storage", PickleGlobal type, string key, _, long count, ..] && count >= 0 && IsStorage(type):
                PickleStorage whole = locate(new PickleStorage(key, TorchType.OfStorage(type), count));
                return parts is [_, _, _, _, _, object?[] view, ..] ? ToView(whole, view) : whole;
            case object?[] { Length: >= 2 } parts when parts[0] is "module":
                // Before PyTorch 1.6 a class came with its source text.
                return parts[1];
            default:
                throw input.Damaged("refers to something that torch.save does not");
        }

        static bool IsStorage(PickleGlobal type) => TorchType.OfStorage(type) is not null || TorchType.IsUntyped(type);
    }

    private InputException Refused(PickleGlobal function) =>
        new(
            $"{input.Path} asks to run {function.Printable}, which weights have no need of, and nothing was run; take the weights from "
                + "a source that you trust, or save their state dict as safetensors."
        );

    private PickleStorage ToView(PickleStorage whole, object?[] view) =>
        view is [string key, long start, long count] && start >= 0 && count >= 0 && (Int128)start + count <= whole.Count
            ? new PickleStorage(key, whole.Type, count) { Root = whole, Start = start }
            : throw input.Damaged("has a part of a storage that reaches out of it");

    private PickleDictionary ToDictionary(object?[] arguments, int index)
    {
        PickleDictionary dictionary = new();
        switch (arguments.Length > index ? arguments[index] : null)
        {
            case null:
                return dictionary;
            case PickleDictionary other:
                budget.Spend(other.Items.Count);
                foreach ((object? key, object? value) in other.Items.ToArray())
                {
                    dictionary.Set(key, value);
                }

                return dictionary;
            case PickleList list:
                budget.Spend(list.Items.Count);
                foreach (object? item in list.Items)
                {
                    switch (item)
                    {
                        case object?[] { Length: 2 } pair:
                            dictionary.Set(pair[0], pair[1]);
                            break;
                        case PickleList { Items.Count: 2 } pair:
                            dictionary.Set(pair.Items[0], pair.Items[1]);
                            break;
                        default:
                            throw input.Damaged("makes a dict of what are no pairs");
                    }
                }

                return dictionary;
            default:
                throw input.Damaged("makes a dict of something else");
        }
    }

    private PickleList ToList(object?[] arguments)
    {
        PickleList list = new();
        foreach (object? item in Items(arguments))
        {
            list.Add(item);
        }

        return list;
    }

    private IReadOnlyList<object?> Items(object?[] arguments)
    {
        IReadOnlyList<object?> items = arguments switch
        {
            [] => [],
            [PickleList list] => list.Items,
            [object?[] tuple] => tuple,
            _ => throw input.Damaged("makes a list of something else"),
        };
        budget.Spend(items.Count);
        return items;
    }

    // Of bytes themselves, or of text whose characters are bytes, as protocol 2 has to say them.
    private byte[] ToBytes(object?[] arguments)
    {
        switch (arguments)
        {
            case []:
                return [];
            case [byte[] bytes]:
                return bytes;
            case [string text, "latin1" or "latin-1"]:
                budget.Spend(text.Length);
                return System.Text.Encoding.Latin1.GetBytes(text);
            default:
                throw input.Damaged("makes bytes of something else");
        }
    }

    private object? Reconstruct(object?[] arguments) =>
        arguments is [PickleGlobal type, PickleGlobal, _] ? Create(type, []) : throw input.Damaged("makes an object of no class");

    private string ToPath(object?[] arguments)
    {
        budget.Spend(arguments.Sum(part => part is string text ? text.Length + 1L : 1L));
        return string.Join('/', arguments.OfType<string>());
    }

    private string ToDevice(object?[] arguments) =>
        arguments switch
        {
            [string type] => type,
            [string type, long index] when Spend(type) => FormattableString.Invariant($"{type}:{index}"),
            _ => throw input.Damaged("names a device by no name"),
        };

    private bool Spend(string text)
    {
        budget.Spend(text.Length);
        return true;
    }

    private PickleTensor ToTensor(object?[] arguments, TorchType? type) =>
        arguments is [PickleStorage storage, long offset, object?[] shape, object?[] strides, ..]
            ? new PickleTensor(storage, type, offset, ToNumbers(shape), ToNumbers(strides), input)
            : throw input.Damaged("has a tensor without storage, offset, shape and strides");

    private long[] ToNumbers(object?[] tuple)
    {
        budget.Spend(tuple.Length);
        return Array.ConvertAll(tuple, item => item as long? ?? throw input.Damaged("has a tensor of impossible shape"));
    }

    private TorchType ToType(object?[] arguments) =>
        arguments is [_, _, _, _, _, _, PickleGlobal name, ..] && TorchType.OfName(name) is TorchType type
            ? type
            : throw input.Damaged("has a tensor of an unknown type");

    private PickleTensor ToParameter(object?[] arguments) =>
        arguments is [PickleTensor data, ..] ? data : throw input.Damaged("has a parameter that is no tensor");

    private object? Delegate(object?[] arguments) =>
        arguments is [PickleGlobal { Module: "torch._utils" } function, PickleGlobal, object?[] inner, ..]
            ? Call(function, inner)
            : throw input.Damaged("has a tensor that is made in an unknown way");

    private PickleNumpyType ToNumpyType(object?[] arguments) =>
        arguments is [string code, ..] ? new PickleNumpyType(code) : throw input.Damaged("has a dtype of numpy without a name");

    private object? ToScalar(object?[] arguments)
    {
        if (arguments is not [PickleNumpyType type, byte[] bytes])
        {
            return null;
        }

        Span<byte> value = stackalloc byte[8];
        if (
            bytes.Length > value.Length
            || type.Code.Length < 2
            || type.Code[1..] != bytes.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)
        )
        {
            return null;
        }

        value.Clear();
        bytes.CopyTo(value);
        if (type.IsBigEndian)
        {
            value[..bytes.Length].Reverse();
        }

        ulong bits = BinaryPrimitives.ReadUInt64LittleEndian(value);
        return type.Code switch
        {
            "f8" => BitConverter.UInt64BitsToDouble(bits),
            "f4" => (double)BitConverter.UInt32BitsToSingle((uint)bits),
            "f2" => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
            "i8" => (long)bits,
            "i4" => (long)(int)bits,
            "i2" => (long)(short)bits,
            "i1" => (long)(sbyte)bits,
            "u8" => bits <= long.MaxValue ? (long)bits : new System.Numerics.BigInteger(bits),
            "u4" or "u2" or "u1" => (long)bits,
            "b1" => bits != 0,
            _ => null,
        };
    }
}
