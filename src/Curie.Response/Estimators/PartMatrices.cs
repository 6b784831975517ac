using System.Numerics;
using Curie.Response.Accumulation;

namespace Curie.Response.Estimators;

/// <summary>
/// The parts that a run holds with their standard errors, components × columns, row-major; a column is a token or a probe.
/// </summary>
/// <typeparam name="T">float for tokens, double for probes.</typeparam>
public sealed class PartMatrices<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly T[]?[] _values;
    private readonly T[]?[] _standardErrors;

    /// <summary>Matrices of zeros.</summary>
    /// <param name="rows">The number of components.</param>
    /// <param name="columns">The number of tokens or probes.</param>
    /// <param name="parts">The parts that are held; null for all.</param>
    public PartMatrices(int rows, int columns, IReadOnlyList<ResponsePart>? parts = null)
    {
        Rows = rows;
        Columns = columns;
        Parts = parts ?? ResponsePart.All;
        _values = [.. ResponsePart.All.Select(part => Parts.Contains(part) ? new T[checked(rows * columns)] : null)];
        _standardErrors = [.. ResponsePart.All.Select(part => Parts.Contains(part) ? new T[checked(rows * columns)] : null)];
    }

    /// <summary>The parts that are held.</summary>
    public IReadOnlyList<ResponsePart> Parts { get; }

    /// <summary>The number of components.</summary>
    public int Rows { get; }

    /// <summary>The number of tokens or probes.</summary>
    public int Columns { get; }

    /// <summary>A part; element (component, column) is at component·<see cref="Columns"/> + column.</summary>
    /// <exception cref="ArgumentException">The part is not held.</exception>
    public T[] Values(ResponsePart part) => _values[part.Index] ?? throw Missing(part);

    /// <summary>The standard errors of a part, laid out as <see cref="Values"/>.</summary>
    /// <exception cref="ArgumentException">The part is not held.</exception>
    public T[] StandardErrors(ResponsePart part) => _standardErrors[part.Index] ?? throw Missing(part);

    /// <summary>Fills the row of a component.</summary>
    /// <exception cref="ArgumentException">The estimates hold another number of columns.</exception>
    public void SetRow(int row, SusceptibilityEstimates estimates)
    {
        ArgumentNullException.ThrowIfNull(estimates);
        foreach (ResponsePart part in Parts)
        {
            Fill(Values(part).AsSpan(row * Columns, Columns), estimates.Values(part));
            Fill(StandardErrors(part).AsSpan(row * Columns, Columns), estimates.StandardErrors(part));
        }
    }

    /// <summary>Estimates the parts of a component into its row, token by token and with no memory besides.</summary>
    /// <param name="row">The component's row.</param>
    /// <param name="component">Its sums, one column each.</param>
    /// <param name="full">F of the same columns.</param>
    /// <exception cref="ArgumentException">The sums hold another number of columns.</exception>
    /// <exception cref="Numerics.InputException">The healthy chains hold fewer than two batches.</exception>
    public void SetRow(int row, TokenMoments component, FullShift full)
    {
        ArgumentNullException.ThrowIfNull(component);
        ArgumentNullException.ThrowIfNull(full);
        if (component.Tokens != Columns || full.Tokens != Columns)
        {
            throw new ArgumentException(
                $"{component.Tokens} tokens and {full.Tokens} of full do not fit a row of {Columns}.",
                nameof(component)
            );
        }

        BatchCovariance batches = new(component);
        Span<double> values = stackalloc double[_values.Length];
        Span<double> errors = stackalloc double[_values.Length];
        for (int i = 0; i < Columns; i++)
        {
            SusceptibilityEstimates.Estimate(i, component, batches, full, values, errors);
            foreach (ResponsePart part in Parts)
            {
                Values(part)[(row * Columns) + i] = T.CreateTruncating(values[part.Index]);
                StandardErrors(part)[(row * Columns) + i] = T.CreateTruncating(errors[part.Index]);
            }
        }
    }

    /// <summary>Fills the row of a component that has no estimate, in every part that is held.</summary>
    public void FillRow(int row, T value)
    {
        foreach (ResponsePart part in Parts)
        {
            Values(part).AsSpan(row * Columns, Columns).Fill(value);
            StandardErrors(part).AsSpan(row * Columns, Columns).Fill(value);
        }
    }

    private static ArgumentException Missing(ResponsePart part) => new($"There is no {part.Name} in these matrices.", nameof(part));

    private static void Fill(Span<T> row, ReadOnlySpan<double> estimates)
    {
        if (estimates.Length != row.Length)
        {
            throw new ArgumentException($"{estimates.Length} estimates do not fit a row of {row.Length}.", nameof(estimates));
        }

        for (int i = 0; i < row.Length; i++)
        {
            row[i] = T.CreateTruncating(estimates[i]);
        }
    }
}
