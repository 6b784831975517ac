using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Numerics.Memory;

namespace Curie.Development.Scores;

/// <summary>
/// How much an earlier head's output lies in what a later head reads (Elhage et al. 2021, as TransformerLens computes it): ‖A·B‖/(‖A‖·‖B‖),
/// Frobenius norms,
/// A = W_V·W_O of the earlier head, B = W_K·W_Qᵀ (K), W_Q·W_Kᵀ (Q) or W_V·W_O (V) of the later. About 1/√d_model for unrelated random
/// weights. Heads that share keys and values have those of their group. Norms, and rotary positions, are left out of it: with these B is
/// what stands between a token and itself.
/// </summary>
/// <remarks>
/// Both are products of rank e, A = V·O and B = R·Sᵀ, so nothing of d × d is made: ‖A·B‖² = tr(VᵀV·M·SᵀS·Mᵀ) with M = O·R, and
/// ‖A‖² = tr(VᵀV·OOᵀ), all e × e, in float64.
/// </remarks>
public static class Composition
{
    /// <summary>The K-, Q- and V-composition of every head with every head of a later layer.</summary>
    public static IEnumerable<ModelScore> Of(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        TransformerConfig config = parameters.Layout.Config;
        Factors[] heads =
        [
            .. Enumerable
                .Range(0, config.Layers * config.Heads)
                .Select(head => new Factors(parameters, head / config.Heads, head % config.Heads)),
        ];
        for (int from = 0; from < heads.Length; from++)
        {
            for (int to = (from / config.Heads * config.Heads) + config.Heads; to < heads.Length; to++)
            {
                string pair = $"{Name(from)}>{Name(to)}";
                yield return new ModelScore(pair, "k_composition", heads[from].Onto(heads[to].Key, heads[to].Query), null);
                yield return new ModelScore(pair, "q_composition", heads[from].Onto(heads[to].Query, heads[to].Key), null);
                yield return new ModelScore(pair, "v_composition", heads[from].Onto(heads[to].Value, heads[to].OutputTransposed), null);
            }
        }

        string Name(int head) => $"l{head / config.Heads}h{head % config.Heads}";
    }

    /// <summary>The matrices of a head in float64, each d × e.</summary>
    private sealed class Factors(ParameterSet parameters, int layer, int head)
    {
        private readonly BlockTensors _block = parameters.Layout.Blocks[layer];
        private readonly int _group = head / parameters.Layout.Config.HeadsPerGroup;

        public double[,] Query => Matrix(_block.Query, head);

        public double[,] Key => Matrix(_block.Key, _group);

        public double[,] Value => Matrix(_block.Value, _group);

        public double[,] OutputTransposed => Transposed(Matrix(_block.Output, head));

        /// <summary>The composition with R·Sᵀ.</summary>
        public double Onto(double[,] r, double[,] s)
        {
            double[,] value = Gram(Value, Value);
            double[,] product = Gram(OutputTransposed, r);
            double[,] right = Gram(s, s);
            double both = Trace(Multiply(value, product), Multiply(product, right));
            double first = Trace(value, Gram(OutputTransposed, OutputTransposed));
            double second = Trace(Gram(r, r), right);
            return Math.Sqrt(both / (first * second));
        }

        private double[,] Matrix(ParameterTensor tensor, int slice)
        {
            MatrixView view = parameters.Slice(tensor, slice);
            double[,] matrix = new double[view.Rows, view.Columns];
            for (int i = 0; i < view.Rows; i++)
            {
                for (int j = 0; j < view.Columns; j++)
                {
                    matrix[i, j] = view.Row(i)[j];
                }
            }

            return matrix;
        }

        private static double[,] Transposed(double[,] x)
        {
            double[,] y = new double[x.GetLength(1), x.GetLength(0)];
            for (int i = 0; i < x.GetLength(0); i++)
            {
                for (int j = 0; j < x.GetLength(1); j++)
                {
                    y[j, i] = x[i, j];
                }
            }

            return y;
        }

        /// <summary>xᵀ·y.</summary>
        private static double[,] Gram(double[,] x, double[,] y) => Multiply(Transposed(x), y);

        private static double[,] Multiply(double[,] x, double[,] y)
        {
            double[,] product = new double[x.GetLength(0), y.GetLength(1)];
            for (int i = 0; i < x.GetLength(0); i++)
            {
                for (int k = 0; k < x.GetLength(1); k++)
                {
                    for (int j = 0; j < y.GetLength(1); j++)
                    {
                        product[i, j] += x[i, k] * y[k, j];
                    }
                }
            }

            return product;
        }

        /// <summary>Σ_ij x_ij·y_ij = tr(x·yᵀ).</summary>
        private static double Trace(double[,] x, double[,] y)
        {
            double sum = 0;
            for (int i = 0; i < x.GetLength(0); i++)
            {
                for (int j = 0; j < x.GetLength(1); j++)
                {
                    sum += x[i, j] * y[i, j];
                }
            }

            return sum;
        }
    }
}
