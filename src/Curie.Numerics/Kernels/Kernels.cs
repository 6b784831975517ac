using Curie.Numerics.Memory;
using Curie.Numerics.Random;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Kernels;

/// <summary>
/// The arithmetic of a transformer: every operation that a forward pass, a backward pass or an update needs, for one vector width.
/// All operations run on the calling thread; parallelism belongs to the caller, who splits work over rows. Arithmetic is float32 with
/// fused multiply-add, summed in an order that depends on the shapes alone.
/// Shapes: n rows (positions), d model width, e head width, V vocabulary, T positions of one attention row.
/// </summary>
/// <remarks>
/// Spans that receive a gradient may be empty, and views that receive one may have no rows; that gradient is then not computed.
/// Shapes that do not fit are a programming error: <see cref="ArgumentException"/>.
/// </remarks>
public abstract partial class Kernels
{
    /// <summary>The width of the vectors used.</summary>
    public abstract SimdWidth Width { get; }

    // ---- matrix products -------------------------------------------------------------------------------------------------------

    /// <summary>Room for a packed right-hand side of <paramref name="depth"/> × <paramref name="columns"/>, zeroed.</summary>
    public abstract PackedMatrix CreatePacked(int depth, int columns);

    /// <summary>Copies <paramref name="b"/> to rows firstRow… and columns firstColumn… of the packed matrix.</summary>
    public abstract void Pack(MatrixView b, PackedMatrix destination, int firstRow = 0, int firstColumn = 0);

    /// <summary>Copies <paramref name="b"/>ᵀ to rows firstRow… and columns firstColumn… of the packed matrix.</summary>
    public abstract void PackTransposed(MatrixView b, PackedMatrix destination, int firstRow = 0, int firstColumn = 0);

    /// <summary>C = A·B, or C += A·B with <paramref name="accumulate"/>. A n×k, B k×m, C n×m.</summary>
    public abstract void Multiply(MatrixView a, PackedMatrix b, MatrixView c, bool accumulate);

    /// <summary>C = Aᵀ·B, or C += Aᵀ·B. A n×k, B n×m, C k×m: the gradient of a weight matrix from n positions.</summary>
    public abstract void MultiplyTransposed(MatrixView a, MatrixView b, MatrixView c, bool accumulate, Scratch scratch);

    // ---- norms -----------------------------------------------------------------------------------------------------------------

    /// <summary>
    /// y = x̂·w + b with x̂ = (x − μ)/σ, σ = √(mean((x − μ)²) + ε), and μ the row's mean (layer norm), or 0 where the norm does not centre
    /// (RMS norm: Zhang and Sennrich 2019). x, y n×d; w, b d; mean, inverseScale (1/σ) n.
    /// x and y may be the same; y is empty where only mean and inverseScale are wanted.
    /// </summary>
    public abstract void NormForward(
        MatrixView x,
        ReadOnlySpan<float> weight,
        ReadOnlySpan<float> bias,
        float epsilon,
        MatrixView y,
        Span<float> mean,
        Span<float> inverseScale,
        bool centred = true
    );

    /// <summary>
    /// dx += (1/σ)·(h − mean(h) − x̂·mean(h·x̂)) with h = dy·w, without mean(h) where the norm does not centre; dw += Σ dy·x̂; db += Σ dy.
    /// The residual stream's gradient accumulates in dx.
    /// </summary>
    public abstract void NormBackward(
        MatrixView x,
        ReadOnlySpan<float> weight,
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> inverseScale,
        MatrixView dy,
        MatrixView dx,
        Span<float> weightGradient,
        Span<float> biasGradient,
        bool centred = true
    );

    // ---- attention -------------------------------------------------------------------------------------------------------------

