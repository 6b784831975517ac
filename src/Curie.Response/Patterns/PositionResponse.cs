using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;

namespace Curie.Response.Patterns;

/// <summary>How a component responds to tokens with so much context before them.</summary>
/// <param name="Component">The component.</param>
/// <param name="First">The first position of the bin: a token at position t has t + 1 tokens before it.</param>
/// <param name="Last">The last.</param>
/// <param name="Tokens">The tokens of the bin.</param>
/// <param name="Mean">The mean of the part over them.</param>
/// <param name="StandardError">Its standard error over rows of text.</param>
/// <param name="Spread">The standard deviation of the part over these tokens: how strongly the component tells them apart.</param>
public sealed record PositionResponse(string Component, int First, int Last, int Tokens, double Mean, double StandardError, double Spread)
{
    /// <summary>Bins 0, 1, 2–3, 4–7, … of every component that varies.</summary>
    /// <param name="run">The run.</param>
    /// <param name="part">The part.</param>
    public static IReadOnlyList<PositionResponse> Of(SusceptibilityRun run, ResponsePart part)
    {
        ArgumentNullException.ThrowIfNull(run);
        TokenTable tokens = run.Data.Tokens;
        int last = tokens.Position.DefaultIfEmpty(0).Max();
        List<(int First, int Last)> bins = [(0, 0)];
        for (int first = 1; first <= last; first *= 2)
        {
            bins.Add((first, Math.Min(last, (2 * first) - 1)));
        }

        return
        [
            .. from component in ComponentTokens.Strongest(run, part).Order()
            from bin in bins
            let members = Array.ConvertAll(tokens.Position, position => position >= bin.First && position <= bin.Last)
            where members.Contains(true)
            select Bin(run, part, component, bin.First, bin.Last, members),
        ];
    }

    private static PositionResponse Bin(SusceptibilityRun run, ResponsePart part, int component, int first, int last, bool[] members)
    {
        int count = run.Data.Tokens.Count;
        ReadOnlySpan<float> values = run.Data.Response.Values(part).AsSpan(component * count, count);
        RowMean mean = RowMean.Of(values, members, run.Data.Tokens);
        double squares = 0;
        for (int i = 0; i < count; i++)
        {
            squares += members[i] ? (values[i] - mean.Mean) * (values[i] - mean.Mean) : 0;
        }

        return new PositionResponse(
            run.Manifest.Components[component],
            first,
            last,
            mean.Tokens,
            mean.Mean,
            mean.StandardError,
            Math.Sqrt(squares / mean.Tokens)
        );
    }
}
