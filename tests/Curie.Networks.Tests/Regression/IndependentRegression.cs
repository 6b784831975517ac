using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Regression;

namespace Curie.Networks.Tests.Regression;

/// <summary>
/// The regression transformer written out in float64, one position and one sum at a time, from the equations alone: the truth that
/// predictions and, by
/// central differences, gradients are compared with.
/// </summary>
internal sealed class IndependentRegression
{
    private readonly RegressionTask _task;
    private readonly TransformerConfig _shape;
    private readonly Dictionary<string, double[]> _weights = [];

    private readonly bool _double;

    public IndependentRegression(ParameterSet model, bool doubleResidual)
    {
        _shape = model.Layout.Config;
        _task = RegressionTask.Of(_shape);
        _double = doubleResidual;
        foreach (ParameterTensor tensor in model.Layout.Tensors)
        {
            _weights[tensor.Name] = Array.ConvertAll(model[tensor].ToArray(), value => (double)value);
        }
    }

    /// <summary>The weights of a tensor, to be changed at will.</summary>
    public double[] this[string tensor] => _weights[tensor];

    /// <summary>ŷ of every example of one sequence.</summary>
    public double[] Predict(double[][] inputs, double[] targets)
    {
        double[][] x = [.. Enumerable.Range(0, _task.Tokens).Select(t => Embed(inputs, targets, t))];
        for (int layer = 0; layer < _shape.Layers; layer++)
        {
            string block = $"blocks.{layer}.";
            double[][] normalized = [.. x.Select(row => Normalize(row, _weights[block + "ln1.w"], _weights[block + "ln1.b"]))];
            double[][] next = new double[x.Length][];
            for (int t = 0; t < x.Length; t++)
            {
                double[] mid = [.. x[t].Zip(Attend(block, normalized, t), (a, b) => a + b)];
                double[] mlp = Mlp(block, Normalize(mid, _weights[block + "ln2.w"], _weights[block + "ln2.b"]));
                next[t] = [.. Enumerable.Range(0, mid.Length).Select(i => mid[i] + mlp[i] + (_double ? x[t][i] : 0))];
            }

            x = next;
        }

        return [.. Enumerable.Range(0, _task.Examples).Select(k => Output(x[2 * k]))];
    }

    /// <summary>The mean squared error over all examples of a batch.</summary>
    public double Loss(RegressionBatch batch)
    {
        double sum = 0;
        for (int s = 0; s < batch.Count; s++)
        {
            double[] targets = Array.ConvertAll(batch.Targets(s).ToArray(), value => (double)value);
            double[] predictions = Predict(Inputs(batch, s), targets);
            sum += predictions.Zip(targets, (a, b) => (a - b) * (a - b)).Sum();
        }

        return sum / (batch.Count * batch.Examples);
    }

    public static double[][] Inputs(RegressionBatch batch, int sequence) =>
        [
            .. Enumerable
                .Range(0, batch.Examples)
                .Select(k => Array.ConvertAll(batch.Inputs(sequence).Row(k).ToArray(), value => (double)value)),
        ];

    private double[] Embed(double[][] inputs, double[] targets, int t)
    {
        double[] token = new double[_task.Dimension + 1];
        if (t % 2 == 0)
        {
            inputs[t / 2].CopyTo(token, 1);
        }
        else
        {
            token[0] = targets[t / 2];
        }

        int d = _shape.ModelWidth;
        return Linear(token, _weights["embed.W_E"], 0, _weights["pos_embed.W_pos"].AsSpan(t * d, d));
    }

    private double[] Attend(string block, double[][] rows, int t)
    {
        (int d, int e) = (_shape.ModelWidth, _shape.HeadWidth);
        double[] sum = new double[d];
        double[] zeros = new double[Math.Max(d, e)];
        for (int head = 0; head < _shape.Heads; head++)
        {
            double[] Make(string name, double[] row) => Linear(row, _weights[block + name], head * d * e, zeros.AsSpan(0, e));
            double[] query = Make("attn.W_Q", rows[t]);
            double[] scores = [.. rows.Take(t + 1).Select(row => Dot(Make("attn.W_K", row), query) / Math.Sqrt(e))];
            double largest = scores.Max();
            double[] shares = [.. scores.Select(score => Math.Exp(score - largest))];
            double total = shares.Sum();
            double[] z = new double[e];
            for (int j = 0; j <= t; j++)
            {
                double[] value = Make("attn.W_V", rows[j]);
                for (int c = 0; c < e; c++)
                {
                    z[c] += shares[j] / total * value[c];
                }
            }

            double[] mixed = Linear(z, _weights[block + "attn.W_O"], head * e * d, zeros.AsSpan(0, d));
            for (int i = 0; i < d; i++)
            {
                sum[i] += mixed[i];
            }
        }

        return sum;
    }

    private double[] Mlp(string block, double[] row)
    {
        double[] hidden = Linear(row, _weights[block + "mlp.W_in"], 0, _weights[block + "mlp.b_in"]);
        return Linear([.. hidden.Select(value => Math.Max(value, 0))], _weights[block + "mlp.W_out"], 0, _weights[block + "mlp.b_out"]);
    }

    private double Output(double[] row) =>
        Linear(Normalize(row, _weights["ln_final.w"], _weights["ln_final.b"]), _weights["unembed.W_U"], 0, _weights["unembed.b_U"])[0];

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>row·M + bias, M row-major from an offset on.</summary>
    private static double[] Linear(double[] row, double[] matrix, int offset, ReadOnlySpan<double> bias)
    {
        double[] result = bias.ToArray();
        for (int i = 0; i < row.Length; i++)
        {
            for (int j = 0; j < result.Length; j++)
            {
                result[j] += row[i] * matrix[offset + (i * result.Length) + j];
            }
        }

        return result;
    }

    private double[] Normalize(double[] row, double[] weight, double[] bias)
    {
        double mean = row.Average();
        double scale = Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + _shape.Epsilon);
        return [.. row.Select((value, i) => ((value - mean) / scale * weight[i]) + bias[i])];
    }
}
