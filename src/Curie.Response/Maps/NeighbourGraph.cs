namespace Curie.Response.Maps;

/// <summary>The k nearest neighbours of every point by Euclidean distance, exact; of equal distances the lower index comes first.</summary>
/// <param name="Neighbours">points × k indices, nearest first; a point is not its own neighbour.</param>
/// <param name="Distances">points × k distances.</param>
public sealed record NeighbourGraph(int[][] Neighbours, float[][] Distances)
{
    /// <summary>Finds neighbours.</summary>
    /// <param name="points">points × dimensions.</param>
    /// <param name="count">k; fewer where there are fewer points.</param>
    public static NeighbourGraph Of(IReadOnlyList<float[]> points, int count)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int k = Math.Min(count, points.Count - 1);
        int[][] neighbours = new int[points.Count][];
        float[][] distances = new float[points.Count][];
        for (int i = 0; i < points.Count; i++)
        {
            (neighbours[i], distances[i]) = Nearest(points, i, k);
        }

        return new NeighbourGraph(neighbours, distances);
    }

    private static (int[] Neighbours, float[] Distances) Nearest(IReadOnlyList<float[]> points, int point, int k)
    {
        int[] found = new int[k];
        float[] squares = new float[k];
        int filled = 0;
        for (int j = 0; j < points.Count; j++)
        {
            if (j == point)
            {
                continue;
            }

            float square = Square(points[point], points[j]);
            if (filled == k && (k == 0 || square >= squares[k - 1]))
            {
                continue;
            }

            int place = filled < k ? filled++ : k - 1;
            while (place > 0 && squares[place - 1] > square)
            {
                (squares[place], found[place]) = (squares[place - 1], found[place - 1]);
                place--;
            }

            (squares[place], found[place]) = (square, j);
        }

        return (found, Array.ConvertAll(squares, MathF.Sqrt));
    }

    private static float Square(float[] x, float[] y)
    {
        float sum = 0;
        for (int d = 0; d < x.Length; d++)
        {
            float difference = x[d] - y[d];
            sum += difference * difference;
        }

        return sum;
    }
}
