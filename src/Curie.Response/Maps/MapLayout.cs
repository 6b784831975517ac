using Curie.Numerics.Random;

namespace Curie.Response.Maps;

/// <summary>
/// UMAP's layout in the plane (McInnes, Healy and Melville 2018): edges pull with the gradient of log q and random other points push with
/// that of log(1 − q),
/// q = 1/(1 + a·d^2b), by stochastic gradient descent whose step falls to 0. Edges are visited in order, strong ones in every epoch and
/// others in proportion,
/// with random numbers of one stream, so the same graph gives the same map to the bit.
/// </summary>
internal static class MapLayout
{
    // The curve that UMAP fits to a least distance of 0.1 and a spread of 1.
    private const double A = 1.576943460405378;
    private const double B = 0.8950608781227859;
    private const int Epochs = 200;
    private const int Pushes = 5;
    private const double LargestStep = 4;

    /// <summary>Lays out a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="start">Where the points begin, points × 2; scaled to a width of 20.</param>
    /// <param name="seed">The seed of the pushes.</param>
    /// <returns>points × 2 coordinates.</returns>
    public static double[][] Of(FuzzyGraph graph, double[][] start, long seed)
    {
        PhiloxStream random = new(PhiloxKey.Derive(seed, RandomPurpose.Bootstrap, "map"));
        double[][] points = Scaled(start, random);
        double strongest = graph.Edges.Select(edge => edge.Weight).DefaultIfEmpty(1).Max();
        double[] due = [.. graph.Edges.Select(edge => strongest / edge.Weight)];
        for (int epoch = 1; epoch <= Epochs; epoch++)
        {
            double rate = 1 - ((epoch - 1.0) / Epochs);
            for (int e = 0; e < due.Length; e++)
            {
                (int first, int second, double weight) = graph.Edges[e];
                if (due[e] > epoch)
                {
                    continue;
                }

                due[e] += strongest / weight;
                Pull(points[first], points[second], rate);
                for (int push = 0; push < Pushes; push++)
                {
                    int other = random.NextInt32(points.Length);
                    if (other != first)
                    {
                        Push(points[first], points[other], rate);
                    }
                }
            }
        }

        return points;
    }

    private static double[][] Scaled(double[][] start, PhiloxStream random)
    {
        double largest = start.SelectMany(point => point).Select(Math.Abs).DefaultIfEmpty(0).Max();
        double scale = largest > 0 ? 10 / largest : 0;

        // Points that coincide have no direction to be pushed in.
        return
        [
            .. start.Select(point =>
                new[] { (scale * point[0]) + (1e-4 * random.NextGaussian()), (scale * point[1]) + (1e-4 * random.NextGaussian()) }
            ),
        ];
    }

    private static void Pull(double[] first, double[] second, double rate)
    {
        double square = Square(first, second);
        if (square <= 0)
        {
            return;
        }

        double factor = -2 * A * B * Math.Pow(square, B - 1) / (1 + (A * Math.Pow(square, B)));
        for (int d = 0; d < 2; d++)
        {
            double step = rate * Math.Clamp(factor * (first[d] - second[d]), -LargestStep, LargestStep);
            first[d] += step;
            second[d] -= step;
        }
    }

    private static void Push(double[] first, double[] other, double rate)
    {
        double square = Square(first, other);
        double factor = 2 * B / ((0.001 + square) * (1 + (A * Math.Pow(square, B))));
        for (int d = 0; d < 2; d++)
        {
            first[d] += rate * Math.Clamp(factor * (first[d] - other[d]), -LargestStep, LargestStep);
        }
    }

    private static double Square(double[] x, double[] y) => ((x[0] - y[0]) * (x[0] - y[0])) + ((x[1] - y[1]) * (x[1] - y[1]));
}
