using Curie.Development.Effects;
using Curie.Development.Roles;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;

namespace Curie.Studies.Conclusions;

/// <summary>
/// What a conclusion is drawn from: a run, what its heads attend to, its control, and how the modes of its components go with roles, worked
/// out when first asked for and then kept.
/// </summary>
public sealed class RunFindings
{
    private const double Reliable = 0.5;

    // A loading above this share of the largest counts as one of the other sign.
    private const double Opposed = 0.25;
    private readonly Lazy<IReadOnlyList<ModeRole>> _modes;
    private readonly Lazy<string?> _group;
    private readonly Lazy<ControlVerdict?> _verdict;
    private readonly Dictionary<ResponsePart, InductionAgreement?> _agreements = [];
    private readonly Lazy<ModeRole?> _leading;

    /// <param name="run">The run; of chains, a scan or a control.</param>
    /// <param name="roles">What its model's heads attend to; null where that is not known.</param>
    /// <param name="control">The run's control, draws that never feel the loss; null where it has none.</param>
    public RunFindings(SusceptibilityRun run, AttentionRoles? roles = null, SusceptibilityRun? control = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        (Run, Roles, Control) = (run, roles, control);
        _modes = new Lazy<IReadOnlyList<ModeRole>>(() =>
            ModeRoles.Of(
                run,
                roles?.PreviousToken ?? [],
                roles?.PrefixMatching ?? [],
                InductionAgreement.Modes,
                Held(ResponsePart.Excess) || Held(ResponsePart.Covariance) ? null : [run.Manifest.MainPart],
                control
            )
        );
        _verdict = new Lazy<ControlVerdict?>(() => control is null ? null : ControlVerdict.Of(run, control));
        _group = new Lazy<string?>(MostInduction);
        _leading = new Lazy<ModeRole?>(() => Agreement(ResponsePart.Excess)?.Sampled ?? FirstOpposed());
    }

    /// <summary>The run.</summary>
    public SusceptibilityRun Run { get; }

    /// <summary>What its model's heads attend to.</summary>
    public AttentionRoles? Roles { get; }

    /// <summary>Draws that never feel the loss.</summary>
    public SusceptibilityRun? Control { get; }

    /// <summary>How much of each part is there without the loss; null without a control.</summary>
    public ControlVerdict? Verdict => _verdict.Value;

    /// <summary>The layer with the most induction heads, or else all heads; null where fewer than three heads have scores.</summary>
    public string? Group => _group.Value;

    /// <summary>
    /// The mode that shows best which components are set apart from the others, each component to one scale: of the excess the one that
    /// goes with prefix matching; without scores, of the first two of all components, the first reliable one that has both signs, or the
    /// first. Null where nothing could be factored.
    /// </summary>
    public ModeRole? Leading => _leading.Value;

    /// <summary>The part that <see cref="Leading"/> is of.</summary>
    public ResponsePart LeadingPart => Held(ResponsePart.Excess) ? ResponsePart.Excess : Run.Manifest.MainPart;

    /// <summary>How a part goes with the induction of the heads of <see cref="Group"/>; null where it does not tell.</summary>
    public InductionAgreement? Agreement(ResponsePart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (!_agreements.TryGetValue(part, out InductionAgreement? agreement))
        {
            agreement =
                Group is { } group && Best(group, View(part)) is { } best
                    ? new InductionAgreement(best, part == ResponsePart.Excess ? Best(group, ModeRoles.Control) : null)
                    : null;
            _agreements.Add(part, agreement);
        }

        return agreement;
    }

    private string? MostInduction() =>
        Roles
            ?.InductionHeads.Where(head => Run.Manifest.Components.Contains(head.Component))
            .GroupBy(head => head.Layer)
            .OrderByDescending(layer => layer.Count())
            .Select(layer => $"l{layer.Key}")
            .Append("heads")
            .FirstOrDefault(group => _modes.Value.Any(mode => mode.Group == group && double.IsFinite(mode.PrefixMatching)));

    private bool Held(ResponsePart part) => Run.Manifest.Holds(part);

    private string View(ResponsePart part) => ResponseView.Standardized(part).Name(Run.Manifest.ProbeNames);

    /// <summary>The mode that goes most with prefix matching, with its interval.</summary>
    private ModeRole? Best(string group, string view) =>
        WithIntervals(
            _modes
                .Value.Where(mode => mode.Group == group && mode.View == view && double.IsFinite(mode.PrefixMatching))
                .MaxBy(mode => mode.PrefixMatching)
        );

    private ModeRole? FirstOpposed()
    {
        ModeRole[] all = [.. _modes.Value.Where(mode => mode.View == View(LeadingPart) && mode.Loadings.Count > 1)];
        ModeRole[] modes = all.Length == 0 ? [] : [.. all.Where(mode => mode.Group == all[^1].Group)];
        return WithIntervals(modes.FirstOrDefault(IsReliablyOpposed) ?? modes.FirstOrDefault());
    }

    private static bool IsReliablyOpposed(ModeRole mode)
    {
        double least = Opposed * mode.Loadings.Values.Max(Math.Abs);
        return !(mode.Reliability < Reliable)
            && mode.Loadings.Values.Any(value => value > least)
            && mode.Loadings.Values.Any(value => value < -least);
    }

    private ModeRole? WithIntervals(ModeRole? mode) =>
        mode is null ? null : ModeRoles.WithIntervals([mode], Roles?.PreviousToken ?? [], Roles?.PrefixMatching ?? [])[0];
}
