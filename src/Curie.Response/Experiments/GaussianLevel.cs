using Curie.Networks.Restricted;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Sampling;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>
/// The first level of two: what the localisation's Gaussian alone does, w = w* + μ ± σ0·z with independent z ~ N(0, 1), σ0² the variance
/// that localisation, noise and step leave
/// without the loss. Forward passes only, without an update or autocorrelation; z and −z are averaged, so that what is odd in w − w*
/// cancels.
/// </summary>
/// <remarks>
/// The response of a chain that does not feel the loss is known without running it. With a = 1 − εκ/2 the shadow's displacement is
/// −(sε/2)·Σ_k a^k·∇P(X at k + 1 updates
/// before), and two draws of the stationary chain k + 1 updates apart are X and X_ρ = ρX + √(1 − ρ²)X' with ρ = a^(k+1), X and X'
/// independent N(0, σ0²). So with k
/// drawn from the geometric law (1 − a)·a^k,
/// <code>
/// d⟨e⟩/ds = −(1/κ)·E[∇P(X)·∇e(X_ρ)],
/// </code>
/// the mean of [e(X_ρ − (s/κ)·∇P(X)) − e(X_ρ)]/s for small s: one gradient and one evaluation more for each draw, for all tokens, with the
/// same step effects as a chain's
/// response. As ε → 0 this is the covariance formula of the Ornstein–Uhlenbeck semigroup, ρ uniform on [0, 1] (e.g. Bakry, Gentil and
/// Ledoux 2014).
/// </remarks>
internal sealed class GaussianLevel : IDisposable
{
    /// <summary>The groups of draws whose means carry the standard error, at most.</summary>
    public const int Units = 8;

    private readonly IRestrictedGroup _group;
    private readonly MeanLoss? _meanLoss;
    private readonly ProbeLosses _probes;
    private readonly InitialLosses _initial;
    private readonly ObservedTokens? _observed;
    private readonly SamplingOptions _options;
    private readonly NetworkSurfaces? _surfaces;
    private readonly IReadOnlyList<Perturbation?> _perturbations;
    private readonly Machine _machine;
    private readonly GaussianPoint[][] _members;
    private readonly (int Pair, int Sign, bool Shadow)[] _vectors;
    private readonly LoadedWeights[] _points;
    private readonly bool[] _partial;
    private readonly double[] _rises;
    private readonly double[] _blockMeans;
    private int _block;

