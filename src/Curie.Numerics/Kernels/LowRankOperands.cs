using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

/// <summary>How the low-rank cross-entropy kernels hand their operands on.</summary>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    /// <summary>Whether exponentials are needed after they were summed, known at compile time.</summary>
    private interface IExponentialUse
    {
        static abstract bool Keeps { get; }
    }

    /// <summary>Losses alone: an exponential is summed and forgotten.</summary>
    private readonly struct DroppedExponentials : IExponentialUse
    {
        public static bool Keeps => false;
    }

    /// <summary>Gradients: exponentials go to <see cref="KeptExponentials"/>.</summary>
    private readonly struct StoredExponentials : IExponentialUse
    {
        public static bool Keeps => true;
    }

    /// <summary>Working memory for a group of panels.</summary>
    private readonly struct LowRankBuffers
    {
        /// <summary>z·M of <see cref="LowRankRows"/> rows and <see cref="LowRankPanels"/> panels.</summary>
        public readonly float* Products;

        /// <summary>All biases, padded with −∞.</summary>
        public readonly float* Bias;

        /// <summary>One panel's width of room, for the frozen part's last panel; zero beyond V.</summary>
        public readonly float* Tail;

        public LowRankBuffers(Scratch.Frame frame, ReadOnlySpan<float> bias, PackedMatrix mixing)
        {
            Bias = PadBias(bias, mixing, frame);
            Tail = frame.Pointer(PanelWidth);
            new Span<float>(Tail, PanelWidth).Clear();
            Products = frame.Pointer((long)LowRankPanels * LowRankRows * PanelWidth);
        }
    }

    /// <summary>The rows whose logits are made together.</summary>
    private readonly ref struct LowRankRowBlock(
        MatrixView frozen, MatrixView z, PackedMatrix mixing, ReadOnlySpan<float> inverseScale, ReadOnlySpan<int> targets)
    {
        public readonly MatrixView Frozen = frozen;
        public readonly MatrixView Z = z;
        public readonly PackedMatrix Mixing = mixing;
        public readonly ReadOnlySpan<float> InverseScale = inverseScale;
        public readonly ReadOnlySpan<int> Targets = targets;

        public LowRankRowBlock Range(int start, int count) =>
            new(Frozen.RowRange(start, count), Z.RowRange(start, count), Mixing, InverseScale.Slice(start, count), Targets.Slice(start, count));
    }

    /// <summary>One row of a group of panels of z·M, and what makes logits of it.</summary>
    private readonly struct LowRankGroup(
        float* product, long panelStride, float* frozen, in LowRankBuffers buffers, float inverseScale, int firstPanel, int panels, int columns)
    {
        /// <summary>The first panel's product; the others follow at a distance of <see cref="PanelStride"/>.</summary>
        public readonly float* Product = product;

        public readonly long PanelStride = panelStride;

        /// <summary>The row's frozen part, all V of it.</summary>
        public readonly float* Frozen = frozen;

        public readonly float* Bias = buffers.Bias;

        public readonly float* Tail = buffers.Tail;

        public readonly float InverseScale = inverseScale;

        public readonly int FirstPanel = firstPanel;

        public readonly int Panels = panels;

        /// <summary>V.</summary>
        public readonly int Columns = columns;
    }

    /// <summary>
    /// exp(logit − shift) of some rows and all V, panel by panel, each panel's rows without gaps: the layout of a packed right-hand side.
    /// </summary>
    private readonly struct KeptExponentials(float* first, long panelStride, double* weighted, float* targetValue)
    {
        /// <summary>Σ exp(logit − shift)·(frozen + z·M) of each row.</summary>
        public readonly double* Weighted = weighted;

        /// <summary>frozen + z·M of each row's target.</summary>
        public readonly float* TargetValue = targetValue;

        /// <summary>The same from row <paramref name="row"/> on.</summary>
        public KeptExponentials From(int row) => new(first + ((long)row * PanelWidth), panelStride, Weighted + row, TargetValue + row);

        public KeptRow Row(int row) => new(first + ((long)row * PanelWidth), panelStride);

        /// <summary>Multiplies what a row has so far, in panels before <paramref name="panels"/>.</summary>
        public void Rescale(int row, int panels, double factor)
        {
            Weighted[row] *= factor;
            KeptRow kept = Row(row);
            for (int panel = 0; panel < panels; panel++)
            {
                ScaleRow(kept.Panel(panel), (float)factor, kept.Panel(panel), PanelWidth);
            }
        }
    }

    /// <summary>One row of the kept exponentials.</summary>
    private readonly struct KeptRow(float* first, long panelStride)
    {
        public float* Panel(int panel) => first + (panel * panelStride);
    }
}
