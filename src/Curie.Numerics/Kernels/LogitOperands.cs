using System.Runtime.CompilerServices;
using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

/// <summary>How the cross-entropy kernels hand their operands on.</summary>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    /// <summary>
    /// Some rows whose logits are made together: of the products' operands, and without frozen logits an empty view of those.
    /// </summary>
    private readonly ref struct LogitRows(
        MatrixView left,
        PackedMatrix right,
        MatrixView frozen,
        ReadOnlySpan<float> inverseScale,
        ReadOnlySpan<int> targets
    )
    {
        public readonly MatrixView Left = left;
        public readonly PackedMatrix Right = right;
        public readonly MatrixView Frozen = frozen;
        public readonly ReadOnlySpan<float> InverseScale = inverseScale;
        public readonly ReadOnlySpan<int> Targets = targets;

        public LogitRows(MatrixView left, PackedMatrix right, ReadOnlySpan<int> targets)
            : this(left, right, default, [], targets) { }

        public LogitRows Range(int start, int count)
        {
            ReadOnlySpan<int> targets = Targets.Slice(start, count);
            return Frozen.Rows == 0
                ? new LogitRows(Left.RowRange(start, count), Right, targets)
                : new LogitRows(
                    Left.RowRange(start, count),
                    Right,
                    Frozen.RowRange(start, count),
                    InverseScale.Slice(start, count),
                    targets
                );
        }
    }

    /// <summary>Working memory for the logits of some rows and a group of panels.</summary>
    private readonly struct LogitBuffers
    {
        /// <summary>The panels of a group.</summary>
        public readonly int GroupPanels;

        /// <summary>The products of the rows and the group's panels.</summary>
        public readonly float* Products;

        /// <summary>All biases, filled up to whole panels with −∞: a column that does not exist has probability zero.</summary>
        public readonly float* Bias;

        /// <summary>Room for the last panel of frozen logits, filled up with zeros.</summary>
        public readonly float* Tail;

        public LogitBuffers(Scratch.Frame frame, int rows, int groupPanels, ReadOnlySpan<float> bias, PackedMatrix right)
        {
            int length = right.Panels * PanelWidth;
            GroupPanels = groupPanels;
            Products = frame.Pointer((long)groupPanels * rows * PanelWidth);
            Tail = frame.Pointer((long)rows * PanelWidth);
            Bias = frame.Pointer(length);
            bias.CopyTo(new Span<float>(Bias, length));
            new Span<float>(Bias + bias.Length, length - bias.Length).Fill(float.NegativeInfinity);
        }
    }

    /// <summary>Some panels of products of some rows, and what makes logits of them.</summary>
    private readonly struct LogitGroup
    {
        public readonly int FirstPanel;

        public readonly int Panels;

        /// <summary>The biases from the group's first column on.</summary>
        public readonly float* Bias;

        private readonly float* _products;
        private readonly long _panelStride;
        private readonly float* _frozen;
        private readonly long _frozenStride;
        private readonly float* _lastFrozen;
        private readonly long _lastStride;

        public LogitGroup(in LogitRows rows, in LogitBuffers buffers, int firstPanel)
        {
            FirstPanel = firstPanel;
            Panels = Math.Min(buffers.GroupPanels, rows.Right.Panels - firstPanel);
            Bias = buffers.Bias + (firstPanel * PanelWidth);
            _products = buffers.Products;
            _panelStride = (long)rows.Left.Rows * PanelWidth;
            int lastColumn = (firstPanel + Panels - 1) * PanelWidth;
            int present = rows.Right.Columns - lastColumn;
            _frozen = rows.Frozen.Data + (firstPanel * PanelWidth);
            _frozenStride = rows.Frozen.Stride;
            _lastFrozen = rows.Frozen.Data + lastColumn;
            _lastStride = _frozenStride;
            if (rows.Frozen.Rows > 0 && present < PanelWidth)
            {
                PackPanel(_lastFrozen, _lastStride, buffers.Tail, rows.Frozen.Rows, present);
                _lastFrozen = buffers.Tail;
                _lastStride = PanelWidth;
            }
        }

        /// <summary>One panel of one row's product.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float* Product(int row, int panel) => _products + (panel * _panelStride) + ((long)row * PanelWidth);

        /// <summary>One panel of one row's frozen logits, which may be read to its end.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float* Frozen(int row, int panel) =>
            panel < Panels - 1 ? _frozen + (row * _frozenStride) + (panel * PanelWidth) : _lastFrozen + (row * _lastStride);
    }

    /// <summary>
    /// exp(logit − shift) of some rows and all V, panel by panel, each panel's rows without gaps: the layout of a packed right-hand side.
    /// </summary>
    private readonly struct KeptExponentials
    {
        /// <summary>Σ exp(logit − shift)·(frozen + product) of each row.</summary>
        public readonly double* Weighted;

        /// <summary>The same sum over the last group of panels.</summary>
        public readonly float* GroupWeighted;

        /// <summary>frozen + product of each row's target.</summary>
        public readonly float* TargetValue;

        private readonly float* _first;
        private readonly long _panelStride;

        public KeptExponentials(Scratch.Frame frame, int rows, int panels)
        {
            Weighted = (double*)frame.Pointer(2L * rows);
            GroupWeighted = frame.Pointer(rows);
            TargetValue = frame.Pointer(rows);
            _panelStride = (long)rows * PanelWidth;
            _first = frame.Pointer(panels * _panelStride);
        }

        private KeptExponentials(KeptExponentials whole, int row, long panelStride)
        {
            Weighted = whole.Weighted + row;
            GroupWeighted = whole.GroupWeighted + row;
            TargetValue = whole.TargetValue + row;
            _panelStride = panelStride;
            _first = whole._first + ((long)row * PanelWidth);
        }

        /// <summary>The same memory for the first <paramref name="rows"/> rows, empty.</summary>
        public KeptExponentials ForRows(int rows)
        {
            new Span<double>(Weighted, rows).Clear();
            return new KeptExponentials(this, 0, (long)rows * PanelWidth);
        }

        /// <summary>The same from row <paramref name="row"/> on.</summary>
        public KeptExponentials From(int row) => new(this, row, _panelStride);

        /// <summary>One panel of one row; the panel's next rows follow.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float* At(int row, int panel) => _first + (panel * _panelStride) + ((long)row * PanelWidth);

        /// <summary>Multiplies what a row has so far, in panels before <paramref name="panels"/>.</summary>
        public void Rescale(int row, int panels, double factor)
        {
            Weighted[row] *= factor;
            for (int panel = 0; panel < panels; panel++)
            {
                ScaleRow(At(row, panel), (float)factor, At(row, panel), PanelWidth);
            }
        }
    }
}
