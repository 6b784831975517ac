namespace Curie.Numerics.Kernels;

/// <summary>
/// What an update learns of itself on its way through the weights. Sums run in float32 over 256 weights and in float64 beyond, in an order
/// that depends on the vector width alone.
/// </summary>
/// <param name="Square">The sum of squares that the kernel names.</param>
/// <param name="Pull">Σ g_i(w_i − w*_i), the gradient along the way from w*, of w before the update.</param>
/// <param name="Offset">Σ (w_i − w*_i)², of w before the update.</param>
public readonly record struct UpdateSums(double Square, double Pull, double Offset)
{
    /// <summary>The sums over two ranges together.</summary>
    public static UpdateSums operator +(UpdateSums left, UpdateSums right) =>
        new(left.Square + right.Square, left.Pull + right.Pull, left.Offset + right.Offset);
}
