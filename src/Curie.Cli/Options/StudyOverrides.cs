using System.CommandLine;
using Curie.Studies.Configuration;

namespace Curie.Cli.Options;

/// <summary>The <c>llc</c> section's settings as options of a command line; what is given takes the place of the section's value.</summary>
internal sealed class StudyOverrides
{
    private readonly Option<int?> _every = SamplingOverrides.Whole("--every", "Take every N-th checkpoint, and the last; 1 by default.", 1);

    private readonly Option<string[]> _on = new("--on")
    {
        Description =
            "Measure on these rows too: their loss defines a posterior of its own (data-refined coefficients). Repeat it for several.",
        HelpName = "NAME=ROWS.npy",
    };

    private readonly Option<string?> _against = new("--against")
    {
        Description =
            "A frozen model, a folder or a file, such as a one-layer one: the loss becomes the divergence between its next-token "
            + "distribution and the sampled model's (multigram coefficients).",
        HelpName = "PATH",
    };

    private readonly Option<string?> _divergence = new("--divergence")
    {
        Description = "With --against: forward, KL(frozen || sampled), which is the default, or reverse, KL(sampled || frozen).",
        HelpName = "DIRECTION",
    };

    private readonly Option<bool> _zeroFilled = new("--zero-filled-init-loss")
    {
        Description =
            "Take L0 as the published language-model curves do, from a buffer filled with zeros, to compare with them; coefficients come "
            + "out far too large.",
    };

    /// <summary>The options; the direction is checked as it is parsed.</summary>
    public StudyOverrides() => _divergence.AcceptOnlyFromAmong([.. ConfigurationWords.Divergences.Keys]);

    /// <summary>All of them, for a command.</summary>
    public IReadOnlyList<Option> Options => [_every, _on, _against, _divergence, _zeroFilled];

    /// <summary>A section with what the command line gives in its place.</summary>
    public StudyConfiguration Apply(ParseResult parsed, StudyConfiguration section) =>
        section with
        {
            Every = parsed.GetValue(_every) ?? section.Every,
            Data = parsed.GetValue(_on) is { Length: > 0 } rows ? [.. rows.Select(NamedData.Parse)] : section.Data,
            Against = parsed.GetValue(_against) ?? section.Against,
            Divergence = parsed.GetValue(_divergence) is { } direction ? ConfigurationWords.Divergences[direction] : section.Divergence,
            ZeroFilledInitLoss = parsed.GetValue(_zeroFilled) || section.ZeroFilledInitLoss,
        };
}
