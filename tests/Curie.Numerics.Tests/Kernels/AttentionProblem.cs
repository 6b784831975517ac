using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using KernelSet = Curie.Numerics.Kernels.Kernels;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>One attention head on random operands, with bounds of what float32 rounding can do to it.</summary>
internal sealed class AttentionProblem : IDisposable
{
    private const double U = KernelsUnderTest.UnitRoundoff;
    private readonly int _length;
    private readonly int _e;
    private readonly AttentionSpan _span;

    public AttentionProblem(int length, int e, AttentionSpan span = default)
    {
        _span = span;
        _length = length;
        _e = e;
        Scale = (float)(1 / Math.Sqrt(e));
        Q = Operand.Gaussian(length, e, 1, gap: 3);
        K = Operand.Gaussian(length, e, 2, gap: 0);
        V = Operand.Gaussian(length, e, 3, gap: 5);
        Upstream = Operand.Gaussian(length, e, 4, gap: 1);
        LogSumExpBound = ((e + 6) * LargestScore() * U) + ((length + 8) * U);
    }

    public Operand Q { get; }

    public Operand K { get; }

    public Operand V { get; }

    public Operand Upstream { get; }

    public float Scale { get; }

    /// <summary>
    /// A score is a sum of e products of a rounded scale·q: its error is at most (e + 2)u·Σ|scale·q·k|. exp adds 2 ulp and a sum over T
    /// keys
    /// at most T·u relative to the sum; the maximum subtracted and added again rounds twice at its magnitude.
    /// </summary>
    public double LogSumExpBound { get; }

    public AttentionResult Run(KernelSet kernels)
    {
        using var scratch = new Scratch();
        var result = new AttentionResult(_length, _e);
        Run(kernels, result, scratch);
        return result;
    }

    public void Run(KernelSet kernels, AttentionResult result, Scratch scratch)
    {
        kernels.AttentionForward(Q.View, K.View, V.View, Scale, result.Z.View, result.LogSumExp.View.Row(0), scratch, _span);
        kernels.AttentionBackward(
            Q.View,
            K.View,
            V.View,
            result.Z.View,
            result.LogSumExp.View.Row(0),
            Scale,
            Upstream.View,
            result.QueryGradient.View,
            result.KeyGradient.View,
            result.ValueGradient.View,
            scratch,
            _span
        );
    }

    /// <summary>Σ dz·z of the reference forward with one input moved along a direction.</summary>
    public double Along(Operand input, Operand origin, Operand direction, float step)
    {
        for (int i = 0; i < _length; i++)
        {
            for (int c = 0; c < _e; c++)
            {
                input.View.Row(i)[c] = origin.View.Row(i)[c] + (step * direction.View.Row(i)[c]);
            }
        }

        using var scratch = new Scratch();
        using var z = new Operand(_length, _e);
        KernelsUnderTest.Reference.AttentionForward(Q.View, K.View, V.View, Scale, z.View, new float[_length], scratch, _span);
        double sum = 0;
        for (int i = 0; i < _length; i++)
        {
            for (int c = 0; c < _e; c++)
            {
                sum += (double)z.View.Row(i)[c] * Upstream.View.Row(i)[c];
            }
        }

        return sum;
    }

    /// <summary>
    /// Each weight a_ij has a relative error of at most ρ (twice that of a score, for the score and the normaliser); the sum adds T·u.
    /// </summary>
    public double[,] ForwardBound()
    {
        var bound = new double[_length, _e];
        double relative = RelativeBound() + ((_length + 4) * U);
        for (int i = 0; i < _length; i++)
        {
            double[] a = Weights(i);
            for (int c = 0; c < _e; c++)
            {
                for (int j = First(i); j < End(i); j++)
                {
                    bound[i, c] += relative * a[j] * Math.Abs(V.View.Row(j)[c]);
                }
            }
        }

        return bound;
    }

    /// <summary>
    /// With A_ij = Σ|dz_i·v_j| and B_i = Σ_j a_ij A_ij, |ds_ij| ≤ a_ij(A_ij + B_i), and each of the rounded steps that lead to it (weights,
    /// two dot products of e terms, z itself, the difference and the product) errs by at most its share of that magnitude.
    /// </summary>
    public (double[,] Dq, double[,] Dk, double[,] Dv) BackwardBound()
    {
        var dq = new double[_length, _e];
        var dk = new double[_length, _e];
        var dv = new double[_length, _e];
        double relative = (2 * RelativeBound()) + (((2 * _length) + (2 * _e) + 12) * U);
        for (int i = 0; i < _length; i++)
        {
            double[] a = Weights(i);
            var magnitude = new double[_length];
            double mean = 0;
            for (int j = First(i); j < End(i); j++)
            {
                for (int c = 0; c < _e; c++)
                {
                    magnitude[j] += Math.Abs((double)Upstream.View.Row(i)[c] * V.View.Row(j)[c]);
                }

                mean += a[j] * magnitude[j];
            }

            for (int j = First(i); j < End(i); j++)
            {
                double ds = relative * a[j] * (magnitude[j] + mean);
                for (int c = 0; c < _e; c++)
                {
                    dq[i, c] += Scale * ds * Math.Abs(K.View.Row(j)[c]);
                    dk[j, c] += Scale * ds * Math.Abs(Q.View.Row(i)[c]);
                    dv[j, c] += relative * a[j] * Math.Abs(Upstream.View.Row(i)[c]);
                }
            }
        }

        return (dq, dk, dv);
    }

    public void Dispose()
    {
        Q.Dispose();
        K.Dispose();
        V.Dispose();
        Upstream.Dispose();
    }

    /// <summary>
    /// ρ: scores and the normaliser, plus 2 ulp for each exponential and 3 roundings of the normaliser's logarithm at its magnitude.
    /// </summary>
    private double RelativeBound() => 2 * (((_e + 6) * LargestScore() * U) + (8 * U) + (_length * U));

    /// <summary>The largest Σ|scale·q·k|, and at least log T, the magnitude of a log-sum-exp of small scores.</summary>
    private double LargestScore()
    {
        double largest = Math.Log(_length);
        for (int i = 0; i < _length; i++)
        {
            for (int j = First(i); j < End(i); j++)
            {
                double sum = 0;
                for (int c = 0; c < _e; c++)
                {
                    sum += Math.Abs(Scale * Q.View.Row(i)[c] * K.View.Row(j)[c]);
                }

                largest = Math.Max(largest, sum);
            }
        }

        return largest;
    }

    private int First(int i) => _span.First(i);

    private int End(int i) => _span.End(i, _length);

    /// <summary>The attention of a position in float64, 0 for keys that it does not see.</summary>
    private double[] Weights(int i)
    {
        var weights = new double[_length];
        double largest = double.NegativeInfinity;
        for (int j = First(i); j < End(i); j++)
        {
            for (int c = 0; c < _e; c++)
            {
                weights[j] += (double)Scale * Q.View.Row(i)[c] * K.View.Row(j)[c];
            }

            largest = Math.Max(largest, weights[j]);
        }

        double normalizer = 0;
        for (int j = First(i); j < End(i); j++)
        {
            weights[j] = Math.Exp(weights[j] - largest);
            normalizer += weights[j];
        }

        return Array.ConvertAll(weights, weight => weight / normalizer);
    }
}