    /// <summary>
    /// One head of causal attention over one row: z_i = Σ_{j≤i} a_ij v_j, a_ij = exp(scale·q_i·k_j − m_i), m_i = log Σ_{j≤i}
    /// exp(scale·q_i·k_j).
    /// q, k, v, z T×e; logSumExp receives m (T). Blocked: no T×T matrix is written. With a <paramref name="span"/> the sums are over the
    /// keys that it shows.
    /// </summary>
    public abstract void AttentionForward(
        MatrixView q,
        MatrixView k,
        MatrixView v,
        float scale,
        MatrixView z,
        Span<float> logSumExp,
        Scratch scratch,
        AttentionSpan span = default
    );

    /// <summary>
    /// <see cref="AttentionForward"/> of some queries only: query i stands at position positions[i] and sees keys 0 … positions[i]. A query
    /// has
    /// the bits that it has among all. q, z n×e; k, v T×e; positions n, ascending, below T; logSumExp n.
    /// </summary>
    public abstract void AttentionForwardAt(
        MatrixView q,
        ReadOnlySpan<int> positions,
        MatrixView k,
        MatrixView v,
        float scale,
        MatrixView z,
        Span<float> logSumExp,
        Scratch scratch,
        AttentionSpan span = default
    );

    /// <summary>
    /// Gradients of <see cref="AttentionForward"/>; the probabilities are recomputed from logSumExp. With D_i = dz_i·z_i and
    /// ds_ij = a_ij(dz_i·v_j − D_i): dq_i = scale·Σ_j ds_ij k_j, dk_j = scale·Σ_i ds_ij q_i, dv_j = Σ_i a_ij dz_i. Overwrites dq, dk, dv.
    /// </summary>
    public abstract void AttentionBackward(
        MatrixView q,
        MatrixView k,
        MatrixView v,
        MatrixView z,
        ReadOnlySpan<float> logSumExp,
        float scale,
        MatrixView dz,
        MatrixView dq,
        MatrixView dk,
        MatrixView dv,
        Scratch scratch,
        AttentionSpan span = default
    );

    // ---- pointwise -------------------------------------------------------------------------------------------------------------

    /// <summary>y = f(x), elementwise; x and y may be the same.</summary>
    public abstract void ActivationForward(Activation activation, MatrixView x, MatrixView y);

    /// <summary>dx = dy·f′(x), elementwise; dy and dx may be the same.</summary>
    public abstract void ActivationBackward(Activation activation, MatrixView x, MatrixView dy, MatrixView dx);

    /// <summary>y += x, elementwise.</summary>
    public abstract void Add(ReadOnlySpan<float> x, Span<float> y);

    /// <summary>y = a ⊙ b, elementwise; y may be either of them.</summary>
    public abstract void MultiplyElements(MatrixView a, MatrixView b, MatrixView y);

    /// <summary>y_i += row for every row i.</summary>
    public abstract void AddRow(ReadOnlySpan<float> row, MatrixView y);

    /// <summary>sums += Σ_i x_i: the gradient of a bias.</summary>
    public abstract void AddColumnSums(MatrixView x, Span<float> sums);

    // ---- embedding -------------------------------------------------------------------------------------------------------------

    /// <summary>y_i = table[tokens_i]. table V×d, y n×d.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token is not a row of the table.</exception>
    public abstract void Gather(MatrixView table, ReadOnlySpan<int> tokens, MatrixView y);

    /// <summary>tableGradient[tokens_i] += dy_i, in the order of i.</summary>
    public abstract void ScatterAdd(MatrixView dy, ReadOnlySpan<int> tokens, MatrixView tableGradient);

    // ---- unembedding and cross-entropy -----------------------------------------------------------------------------------------

    /// <summary>
    /// ℓ_i = log Σ_v exp(logit_iv) − logit_{i,target_i} with logits = x·W + b. x n×d, W d×V packed, b V, targets n, losses n, nats.
    /// Works block by block in cache; the logits of all positions are never in memory at once.
    /// </summary>
    public abstract void CrossEntropyForward(
        MatrixView x,
        PackedMatrix unembed,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        Span<double> losses,
        Scratch scratch
    );

