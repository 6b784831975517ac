using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Curie.Cli.Reports;

/// <summary>What the processor calls itself.</summary>
internal static class ProcessorName
{
    private const int FirstBrandLeaf = unchecked((int)0x80000002);

    /// <summary>The brand string of an x86 processor (CPUID leaves 80000002–80000004); elsewhere the architecture's name.</summary>
    public static string Read()
    {
        if (!X86Base.IsSupported || (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax < 0x80000004)
        {
            return RuntimeInformation.ProcessArchitecture.ToString();
        }

        List<byte> bytes = [];
        for (int leaf = 0; leaf < 3; leaf++)
        {
            (int eax, int ebx, int ecx, int edx) = X86Base.CpuId(FirstBrandLeaf + leaf, 0);
            bytes.AddRange(new[] { eax, ebx, ecx, edx }.SelectMany(BitConverter.GetBytes));
        }

        return Encoding.ASCII.GetString([.. bytes.TakeWhile(b => b != 0)]).Trim();
    }
}
