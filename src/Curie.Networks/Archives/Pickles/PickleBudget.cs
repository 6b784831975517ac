using Curie.Numerics;

namespace Curie.Networks.Archives.Pickles;

/// <summary>
/// What may still be copied. A few bytes of a pickle can say that something large is to be copied, again and again; whole models copy
/// little more than they hold.
/// </summary>
/// <param name="path">The file, for messages.</param>
/// <param name="bytes">The bytes that the pickle has.</param>
internal sealed class PickleBudget(string path, long bytes)
{
    private const long Least = 1 << 14;
    private long _left = Math.Max(Least, 2 * Math.Min(bytes, long.MaxValue / 2));

    /// <summary>Takes from it.</summary>
    /// <exception cref="InputException">Nothing is left.</exception>
    public void Spend(long amount)
    {
        _left -= amount;
        if (_left < 0)
        {
            throw new InputException(
                $"{path} has a pickle that contains itself or repeats itself without measure; save the model's state dict as safetensors."
            );
        }
    }
}