    /// <summary>
    /// Losses as <see cref="CrossEntropyForward"/>, and with g_i = scale_i·(softmax(logits) − onehot(target)): dx = g·Wᵀ (overwritten),
    /// dW += xᵀ·g, db += Σ g. unembedTransposed is Wᵀ (V×d) packed. With <paramref name="transposed"/>, weightGradient is that of Wᵀ, V×d:
    /// where the unembedding is the token embedding.
    /// </summary>
    public abstract void CrossEntropyBackward(
        MatrixView x,
        PackedMatrix unembed,
        PackedMatrix unembedTransposed,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        LossScale scale,
        Span<double> losses,
        MatrixView dx,
        MatrixView weightGradient,
        Span<float> biasGradient,
        Scratch scratch,
        bool transposed = false
    );

    /// <summary>log softmax(x·W + b), n×V, overwritten. x n×d, W d×V packed, b V.</summary>
    public abstract void LogProbabilities(
        MatrixView x,
        PackedMatrix unembed,
        ReadOnlySpan<float> bias,
        MatrixView logProbabilities,
        Scratch scratch
    );

    /// <summary>
    /// ℓ_i = KL(q_i‖p_i) or KL(p_i‖q_i) in nats, with p = softmax(x·W + b) and logTarget = log q, n×V. x n×d, W d×V packed, b V, losses n.
    /// Works block by block in cache; the logits of all positions are never in memory at once.
    /// </summary>
    public abstract void DivergenceForward(
        MatrixView x,
        PackedMatrix unembed,
        ReadOnlySpan<float> bias,
        MatrixView logTarget,
        DivergenceDirection direction,
        Span<double> losses,
        Scratch scratch
    );

    /// <summary>
    /// Losses as <see cref="DivergenceForward"/>, and with g_i = scale_i·∂ℓ/∂logit, which is scale_i·(p − q) forward and
    /// scale_i·p·(log p − log q − ℓ) reverse: dx = g·Wᵀ (overwritten), dW += xᵀ·g, db += Σ g. unembedTransposed is Wᵀ (V×d) packed;
    /// <paramref name="transposed"/> as in <see cref="CrossEntropyBackward"/>.
    /// </summary>
    public abstract void DivergenceBackward(
        MatrixView x,
        PackedMatrix unembed,
        PackedMatrix unembedTransposed,
        ReadOnlySpan<float> bias,
        MatrixView logTarget,
        DivergenceDirection direction,
        LossScale scale,
        Span<double> losses,
        MatrixView dx,
        MatrixView weightGradient,
        Span<float> biasGradient,
        Scratch scratch,
        bool transposed = false
    );

    /// <summary>
    /// ℓ_i = log Σ_v exp(logit_iv) − logit_{i,target_i} with logit_iv = (frozen_iv + z_i·M_v)/σ_i + b_v: the losses of a network of which
    /// only a rank-e term of the unembedding's input and the scale σ of its layer norm vary. frozen n×V, z n×e, M e×V packed,
    /// inverseScale (1/σ) n, b V, targets n, losses n, nats. e multiplications a logit in place of d; no logits are written to memory
    /// that outlives the call.
    /// </summary>
    public abstract void LowRankCrossEntropyForward(
        MatrixView frozen,
        MatrixView z,
        PackedMatrix mixing,
        ReadOnlySpan<float> inverseScale,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        Span<double> losses,
        Scratch scratch
    );

