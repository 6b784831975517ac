using System.Globalization;
using System.Text;
using Curie.Numerics;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Validation;

/// <summary>L = ½wᵀHw, an observable P = bᵀw + ½wᵀBw and data e = cᵀw + ½wᵀDw, all matrices row by row.</summary>
public sealed record QuadraticResponse
{
    /// <summary>H, symmetric.</summary>
    public required IReadOnlyList<double> Hessian { get; init; }

    /// <summary>b; empty for 0.</summary>
    public IReadOnlyList<double> Slope { get; init; } = [];

    /// <summary>B, symmetric; empty for 0.</summary>
    public IReadOnlyList<double> Curvature { get; init; } = [];

    /// <summary>c; empty for 0.</summary>
    public IReadOnlyList<double> DataSlope { get; init; } = [];

    /// <summary>D, symmetric; empty for 0.</summary>
    public IReadOnlyList<double> DataCurvature { get; init; } = [];

    /// <summary>The weights that move, from 0; all by default, the others stay at 0.</summary>
    public IReadOnlyList<int> Moving
    {
        get => field.Count > 0 ? field : [.. Enumerable.Range(0, Dimension)];
        init;
    } = [];

    /// <summary>ν, the variance of noise on each element of the loss's gradient, as of a minibatch.</summary>
    public double GradientNoise { get; init; }

    /// <summary>The variance of noise on each element of the observable's gradient, as of one that is estimated from a few rows.</summary>
    public double ObservableNoise { get; init; }

    /// <summary>σ, the factor on the noise of an update.</summary>
    public double NoiseLevel { get; init; } = 1;

    internal QuadraticObservable RestrictedObservable => Restricted(Slope, Curvature);

    internal QuadraticObservable RestrictedData => Restricted(DataSlope, DataCurvature);

    private int Dimension => (int)Math.Round(Math.Sqrt(Hessian.Count));

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new($"H {Text(Hessian)}, P {Text(Slope)}; {Text(Curvature)}, e {Text(DataSlope)}; {Text(DataCurvature)}");
        if (Moving.Count < Dimension)
        {
            text.Append(CultureInfo.InvariantCulture, $", moving {string.Join(',', Moving)}");
        }

        Append("gradient noise", GradientNoise, 0);
        Append("observable noise", ObservableNoise, 0);
        Append("σ", NoiseLevel, 1);
        return text.ToString();

        void Append(string name, double value, double usual)
        {
            if (value != usual)
            {
                text.Append(CultureInfo.InvariantCulture, $", {name} {value}");
            }
        }
    }

    /// <summary>The rows and columns of a matrix that belong to weights that move.</summary>
    internal double[] Restricted(IReadOnlyList<double> matrix) =>
        [.. Moving.SelectMany(i => Moving.Select(j => matrix.Count == 0 ? 0 : matrix[(i * Dimension) + j]))];

    /// <exception cref="InputException">A value is out of range, a matrix is not symmetric, or a length does not fit.</exception>
    internal void Validate()
    {
        int dimension = Dimension;
        if (Hessian.Count == 0 || dimension * dimension != Hessian.Count)
        {
            throw new InputException(
                $"a Hessian is a square matrix of numbers, and {Hessian.Count} values are given: write it row by row, as 2,1,1,2."
            );
        }

        RequireMatrix("the Hessian", Hessian);
        RequireMatrix("the observable's curvature", Curvature);
        RequireMatrix("the data's curvature", DataCurvature);
        RequireVector("the observable's slope", Slope);
        RequireVector("the data's slope", DataSlope);
        if (Moving.Distinct().Count() != Moving.Count || Moving.Any(weight => weight < 0 || weight >= dimension))
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the weights that move are {string.Join(',', Moving)}, and there are {dimension}, counted from 0: give each at most "
                        + $"once."
                )
            );
        }

        if (
            !(GradientNoise >= 0 && ObservableNoise >= 0 && NoiseLevel > 0 && double.IsFinite(GradientNoise + ObservableNoise + NoiseLevel))
        )
        {
            throw new InputException(
                "noise on gradients has a variance of at least 0, and the noise of an update a factor above 0: give such numbers."
            );
        }

        if (IsZero(RestrictedObservable) || IsZero(RestrictedData))
        {
            throw new InputException(
                "an observable that is 0 responds to nothing: give a slope or a curvature, of the observable and of the data, in a "
                    + "weight that moves."
            );
        }
    }

    private static bool IsZero(QuadraticObservable observable) =>
        observable.Slope.IndexOfAnyExcept(0.0) < 0 && observable.Curvature.IndexOfAnyExcept(0.0) < 0;

    private static string Text(IReadOnlyList<double> values) =>
        values.Count == 0 ? "0" : string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture)));

    private QuadraticObservable Restricted(IReadOnlyList<double> slope, IReadOnlyList<double> curvature) =>
        new([.. Moving.Select(i => slope.Count == 0 ? 0 : slope[i])], Restricted(curvature));

    private void RequireMatrix(string name, IReadOnlyList<double> matrix)
    {
        int dimension = Dimension;
        if (matrix.Count != 0 && matrix.Count != Hessian.Count)
        {
            throw new InputException(
                $"{name} has {Counted.Of(matrix.Count, "value")}, and the Hessian {Hessian.Count}: give as many, row by row."
            );
        }

        for (int i = 0; i < matrix.Count; i++)
        {
            if (!double.IsFinite(matrix[i]) || matrix[i] != matrix[(i % dimension * dimension) + (i / dimension)])
            {
                throw new InputException(
                    $"{name} is a symmetric matrix of numbers, and this one is not: give the same value on both sides of the diagonal."
                );
            }
        }
    }

    private void RequireVector(string name, IReadOnlyList<double> vector)
    {
        if (vector.Count != 0 && (vector.Count != Dimension || vector.Any(value => !double.IsFinite(value))))
        {
            throw new InputException(
                $"{name} has {Counted.Of(vector.Count, "value")}, and there {Counted.Word(Dimension, "is", "are")} "
                    + $"{Counted.Of(Dimension, "weight")}: give one number for each."
            );
        }
    }
}
