namespace Curie.Numerics.Random;

/// <summary>
/// Random numbers one after another from one Philox key, for code that draws an unforeseen number of them (shuffles, sampled text).
/// The position is the whole state: a stream opened again at the same step repeats itself. Not shared between threads.
/// </summary>
public sealed class PhiloxStream
{
    private const double TwoToMinus53 = 1.0 / (1L << 53);
    private readonly PhiloxKey _key;
    private ulong _step;
    private ulong _index;
    private PhiloxBlock _block;
    private int _used = 4;
    private double _spare = double.NaN;

    /// <summary>Opens a stream at its start.</summary>
    /// <param name="key">The key.</param>
    /// <param name="step">Which of the key's streams: epoch, draw or another counter of the caller.</param>
    public PhiloxStream(PhiloxKey key, ulong step = 0)
    {
        _key = key;
        _step = step;
    }

    /// <summary>Goes to the start of another of the key's streams.</summary>
    public void Restart(ulong step)
    {
        _step = step;
        _index = 0;
        _used = 4;
        _spare = double.NaN;
    }

    /// <summary>The next uniform 32-bit word.</summary>
    public uint NextUInt32()
    {
        if (_used == 4)
        {
            _block = Philox.Block(_key, _step, _index++);
            _used = 0;
        }

        return _used++ switch
        {
            0 => _block.W0,
            1 => _block.W1,
            2 => _block.W2,
            _ => _block.W3,
        };
    }

    /// <summary>
    /// A uniform integer in 0 … bound − 1, without bias: the high half of word × bound, rejecting the words that would make some results
    /// more likely (Lemire 2019, "Fast random integer generation in an interval").
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        uint range = (uint)bound;
        uint rejected = (uint)((1UL << 32) % range);
        ulong product;
        do
        {
            product = (ulong)NextUInt32() * range;
        } while ((uint)product < rejected);
        return (int)(product >> 32);
    }

    /// <summary>A uniform number in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble()
    {
        ulong high = NextUInt32() >> 5;
        ulong low = NextUInt32() >> 6;
        return ((high << 26) | low) * TwoToMinus53;
    }

    /// <summary>A standard normal number, by Box–Muller in float64: two numbers per pair of uniforms.</summary>
    public double NextGaussian()
    {
        if (!double.IsNaN(_spare))
        {
            double spare = _spare;
            _spare = double.NaN;
            return spare;
        }

        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * NextDouble());
        _spare = radius * sine;
        return radius * cosine;
    }

    /// <summary>Puts the items in a uniformly random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
