using System.Runtime.CompilerServices;
using Curie.Numerics.Memory;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Kernels;

/// <summary>
/// From operands to Σ exp(logit), which all cross-entropies share. The logits of some rows and a group of panels are made, exponentiated
/// and summed while they are in cache. So their maximum is not known beforehand, and what is taken off the exponents is any number not far
/// below it: the largest logit of the first group, and later that of a group whose sum shows that it stands far above; this group is done
/// again. What happens to a row depends on that row and on V alone. What is not a number in a left operand is so in every logit of its
/// row, and shows in the target's.
/// </summary>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    /// <summary>A group's sum above which its largest logit stands too far above what is taken off: far from overflow.</summary>
    private const float MaximalSum = 1e18f;

    /// <summary>Adds the exponentials of all logits of some rows to their statistics, whose maximum is what is taken off.</summary>
    private static void SumRows<TForm>(in LogitRows rows, in LogitBuffers buffers, RowStatistics statistics, in KeptExponentials kept)
        where TForm : struct, ILogitForm
    {
        int frozenAhead = 2 * buffers.GroupPanels * PanelWidth;
        for (int panel = 0; panel < rows.Right.Panels; panel += buffers.GroupPanels)
        {
            LogitGroup group = new(rows, buffers, panel);
            MakeProducts(rows.Left, rows.Right, panel, group.Panels, buffers.Products);
            for (int row = 0; row < rows.Left.Rows; row++)
            {
                float inverseScale = TForm.HasFrozen ? rows.InverseScale[row] : 1;
                AddGroup<TForm>(group, inverseScale, rows.Targets[row], statistics, row, kept, frozenAhead);
            }
        }
    }

    /// <summary>The products of one group of panels, each panel rows × PanelWidth without gaps.</summary>
    private static void MakeProducts(MatrixView left, PackedMatrix right, int firstPanel, int panels, float* products)
    {
        for (int p = 0; p < panels; p++)
        {
            float* target = products + ((long)p * left.Rows * PanelWidth);
            if (right.Depth == 0)
            {
                new Span<float>(target, left.Rows * PanelWidth).Clear();
            }

            for (int k = 0; k < right.Depth; k += DepthBlock)
            {
                int depth = Math.Min(DepthBlock, right.Depth - k);
                float* panel = right.Panel(firstPanel + p) + ((long)k * PanelWidth);
                MultiplyPanel(left.Data + k, left.Stride, 1, left.Rows, panel, depth, target, PanelWidth, PanelWidth, k > 0);
            }
        }
    }

    /// <summary>Adds the exponentials of one row's group of panels.</summary>
    private static void AddGroup<TForm>(
        in LogitGroup group,
        float inverseScale,
        int target,
        RowStatistics statistics,
        int row,
        in KeptExponentials kept,
        int frozenAhead
    )
        where TForm : struct, ILogitForm
    {
        float shift = group.FirstPanel == 0 ? LargestLogit<TForm>(group, row, inverseScale) : statistics.Maximum[row];
        float sum = SumExponentials<TForm>(group, row, inverseScale, shift, kept, frozenAhead);
        if (sum > MaximalSum)
        {
            float largest = LargestLogit<TForm>(group, row, inverseScale);
            double rescale = Math.Exp((double)shift - largest);
            statistics.Sum[row] *= rescale;
            if (TForm.Keeps)
            {
                kept.Rescale(row, group.FirstPanel, rescale);
            }

            shift = largest;
            sum = SumExponentials<TForm>(group, row, inverseScale, shift, kept, frozenAhead);
        }

        statistics.Maximum[row] = shift;
        statistics.Sum[row] += sum;
        if (TForm.Keeps && TForm.HasFrozen)
        {
            kept.Weighted[row] += kept.GroupWeighted[row];
        }

        int column = target - (group.FirstPanel * PanelWidth);
        if (column >= 0 && column < group.Panels * PanelWidth)
        {
            float value = group.Product(row, column / PanelWidth)[column % PanelWidth];
            if (TForm.HasFrozen)
            {
                value += group.Frozen(row, column / PanelWidth)[column % PanelWidth];
            }

            statistics.Target[row] = MathF.FusedMultiplyAdd(value, inverseScale, group.Bias[column]);
            if (TForm.Keeps)
            {
                kept.TargetValue[row] = value;
            }
        }
    }

    /// <summary>The largest logit of a row's group.</summary>
    private static float LargestLogit<TForm>(in LogitGroup group, int row, float inverseScale)
        where TForm : struct, ILogitForm
    {
        TVector scale = TSimd.Broadcast(inverseScale);
        TVector maximum = TSimd.Broadcast(float.NegativeInfinity);
        for (int p = 0; p < group.Panels; p++)
        {
            float* product = group.Product(row, p);
            float* frozen = TForm.HasFrozen ? group.Frozen(row, p) : null;
            float* bias = group.Bias + (p * PanelWidth);
            for (int at = 0; at < PanelWidth; at += TSimd.Count)
            {
                TVector value = Value<TForm>(product + at, frozen + at);
                maximum = TSimd.Max(maximum, Logit<TForm>(value, scale, bias + at));
            }
        }

        return TSimd.MaxElement(maximum);
    }

    /// <summary>
    /// Σ exp(logit − shift) over a row's group. Exponentials are kept if they are needed, and the sum of their products with
    /// frozen + product; frozen logits, which come from memory, are asked for <paramref name="frozenAhead"/> elements ahead.
    /// </summary>
    private static float SumExponentials<TForm>(
        in LogitGroup group,
        int row,
        float inverseScale,
        float shift,
        in KeptExponentials kept,
        int frozenAhead
    )
        where TForm : struct, ILogitForm
    {
        TVector scale = TSimd.Broadcast(inverseScale);
        TVector taken = TSimd.Broadcast(shift);
        TVector even = TSimd.Zero;
        TVector odd = TSimd.Zero;
        TVector evenWeighted = TSimd.Zero;
        TVector oddWeighted = TSimd.Zero;
        for (int p = 0; p < group.Panels; p++)
        {
            float* product = group.Product(row, p);
            float* frozen = TForm.HasFrozen ? group.Frozen(row, p) : null;
            float* bias = group.Bias + (p * PanelWidth);
            if (TForm.HasFrozen)
            {
                CacheHint.Prefetch(frozen + frozenAhead, PanelWidth);
            }

            for (int at = 0; at < PanelWidth; at += 2 * TSimd.Count)
            {
                int next = at + TSimd.Count;
                TVector first = Value<TForm>(product + at, frozen + at);
                TVector second = Value<TForm>(product + next, frozen + next);
                TVector firstTerm = VectorMath<TSimd, TVector>.ExpOfTerm(TSimd.Subtract(Logit<TForm>(first, scale, bias + at), taken));
                TVector secondTerm = VectorMath<TSimd, TVector>.ExpOfTerm(TSimd.Subtract(Logit<TForm>(second, scale, bias + next), taken));
                even = TSimd.Add(even, firstTerm);
                odd = TSimd.Add(odd, secondTerm);
                if (TForm.Keeps)
                {
                    float* target = kept.At(row, group.FirstPanel + p);
                    TSimd.Store(firstTerm, target + at);
                    TSimd.Store(secondTerm, target + next);
                }

                if (TForm.Keeps && TForm.HasFrozen)
                {
                    evenWeighted = TSimd.FusedMultiplyAdd(firstTerm, first, evenWeighted);
                    oddWeighted = TSimd.FusedMultiplyAdd(secondTerm, second, oddWeighted);
                }
            }
        }

        if (TForm.Keeps && TForm.HasFrozen)
        {
            kept.GroupWeighted[row] = TSimd.Sum(TSimd.Add(evenWeighted, oddWeighted));
        }

        return TSimd.Sum(TSimd.Add(even, odd));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Value<TForm>(float* product, float* frozen)
        where TForm : struct, ILogitForm => TForm.HasFrozen ? TSimd.Add(TSimd.Load(frozen), TSimd.Load(product)) : TSimd.Load(product);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Logit<TForm>(TVector value, TVector scale, float* bias)
        where TForm : struct, ILogitForm =>
        TForm.HasFrozen ? TSimd.FusedMultiplyAdd(value, scale, TSimd.Load(bias)) : TSimd.Add(value, TSimd.Load(bias));
}
