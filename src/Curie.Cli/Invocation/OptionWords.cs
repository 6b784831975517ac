using System.Text.RegularExpressions;

namespace Curie.Cli.Invocation;

/// <summary>
/// What a library calls a setting, in the words of the command line. A library knows no options: its sentences name, in backticks, the
/// property, argument or class that a program would use (<c>raise `memory`</c>), and here that becomes the option (<c>raise --memory</c>).
/// </summary>
internal static class OptionWords
{
    /// <summary>The option, or the command with its option, for each of the libraries' names.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } =
        new Dictionary<string, string>
        {
            ["amount"] = "--amount",
            ["column"] = "--column",
            ["configuration"] = "--config",
            ["control"] = "--control",
            ["Curie.Networks.Regression"] = "`curie regression --help`",
            ["ExperimentConfiguration"] = "--config",
            ["ExperimentConfiguration.AsControl"] = "`curie susceptibility --control`",
            ["design"] = "--design",
            ["exclude"] = "--exclude",
            ["format"] = "--format plain",
            ["include"] = "--include",
            ["match"] = "--match",
            ["memory"] = "--memory",
            ["Mixture.Rows"] = "`curie mix --rate`",
            ["model"] = "--model",
            ["n_ctx"] = "--n-ctx",
            ["out"] = "--out",
            ["overwrite"] = "--overwrite",
            ["part"] = "--part",
            ["pattern"] = "--pattern",
            ["PerturbationInputs.Components"] = "--components",
            ["probes.name"] = "--probe NAME=ROWS.npy",
            ["resume"] = "--resume",
            ["sampler"] = "--sampler",
            ["sampling.data"] = "--data",
            ["sampling.loss_rows"] = "--loss-rows",
            ["sampling.positions"] = "--positions",
            ["ScanExperiment"] = "`curie scan --overwrite`",
            ["ScanInputs.Probes"] = "--probe",
            ["scores"] = "--scores",
            ["spread"] = "--spread",
            ["stages"] = "--stages",
            ["StagesFiles"] = "`curie stages --out`",
            ["SusceptibilityExperiment"] = "`curie susceptibility --out`",
            ["SusceptibilityExperiment.Run(resume: true)"] = "`curie susceptibility --resume`",
            ["take over"] = "--take-over",
            ["usesErrors: false"] = "--fit-noise",
        };

    private static readonly Regex InBackticks = new($"`({string.Join('|', All.Keys.Select(Regex.Escape))})`");

    /// <summary>A library's sentence as the command line says it; whatever else is in backticks stays as it is.</summary>
    public static string Of(string sentence) => InBackticks.Replace(sentence, name => All[name.Groups[1].Value]);
}
