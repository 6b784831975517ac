using System.Buffers.Binary;
using System.Text;
using Curie.Networks.Files;
using Curie.Numerics;

namespace Curie.Networks.Archives.Pickles;

/// <summary>
/// The members of a zip file, each readable at any place as none is compressed. Source: PKWARE's APPNOTE, sections 4.3 and 4.5.
/// </summary>
internal sealed class ZipMembers
{
    private const uint EndMark = 0x06054B50;
    private const uint End64Mark = 0x06064B50;
    private const uint Locator64Mark = 0x07064B50;
    private const uint EntryMark = 0x02014B50;
    private const uint LocalMark = 0x04034B50;
    private const int EndBytes = 22;
    private const int End64Bytes = 56;
    private const int Locator64Bytes = 20;
    private const int EntryBytes = 46;
    private const int LocalBytes = 30;
    private const int LongestComment = ushort.MaxValue;
    private const ushort Extra64 = 1;
    private readonly ArchiveFile _file;
    private readonly Dictionary<string, Member> _members = [];

    /// <summary>Reads the directory at the end of the file.</summary>
    /// <exception cref="InputException">It is damaged, or the file is cut.</exception>
    public ZipMembers(ArchiveFile file)
    {
        _file = file;
        (long start, long length, long count) = FindDirectory();
        if (start < 0 || length < 0 || length > Array.MaxLength || start > file.Length - length || count > length / EntryBytes)
        {
            throw Damaged();
        }

        byte[] directory = new byte[length];
        file.Read(start, directory);
        int place = 0;
        for (long entry = 0; entry < count; entry++)
        {
            place += ReadEntry(directory.AsSpan(place));
        }
    }

    /// <summary>The names of all members.</summary>
    public IEnumerable<string> Names => _members.Keys;

    /// <summary>Whether there is a member of a name.</summary>
    public bool Contains(string name) => _members.ContainsKey(name);

    /// <summary>The bytes of a member.</summary>
    /// <exception cref="InputException">It is compressed or encrypted, or does not lie where the directory says.</exception>
    public ByteSource Open(string name)
    {
        Member member = _members[name];
        if (member.Source is not null)
        {
            return member.Source;
        }

        if ((member.Flags & 1) != 0)
        {
            throw new InputException($"{_file.Path} is a zip file whose {PrintableText.Of(name)} is encrypted; decrypt it first.");
        }

        if (member.Method != 0 || member.Packed != member.Length)
        {
            throw new InputException(
                $"{_file.Path} is a zip file whose {PrintableText.Of(name)} is compressed, which torch.save never does; take the file as "
                    + "it was saved."
            );
        }

        Span<byte> local = stackalloc byte[LocalBytes];
        if (member.Offset < 0 || member.Offset > _file.Length - LocalBytes)
        {
            throw Damaged();
        }

        _file.Read(member.Offset, local);
        long start = member.Offset + LocalBytes + UInt16(local, 26) + UInt16(local, 28);
        if (UInt32(local, 0) != LocalMark || member.Length < 0 || start > _file.Length - member.Length)
        {
            throw Damaged();
        }

        return member.Source = new FileRange(_file, start, member.Length);
    }

    private (long Start, long Length, long Count) FindDirectory()
    {
        int length = (int)Math.Min(_file.Length, EndBytes + LongestComment);
        byte[] tail = new byte[length];
        _file.Read(_file.Length - length, tail);
        for (int place = length - EndBytes; place >= 0; place--)
        {
            ReadOnlySpan<byte> end = tail.AsSpan(place);
            if (UInt32(end, 0) == EndMark && UInt16(end, 20) == end.Length - EndBytes)
            {
                long position = _file.Length - length + place;
                return Find64(position) ?? (UInt32(end, 16), UInt32(end, 12), UInt16(end, 10));
            }
        }

        throw new InputException($"{_file.Path} is a zip file that is cut: its directory is missing at the end; write or copy it again.");
    }

    // Large files have a second end before the first.
    private (long Start, long Length, long Count)? Find64(long end)
    {
        if (end < Locator64Bytes + End64Bytes)
        {
            return null;
        }

        Span<byte> locator = stackalloc byte[Locator64Bytes];
        _file.Read(end - Locator64Bytes, locator);
        if (UInt32(locator, 0) != Locator64Mark)
        {
            return null;
        }

        long place = Int64(locator, 8);
        if (place < 0 || place > _file.Length - End64Bytes)
        {
            throw Damaged();
        }

        Span<byte> record = stackalloc byte[End64Bytes];
        _file.Read(place, record);
        return UInt32(record, 0) == End64Mark ? (Int64(record, 48), Int64(record, 40), Int64(record, 32)) : throw Damaged();
    }

    private int ReadEntry(ReadOnlySpan<byte> entry)
    {
        if (entry.Length < EntryBytes || UInt32(entry, 0) != EntryMark)
        {
            throw Damaged();
        }

        int nameLength = UInt16(entry, 28);
        int extraLength = UInt16(entry, 30);
        int all = EntryBytes + nameLength + extraLength + UInt16(entry, 32);
        if (entry.Length < all)
        {
            throw Damaged();
        }

        Member member = new()
        {
            Flags = UInt16(entry, 8),
            Method = UInt16(entry, 10),
            Packed = UInt32(entry, 20),
            Length = UInt32(entry, 24),
            Offset = UInt32(entry, 42),
        };
        ReadExtra(member, entry.Slice(EntryBytes + nameLength, extraLength));
        string name = Encoding.UTF8.GetString(entry.Slice(EntryBytes, nameLength));
        return _members.TryAdd(name, member)
            ? all
            : throw new InputException($"{_file.Path} is a zip file that holds {PrintableText.Of(name)} twice; write or copy it again.");
    }

    // Sizes and offset that do not fit 32 bits stand in a field of their own, in this order and only those.
    private void ReadExtra(Member member, ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int length = UInt16(extra, 2);
            if (length > extra.Length - 4)
            {
                return;
            }

            if (UInt16(extra, 0) == Extra64)
            {
                ReadOnlySpan<byte> values = extra.Slice(4, length);
                member.Length = Take(member.Length, ref values);
                member.Packed = Take(member.Packed, ref values);
                member.Offset = Take(member.Offset, ref values);
                return;
            }

            extra = extra[(4 + length)..];
        }
    }

    private long Take(long value, ref ReadOnlySpan<byte> values)
    {
        if (value != uint.MaxValue)
        {
            return value;
        }

        if (values.Length < 8)
        {
            throw Damaged();
        }

        long whole = Int64(values, 0);
        values = values[8..];
        return whole;
    }

    private InputException Damaged() => new($"{_file.Path} is a zip file with a damaged directory; write or copy it again.");

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int place) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[place..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int place) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[place..]);

    private static long Int64(ReadOnlySpan<byte> bytes, int place) => BinaryPrimitives.ReadInt64LittleEndian(bytes[place..]);

    private sealed class Member
    {
        public required ushort Flags { get; init; }

        public required ushort Method { get; init; }

        public required long Packed { get; set; }

        public required long Length { get; set; }

        public required long Offset { get; set; }

        public ByteSource? Source { get; set; }
    }
}
