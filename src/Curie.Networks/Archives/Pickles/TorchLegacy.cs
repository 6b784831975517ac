using System.Buffers.Binary;
using System.Numerics;
using Curie.Networks.Files;
using Curie.Numerics;

namespace Curie.Networks.Archives.Pickles;

/// <summary>
/// What torch.save wrote before PyTorch 1.6, and still writes when told to: pickles of a magic number, a version, the writer's machine, the
/// object and the names of its storages, and then each storage as its number of elements (8 bytes) and these, the least significant byte
/// first whatever the machine. Source: torch/serialization.py (_legacy_save, _legacy_load).
/// </summary>
internal static class TorchLegacy
{
    private const int CountBytes = 8;
    private const long Protocol = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse(
        "119547037146038801333356",
        System.Globalization.CultureInfo.InvariantCulture
    );

    /// <summary>Tells from a file's first bytes whether it is a pickle, of torch.save or not.</summary>
    public static bool Is(ReadOnlySpan<byte> head) => head.Length > 2 && head[0] == 0x80 && head[1] is >= 2 and <= 5 && head[2] != 0;

    /// <summary>Opens a checkpoint.</summary>
    /// <exception cref="InputException">It is not of torch.save, damaged, cut, without a model, or asks to run something.</exception>
    public static ITensorArchive Open(ArchiveFile file)
    {
        Dictionary<string, PickleStorage> storages = [];
        PickleInput input = new(new FileRange(file, 0, file.Length));
        PickleBudget budget = new(file.Path, file.Length);
        PickleMachine machine = new(input, new PickleFunctions(input, budget, Locate));
        if (machine.Read() is not BigInteger magic || magic != Magic)
        {
            throw new InputException($"{file.Path} is a pickle that torch.save did not write; save the model's state dict with it.");
        }

        if (machine.Read() is not Protocol)
        {
            throw input.Damaged("is of an unknown version");
        }

        machine.Read();
        object? root = machine.Read();
        object? keys = machine.Read();
        Place(keys as PickleList ?? throw input.Damaged("does not name its storages"));
        return new TorchArchive(
            file,
            new PickleContents(root, input, budget),
            bigEndian: false,
            "a checkpoint of torch.save from before PyTorch 1.6"
        );

        PickleStorage Locate(PickleStorage storage)
        {
            if (storages.TryAdd(storage.Key, storage))
            {
                return storage;
            }

            PickleStorage known = storages[storage.Key];
            return known.Type == storage.Type && known.Count == storage.Count
                ? known
                : throw input.Damaged($"gives the storage {PrintableText.Of(storage.Key)} two sizes");
        }

        void Place(PickleList names)
        {
            long place = input.Position;
            Span<byte> bytes = stackalloc byte[CountBytes];
            foreach (object? name in names.Items)
            {
                if (name is not string key || !storages.TryGetValue(key, out PickleStorage? storage) || storage.Source is not null)
                {
                    throw input.Damaged("names storages that no tensor has, or one twice");
                }

                if (file.Length - place < CountBytes || file.Length - place - CountBytes < storage.Bytes)
                {
                    throw new InputException($"{file.Path} is cut: it ends before the numbers of its tensors do; write or copy it again.");
                }

                file.Read(place, bytes);
                if (BinaryPrimitives.ReadInt64LittleEndian(bytes) != storage.Count)
                {
                    throw input.Damaged($"gives the storage {PrintableText.Of(key)} another size than the numbers after it have");
                }

                long length = (long)storage.Bytes;
                storage.Source = new FileRange(file, place + CountBytes, length);
                place += CountBytes + length;
            }
        }
    }
}