    /// <param name="group">The components.</param>
    /// <param name="meanLoss">Evaluates the loss rows; null where P is the mean over the followed tokens.</param>
    /// <param name="probes">Evaluates the followed tokens.</param>
    /// <param name="initial">The losses at w*.</param>
    /// <param name="observed">The tokens whose loss is observed; null where that is P.</param>
    /// <param name="options">How chains move.</param>
    /// <param name="surfaces">Give the observable's gradients; null where no covariance is wanted.</param>
    /// <param name="perturbations">Of every component; null for one whose covariance is not wanted. Not looked at without surfaces.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    public GaussianLevel(
        IRestrictedGroup group,
        MeanLoss? meanLoss,
        ProbeLosses probes,
        InitialLosses initial,
        ObservedTokens? observed,
        SamplingOptions options,
        NetworkSurfaces? surfaces,
        IReadOnlyList<Perturbation?> perturbations,
        Machine machine
    )
    {
        _group = group;
        _meanLoss = meanLoss;
        _probes = probes;
        _initial = initial;
        _observed = observed;
        _options = options;
        _surfaces = surfaces;
        _perturbations = perturbations;
        _machine = machine;
        bool[] kinds = surfaces is null ? [false] : [false, true];
        int together = Math.Max(1, group.Slots / (2 * kinds.Length));
        _vectors =
        [
            .. from pair in Enumerable.Range(0, together) from sign in new[] { 1, -1 } from shadow in kinds select (pair, sign, shadow),
        ];
        _members =
        [
            .. Enumerable
                .Range(0, group.Components.Count)
                .Select(place => Enumerable.Range(0, together).Select(_ => new GaussianPoint(group, place, options)).ToArray()),
        ];
        _points = new LoadedWeights[NetworkObserver.CapacityOf(group)];
        _partial = new bool[_points.Length];
        _rises = new double[_members.Length];
        _blockMeans = new double[_members.Length];
    }

    /// <summary>How pairs ±z are dealt into units: so many of them, each of so many draws.</summary>
    public static (int Units, int Draws) Deal(int pairs)
    {
        int units = Math.Min(Units, pairs);
        while (pairs % units != 0)
        {
            units--;
        }

        // A single unit has no error: where the number of pairs has no divisor up to eight, each is a unit of its own.
        return units > 1 || pairs == 1 ? (units, pairs / units) : (pairs, 1);
    }

    /// <summary>The bytes that the draws of a component take without gradients of the loss.</summary>
    /// <param name="dimension">The component's parameters.</param>
    /// <param name="slots">The weight vectors of it that are evaluated together.</param>
    public static long BytesFor(int dimension, int slots) =>
        GaussianPoint.Buffers * sizeof(float) * (long)dimension * Math.Max(1, slots / 2);

    /// <summary>Measures.</summary>
    /// <param name="into">Receives the sums of every component.</param>
    /// <param name="pairs">The pairs ±z of each.</param>
    /// <param name="batches">The batches of each unit.</param>
    /// <param name="traces">Receives P of every component, by 2·unit (+z) or 2·unit + 1 (−z) and draw; null if it is not wanted.</param>
    /// <param name="progress">Told how many pairs of every component have been measured; null if that is not wanted.</param>
    /// <param name="cancellation">Stops between two evaluations.</param>
    public void Measure(
        IReadOnlyList<ComponentMoments> into,
        int pairs,
        int batches,
        IReadOnlyList<double[][]>? traces,
        IProgress<int>? progress,
        CancellationToken cancellation
    )
    {
        (int units, int draws) = Deal(pairs);
        BatchPlan plan = new(draws, Math.Min(batches, draws));
        for (int unit = 0; unit < units; unit++)
        {
            PairAccumulator[] sums = [.. into.Select(moments => new PairAccumulator(moments.Layout, plan, unit))];
            for (int draw = 0; draw < draws; draw += _members[0].Length)
            {
                cancellation.ThrowIfCancellationRequested();
                int together = Math.Min(_members[0].Length, draws - draw);
                Draw((unit * draws) + draw, together, new Destination(sums, traces, unit, draw));
                progress?.Report((unit * draws) + draw + together);
            }

            for (int member = 0; member < sums.Length; member++)
            {
                into[member].Add(sums[member]);
                sums[member].Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_members, pairs => Array.ForEach(pairs, pair => pair.Dispose()));

    /// <summary>Takes a few pairs in a row.</summary>
    private void Draw(int first, int pairs, Destination destination)
    {
        _block = first % (_meanLoss?.Blocks ?? 1);
        for (int pair = 0; pair < pairs; pair++)
        {
            foreach (GaussianPoint[] member in _members)
            {
                member[pair].Move(first + pair, _machine.Kernels);
            }

            for (int sign = 1; sign >= -1 && _surfaces is not null; sign -= 2)
            {
                SurfacePoint[] gradients =
                [
                    .. _members.Where((_, member) => _perturbations[member] is not null).Select(member => member[pair].GradientPoint(sign)),
                ];
                _surfaces.ObservableGradients(0, first + pair, gradients);
            }
        }

        foreach ((int Pair, int Sign, bool Shadow)[] together in _vectors.Where(vector => vector.Pair < pairs).Chunk(_group.Slots))
        {
            Evaluate(together, destination);
        }
    }

    private void Evaluate((int Pair, int Sign, bool Shadow)[] vectors, Destination destination)
    {
        int count = 0;
        for (int member = 0; member < _members.Length; member++)
        {
            for (int slot = 0; slot < vectors.Length; slot++)
            {
                (int pair, int sign, bool shadow) = vectors[slot];
                double strength = shadow ? _perturbations[member]?.Strength ?? 0 : 0;
                _group.Load(member, slot, _members[member][pair].Vector(sign, strength));
                _partial[count] = shadow;
                _points[count++] = new LoadedWeights(member, slot);
            }
        }

        _meanLoss?.Evaluate(_points.AsSpan(0, count), _partial.AsSpan(0, count), _block);
        _probes.Evaluate(_points.AsSpan(0, count));
        for (int index = 0; index < count; index++)
        {
            Take(_points[index].Component, vectors[_points[index].Slot], index, destination);
        }
    }

    private void Take(int member, (int Pair, int Sign, bool Shadow) vector, int index, Destination destination)
    {
        double rise = Rise(member, vector.Shadow, index);
        double? strength = _surfaces is null ? null : _perturbations[member]?.Strength / (_options.NoiseLevel * _options.NoiseLevel);
        double? phi = vector.Shadow ? null : _observed?.Phi(_probes.Losses(index), _initial.Tokens);
        EvaluationWeight weight =
            strength is not { } s ? EvaluationWeight.OfMean(rise, vector.Shadow ? 0 : 0.5, phi)
            : vector.Shadow ? EvaluationWeight.OfShadow(rise, s, chains: 2)
            : EvaluationWeight.OfChain(rise, s, chains: 2, phi);
        PairAccumulator sums = destination.Sums[member];
        if (vector is (_, 1, false))
        {
            sums.BeginDraw();
        }

        sums.Add(_probes.Losses(index), _initial.Tokens, weight, _machine.Pool);
        if (vector is (_, -1, _) && vector.Shadow == (_surfaces is not null))
        {
            sums.EndDraw(_machine.Pool);
        }

        if (!vector.Shadow && destination.Traces is { } traces)
        {
            traces[member][(2 * destination.Unit) + (vector.Sign > 0 ? 0 : 1)][destination.FirstDraw + vector.Pair] = rise + _initial.Mean;
        }
    }

    /// <summary>P − L0 at a point; of a shadow as the change on one block of rows from the vector before it.</summary>
    private double Rise(int member, bool isShadow, int index)
    {
        if (_meanLoss is null)
        {
            return _probes.Mean(index) - _initial.Mean;
        }

        double blockMean = _meanLoss.BlockMean(index, _block);
        if (isShadow)
        {
            return _rises[member] + (blockMean - _blockMeans[member]);
        }

        _rises[member] = _meanLoss.Mean(index) - _initial.Mean;
        _blockMeans[member] = blockMean;
        return _rises[member];
    }

    /// <summary>Where draws go.</summary>
    /// <param name="Sums">The unit's sums of every component.</param>
    /// <param name="Traces">P of every component, by 2·unit (+z) or 2·unit + 1 (−z) and draw; null if it is not wanted.</param>
    /// <param name="Unit">The unit.</param>
    /// <param name="FirstDraw">The unit's first draw among those taken together.</param>
    private sealed record Destination(PairAccumulator[] Sums, IReadOnlyList<double[][]>? Traces, int Unit, int FirstDraw);

    /// <summary>One component's draw: X, X_ρ and the gradients at ±X.</summary>
    private sealed class GaussianPoint : IDisposable
    {
        /// <summary>The buffers of the component's dimension that it holds.</summary>
        public const int Buffers = 6;

        private readonly AlignedBuffer<float> _origin;
        private readonly AlignedBuffer<float> _first;
        private readonly AlignedBuffer<float> _second;
        private readonly AlignedBuffer<float> _weights;
        private readonly AlignedBuffer<float>[] _gradients;
        private readonly int _place;
        private readonly PhiloxKey _key;
        private readonly PhiloxStream _uniform;
        private readonly float _deviation;
        private readonly double _contraction;
        private readonly double _rate;
        private float _correlation;

        public GaussianPoint(IRestrictedGroup group, int place, SamplingOptions options)
        {
            int dimension = group.Components[place].Restriction.Dimension;
            _place = place;
            _origin = new AlignedBuffer<float>(dimension);
            _first = new AlignedBuffer<float>(dimension);
            _second = new AlignedBuffer<float>(dimension);
            _weights = new AlignedBuffer<float>(dimension);
            _gradients = [new AlignedBuffer<float>(dimension), new AlignedBuffer<float>(dimension)];
            _key = PhiloxKey.Derive(options.ChainSeed, RandomPurpose.GaussianDraws, group.Components[place].Name);
            _uniform = new PhiloxStream(
                PhiloxKey.Derive(options.ChainSeed, RandomPurpose.GaussianDraws, group.Components[place].Name, chain: 1)
            );
            _deviation = (float)(options.LocalizationDistance(dimension)!.Value / Math.Sqrt(dimension));
            _rate = options.Localization + options.WeightDecay;
            _contraction = 1 - (options.StepSize * options.LargestPreconditioner * _rate / 2);
            group.CopyOrigin(place, _origin.Span);

            // A prior around 0 pulls the mean to w*·γ/(γ + δ).
            float share = (float)(options.Localization / (options.Localization + options.WeightDecay));
            for (int i = 0; i < dimension && share < 1; i++)
            {
                _origin.Span[i] *= share;
            }
        }

        /// <summary>Goes to the next pair of draws.</summary>
        public void Move(int pair, Kernels kernels)
        {
            kernels.FillGaussian(_key, 2L * pair, 0, _first.Span);
            kernels.FillGaussian(_key, (2L * pair) + 1, 0, _second.Span);
            _uniform.Restart((ulong)pair);
            _correlation = (float)Correlation(_uniform.NextDouble());
        }

        /// <summary>
        /// ρ from a uniform number: a^(k+1) with geometric k; where a step reaches across w* or beyond, a ≤ 0, the next update's alone.
        /// </summary>
        private double Correlation(double uniform)
        {
            double updates = _contraction > 0 ? Math.Floor(Math.Log(1 - uniform) / Math.Log(_contraction)) : 0;
            return Math.Clamp(Math.Pow(Math.Max(_contraction, 0), updates + 1), 0, 1);
        }

        /// <summary>Where ∇P is wanted: at X, or −X.</summary>
        public SurfacePoint GradientPoint(int sign)
        {
            for (int i = 0; i < _weights.Length; i++)
            {
                _weights.Span[i] = _origin.Span[i] + (sign * _deviation * _first.Span[i]);
            }

            return new SurfacePoint(_place, _weights, _gradients[sign > 0 ? 0 : 1]);
        }

        /// <summary>X_ρ − (s/κ)·∇P(X), or the same with the other sign of X and X'.</summary>
        public ReadOnlySpan<float> Vector(int sign, double strength)
        {
            float rest = MathF.Sqrt(1 - (_correlation * _correlation));
            float shift = (float)(strength / _rate);
            Span<float> gradient = _gradients[sign > 0 ? 0 : 1].Span;
            for (int i = 0; i < _weights.Length; i++)
            {
                float x = (_correlation * _first.Span[i]) + (rest * _second.Span[i]);
                float place = _origin.Span[i] + (sign * _deviation * x);
                _weights.Span[i] = strength == 0 ? place : place - (shift * gradient[i]);
            }

            return _weights.Span;
        }

        public void Dispose()
        {
            _origin.Dispose();
            _first.Dispose();
            _second.Dispose();
            _weights.Dispose();
            Array.ForEach(_gradients, gradient => gradient.Dispose());
        }
    }
}
