using System.CommandLine;

namespace Curie.Cli.Configuration;

/// <summary>The <c>llc</c> section's settings as options of a command line; what is given takes the place of the section's value.</summary>
internal sealed class StudyOverrides
{
    private readonly Option<int?> _every = SamplingOverrides.Whole("--every", "Take every N-th checkpoint, and the last; 1 by default.", 1);

    private readonly Option<string[]> _on = new("--on")
    {
        Description = "Measure on these rows too: their loss defines a posterior of its own (data-refined coefficients). Repeat it for several.",
        HelpName = "NAME=ROWS.npy",
    };

    private readonly Option<bool> _zeroFilled = new("--zero-filled-init-loss")
    {
        Description = "Take L0 as the published language-model curves do, from a buffer filled with zeros, to compare with them; coefficients come out far too large.",
    };

    /// <summary>All of them, for a command.</summary>
    public IReadOnlyList<Option> Options => [_every, _on, _zeroFilled];

    /// <summary>A section with what the command line gives in its place.</summary>
    public StudyConfiguration Apply(ParseResult parsed, StudyConfiguration section) => section with
    {
        Every = parsed.GetValue(_every) ?? section.Every,
        Data = parsed.GetValue(_on) is { Length: > 0 } rows ? [.. rows.Select(NamedData.Parse)] : section.Data,
        ZeroFilledInitLoss = parsed.GetValue(_zeroFilled) || section.ZeroFilledInitLoss,
    };
}
