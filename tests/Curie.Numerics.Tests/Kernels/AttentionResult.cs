namespace Curie.Numerics.Tests.Kernels;

/// <summary>What the two attention kernels write.</summary>
internal sealed class AttentionResult(int length, int e) : IDisposable
{
    public Operand Z { get; } = new(length, e, 2);

    public Operand LogSumExp { get; } = new(1, length);

    public Operand QueryGradient { get; } = new(length, e, 1);

    public Operand KeyGradient { get; } = new(length, e, 4);

    public Operand ValueGradient { get; } = new(length, e, 0);

    public void Dispose()
    {
        Z.Dispose();
        LogSumExp.Dispose();
        QueryGradient.Dispose();
        KeyGradient.Dispose();
        ValueGradient.Dispose();
    }
}
