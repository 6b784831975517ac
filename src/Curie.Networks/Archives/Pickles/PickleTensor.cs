using Curie.Networks.Files;
using Curie.Numerics;

namespace Curie.Networks.Archives.Pickles;

/// <summary>A tensor's view of its storage, whose range was checked.</summary>
internal sealed class PickleTensor
{
    private const int MostDimensions = 64;
    private const int MostRepetitions = 1 << 10;
    private readonly PickleStorage _storage;
    private readonly TorchType _type;
    private readonly long _offset;
    private readonly long[] _shape;
    private readonly long[] _strides;

    /// <summary>Checks a view.</summary>
    /// <param name="storage">The storage.</param>
    /// <param name="type">The type of its elements; null for that of the storage.</param>
    /// <param name="offset">Its first element.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="strides">The step of each dimension, in elements.</param>
    /// <param name="input">The pickle, for messages.</param>
    /// <exception cref="InputException">It reaches out of its storage, or repeats it without measure.</exception>
    public PickleTensor(PickleStorage storage, TorchType? type, long offset, long[] shape, long[] strides, PickleInput input)
    {
        _storage = storage;
        _type = type ?? storage.Type ?? throw input.Damaged("has a tensor without a type");
        _offset = offset;
        _shape = shape;
        _strides = strides;
        if (shape.Length != strides.Length || shape.Length > MostDimensions || offset < 0)
        {
            throw input.Damaged("has a tensor of impossible shape");
        }

        // Neither can overflow: both end at the first value that no file has.
        Int128 count = 1;
        Int128 reach = (Int128)offset + 1;
        for (int k = 0; k < shape.Length; k++)
        {
            if (shape[k] < 0 || strides[k] < 0)
            {
                throw input.Damaged("has a tensor of impossible shape");
            }

            count = Int128.Min(count, long.MaxValue) * shape[k];
            reach += (Int128)Math.Max(shape[k] - 1, 0) * strides[k];
        }

        if (count > 0 && reach * _type.Bytes > storage.Bytes)
        {
            throw input.Damaged("has a tensor that reaches out of its storage");
        }

        // Strides may repeat numbers; a file of some bytes could claim any number of them.
        if (count > storage.Count && count > (Int128)input.Length * MostRepetitions)
        {
            throw input.Damaged("has a tensor that repeats the numbers of the file without measure");
        }
    }

    /// <summary>The tensor under a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="bigEndian">Whether an element's most significant byte comes first.</param>
    /// <exception cref="InputException">Its storage is not in the file.</exception>
    public ArchivedTensor ToArchived(string name, string path, bool bigEndian) =>
        new StoredTensor(
            name,
            _shape,
            _type.Name,
            _storage.Source
                ?? throw new InputException($"{path} does not hold the numbers of {PrintableText.Of(name)}; write or copy the file again."),
            _storage.Start + _offset,
            _strides,
            bigEndian
        );
}
