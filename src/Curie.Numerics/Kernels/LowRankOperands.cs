using System.Runtime.CompilerServices;
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

        /// <summary>Room for the frozen part's last panel, filled up with zeros.</summary>
        public readonly float* Tail;

        public LowRankBuffers(Scratch.Frame frame, ReadOnlySpan<float> bias, PackedMatrix mixing)
        {
            Bias = PadBias(bias, mixing, frame);
            Tail = frame.Pointer((long)LowRankRows * PanelWidth);
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

    /// <summary>Some panels of z·M of a block of rows, and what makes logits of them.</summary>
    private readonly struct LowRankGroup
    {
        /// <summary>The first panel's products, row by row without gaps; the others follow at a distance of <see cref="PanelStride"/>.</summary>
        public readonly float* Products;

        public readonly long PanelStride;

        /// <summary>The frozen part from the group's first column on.</summary>
        public readonly float* Frozen;

        public readonly long FrozenStride;

        /// <summary>The frozen part of the group's last panel, which may be read to its end.</summary>
        public readonly float* LastFrozen;

        public readonly long LastStride;

        /// <summary>The biases from the group's first column on.</summary>
        public readonly float* Bias;

        public readonly int FirstPanel;

        public readonly int Panels;

        public LowRankGroup(in LowRankRowBlock block, in LowRankBuffers buffers, int firstPanel, int panels)
        {
            int column = firstPanel * PanelWidth;
            int lastColumn = (firstPanel + panels - 1) * PanelWidth;
            int present = block.Frozen.Columns - lastColumn;
            Products = buffers.Products;
            PanelStride = (long)block.Frozen.Rows * PanelWidth;
            Frozen = block.Frozen.Data + column;
            FrozenStride = block.Frozen.Stride;
            LastFrozen = block.Frozen.Data + lastColumn;
            LastStride = FrozenStride;
            Bias = buffers.Bias + column;
            FirstPanel = firstPanel;
            Panels = panels;
            if (present < PanelWidth)
            {
                PackPanel(LastFrozen, LastStride, buffers.Tail, block.Frozen.Rows, present);
                LastFrozen = buffers.Tail;
                LastStride = PanelWidth;
            }
        }

        /// <summary>The product and the frozen part of one panel of one row.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Locate(int row, int panel, out float* product, out float* frozen)
        {
            product = Products + (panel * PanelStride) + ((long)row * PanelWidth);
            frozen = panel < Panels - 1
                ? Frozen + (row * FrozenStride) + (panel * PanelWidth)
                : LastFrozen + (row * LastStride);
        }
    }

    /// <summary>
    /// exp(logit − shift) of some rows and all V, panel by panel, each panel's rows without gaps: the layout of a packed right-hand side.
    /// </summary>
    private readonly struct KeptExponentials
    {
        private readonly float* _first;
        private readonly long _panelStride;

        /// <summary>Σ exp(logit − shift)·(frozen + z·M) of each row.</summary>
        public readonly double* Weighted;

        /// <summary>The same sum over the last group of panels.</summary>
        public readonly float* GroupWeighted;

        /// <summary>frozen + z·M of each row's target.</summary>
        public readonly float* TargetValue;

        public KeptExponentials(Scratch.Frame frame, int rows, int panels)
            : this(
                frame.Pointer((long)rows * panels * PanelWidth),
                (long)rows * PanelWidth,
                (double*)frame.Pointer(2L * rows),
                frame.Pointer(rows),
                frame.Pointer(rows))
        {
        }

        private KeptExponentials(float* first, long panelStride, double* weighted, float* groupWeighted, float* targetValue)
        {
            _first = first;
            _panelStride = panelStride;
            Weighted = weighted;
            GroupWeighted = groupWeighted;
            TargetValue = targetValue;
        }

        /// <summary>The same memory for the first <paramref name="rows"/> rows, empty.</summary>
        public KeptExponentials ForRows(int rows)
        {
            new Span<double>(Weighted, rows).Clear();
            return new KeptExponentials(_first, (long)rows * PanelWidth, Weighted, GroupWeighted, TargetValue);
        }

        /// <summary>The same from row <paramref name="row"/> on.</summary>
        public KeptExponentials From(int row) =>
            new(_first + ((long)row * PanelWidth), _panelStride, Weighted + row, GroupWeighted + row, TargetValue + row);

        /// <summary>One panel of one row, at the same time the first of the panel's rows from that one on.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float* Row(int row, int panel) => _first + (panel * _panelStride) + ((long)row * PanelWidth);

        /// <summary>Multiplies what a row has so far, in panels before <paramref name="panels"/>.</summary>
        public void Rescale(int row, int panels, double factor)
        {
            Weighted[row] *= factor;
            for (int panel = 0; panel < panels; panel++)
            {
                ScaleRow(Row(row, panel), (float)factor, Row(row, panel), PanelWidth);
            }
        }
    }
}
