using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Curie.Numerics.Files;

/// <summary>
/// Pipes, sockets and devices that stand in a folder as if they were files. To open one may wait for ever, and to read it may never end, so
/// that its kind is asked for first.
/// </summary>
internal static partial class SpecialFile
{
    // More than the structure that the runtime fills, in which the mode follows four bytes of flags.
    private const int StatusBytes = 512;
    private const int ModeOffset = 4;
    private const int KindMask = 0xF000;

    /// <summary>What <see cref="Describe"/> calls a pipe.</summary>
    public const string Pipe = "a pipe";

    /// <summary>What <see cref="Describe"/> calls a device that is read and written in order, such as a screen.</summary>
    public const string Device = "a device";

    /// <summary>What a path leads to where that is no file or folder; null for these, for what is not there, and on Windows.</summary>
    /// <param name="path">The path, whose links are followed.</param>
    public static string? Describe(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        // .NET tells folders and links apart and nothing else; what tells the rest is the runtime's own way to the system's stat.
        Span<byte> status = stackalloc byte[StatusBytes];
        try
        {
            return Stat(path, ref MemoryMarshal.GetReference(status)) == 0
                ? Name(BinaryPrimitives.ReadInt32LittleEndian(status[ModeOffset..]) & KindMask)
                : null;
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
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