    /// <summary>
    /// Losses as <see cref="LowRankCrossEntropyForward"/>, and with g_i = scale_i·(softmax(logits) − onehot(target)): mixed = g·Mᵀ (n×e,
    /// overwritten); product_i = Σ_v g_iv·(logit_iv − b_v), which the gradient through the layer norm's scale needs (n, overwritten); and
    /// mixingGradient += (z/σ)ᵀ·g (e×V; may have no rows). mixingTransposed is Mᵀ (V×e) packed.
    /// </summary>
    public abstract void LowRankCrossEntropyBackward(
        MatrixView frozen,
        MatrixView z,
        PackedMatrix mixing,
        PackedMatrix mixingTransposed,
        ReadOnlySpan<float> inverseScale,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        LossScale scale,
        Span<double> losses,
        MatrixView mixed,
        Span<float> product,
        MatrixView mixingGradient,
        Scratch scratch
    );

    // ---- updates ---------------------------------------------------------------------------------------------------------------

    /// <summary>
    /// One AdamW update, <paramref name="step"/> counted from 1: m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w − ηλw;
    /// w ← w − η·(m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε), in PyTorch's order of operations.
    /// </summary>
    public abstract void AdamWUpdate(
        Span<float> parameters,
        ReadOnlySpan<float> gradient,
        Span<float> firstMoment,
        Span<float> secondMoment,
        AdamWOptions options,
        long step
    );

    /// <summary>
    /// One SGLD update of w, restricted coordinates only: w ← w − (ε/2)F + √ε·σ·η with F = nβ·g + γ(w − w*) + δw, and η_i standard normal
    /// number (step, firstIndex + i) of the stream <paramref name="noise"/>. <paramref name="firstIndex"/> is a multiple of 4.
    /// </summary>
    /// <returns>Square: Σ ((ε/2)F_i)², of w before the update.</returns>
    public abstract UpdateSums SgldUpdate(
        Span<float> w,
        ReadOnlySpan<float> gradient,
        ReadOnlySpan<float> origin,
        SgldOptions options,
        PhiloxKey noise,
        long step,
        long firstIndex
    );

    /// <summary>
    /// One SGLD update with a diagonal preconditioner: v ← a·v + (1 − a)·g², G = 1/(√(c·v) + b), then w ← w − (ε/2)G·F + √(εG)·σ·η with F
    /// and η as in <see cref="SgldUpdate"/>. With v = 0, a = 1 and b = 1 it gives that update's bits.
    /// </summary>
    /// <returns>Square: Σ G_i((ε/2)F_i)², of w before the update.</returns>
    public abstract UpdateSums RmsPropSgldUpdate(
        Span<float> w,
        ReadOnlySpan<float> gradient,
        ReadOnlySpan<float> origin,
        Span<float> secondMoment,
        SgldOptions options,
        RmsPropOptions rmsProp,
        PhiloxKey noise,
        long step,
        long firstIndex
    );

    /// <summary>
    /// The first half of a thermostat's step of length h = √ε: p ← p − hF, F as in <see cref="SgldUpdate"/>, then w ← w + (h/2)p.
    /// </summary>
    /// <returns>Square: Σ p_i² after the kick.</returns>
    public abstract UpdateSums MomentumKick(
        Span<float> w,
        Span<float> momentum,
        ReadOnlySpan<float> gradient,
        ReadOnlySpan<float> origin,
        SgldOptions options
    );

    /// <summary>The second half: p ← keep·p + fresh·η, η as in <see cref="SgldUpdate"/>, then w ← w + drift·p.</summary>
    /// <returns>Σ p_i² after it, summed as in <see cref="UpdateSums"/>.</returns>
    public abstract double MomentumRefresh(
        Span<float> w,
        Span<float> momentum,
        MomentumRefreshOptions options,
        PhiloxKey noise,
        long step,
        long firstIndex
    );

    // ---- random numbers --------------------------------------------------------------------------------------------------------

    /// <summary>
    /// Standard normal numbers (step, firstIndex) … of a stream, by Box–Muller on Philox4x32-10 blocks; number i of a step comes from block
    /// i/4.
    /// The same for every split of the index range. <paramref name="firstIndex"/> is a multiple of 4.
    /// </summary>
    public abstract void FillGaussian(PhiloxKey key, long step, long firstIndex, Span<float> destination);
}
