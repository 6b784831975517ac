using Curie.Networks.Files;
using Curie.Numerics;

namespace Curie.Networks.Archives.Pickles;

/// <summary>
/// What torch.save writes since PyTorch 1.6: a zip file in which nothing is compressed, with the pickle in <c>X/data.pkl</c> and each
/// storage in <c>X/data/KEY</c>.
/// </summary>
internal static class TorchZip
{
    private const string PickleName = "data.pkl";

    /// <summary>Opens a checkpoint.</summary>
    /// <exception cref="InputException">
    /// It is a zip file of something else, compressed, encrypted, damaged, cut, without a model, or asks to run something.
    /// </exception>
    public static ITensorArchive Open(ArchiveFile file)
    {
        ZipMembers members = new(file);
        string[] pickles = [.. members.Names.Where(IsPickle).Take(2)];
        if (pickles.Length != 1)
        {
            throw new InputException(
                $"{file.Path} is a zip file that torch.save did not write, as it {(pickles.Length == 0 ? "has no" : "has more than one")} "
                    + $"{PickleName}; unpack it and name the weights in it."
            );
        }

        string folder = pickles[0][..^PickleName.Length];
        if (members.Contains($"{folder}constants.pkl"))
        {
            throw new InputException($"{file.Path} is a TorchScript program, which is not read; save the model's state dict.");
        }

        PickleInput input = new(members.Open(pickles[0]));
        PickleBudget budget = new(file.Path, input.Length);
        PickleMachine machine = new(input, new PickleFunctions(input, budget, Locate));
        object? root = machine.Read();
        return new TorchArchive(file, new PickleContents(root, input, budget), IsBigEndian(members, folder), "a checkpoint of torch.save");

        PickleStorage Locate(PickleStorage storage)
        {
            string name = $"{folder}data/{storage.Key}";
            budget.Spend(name.Length);
            if (!members.Contains(name))
            {
                throw input.Damaged($"needs {PrintableText.Of(name)}, which the file does not hold,");
            }

            ByteSource source = members.Open(name);
            storage.Source =
                source.Length >= storage.Bytes ? source : throw input.Damaged($"wants more numbers than {PrintableText.Of(name)} holds");
            return storage;
        }
    }

    private static bool IsPickle(string name) =>
        name == PickleName || (name.EndsWith($"/{PickleName}", StringComparison.Ordinal) && name.IndexOf('/') == name.LastIndexOf('/'));

    private static bool IsBigEndian(ZipMembers members, string folder)
    {
        string name = $"{folder}byteorder";
        if (!members.Contains(name))
        {
            return false;
        }

        ByteSource order = members.Open(name);
        byte[] word = new byte[Math.Min(order.Length, 8)];
        order.Read(0, word);
        return word.AsSpan().StartsWith("big"u8);
    }
}
