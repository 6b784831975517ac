using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Curie.Numerics.Files;

/// <summary>
/// What the system tells of a path beside .NET: pipes, sockets and devices that stand in a folder as if they were files (to open one may
/// wait for ever, and to read it may never end, so that its kind is asked for first), and which paths lead to one and the same file.
/// </summary>
internal static partial class SpecialFile
{
    // More than the structure that the runtime fills, in which the mode follows four bytes of flags.
    private const int StatusBytes = 512;
    private const int ModeOffset = 4;
    private const int KindMask = 0xF000;
    private const int DeviceOffset = 88;
    private const int NodeOffset = 104;

    /// <summary>What <see cref="Describe"/> calls a pipe.</summary>
    public const string Pipe = "a pipe";

    /// <summary>What <see cref="Describe"/> calls a device that is read and written in order, such as a screen.</summary>
    public const string Device = "a device";

    /// <summary>What a path leads to where that is no file or folder; null for these, for what is not there, and on Windows.</summary>
    /// <param name="path">The path, whose links are followed.</param>
    public static string? Describe(string path)
    {
        Span<byte> status = stackalloc byte[StatusBytes];
        return Fill(path, status) ? Name(BinaryPrimitives.ReadInt32LittleEndian(status[ModeOffset..]) & KindMask) : null;
    }

    /// <summary>
    /// The numbers by which the system knows a file or folder, whatever its path; null for what is not there, and on Windows.
    /// </summary>
    /// <param name="path">The path, whose links are followed.</param>
    public static (long Device, long Node)? Identify(string path)
    {
        Span<byte> status = stackalloc byte[StatusBytes];
        return Fill(path, status)
            ? (BinaryPrimitives.ReadInt64LittleEndian(status[DeviceOffset..]), BinaryPrimitives.ReadInt64LittleEndian(status[NodeOffset..]))
            : null;
    }

    /// <summary>
    /// Asks the system; .NET tells folders and links apart and nothing else, but its runtime has a way to the system's stat.
    /// </summary>
    private static bool Fill(string path, Span<byte> status)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        try
        {
            return Stat(path, ref MemoryMarshal.GetReference(status)) == 0;
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    private static string? Name(int kind) =>
        kind switch
        {
            0x1000 => Pipe,
            0x2000 => Device,
            0x6000 => "a disk",
            0xC000 => "a socket",
            _ => null,
        };

    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static partial int Stat(string path, ref byte status);
}
