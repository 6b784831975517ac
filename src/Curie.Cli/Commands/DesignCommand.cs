using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Curie.Cli.Invocation;
using Curie.Cli.Options;
using Curie.Cli.Reports;
using Curie.Networks.Data;
using Curie.Numerics;
using Curie.Response.Designs;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Configuration;
using Curie.Studies.Designs;
using Curie.Studies.Folders;
using Curie.Text.Packing;

namespace Curie.Cli.Commands;

/// <summary><c>curie design</c>: weights of training data that move a mode or a component.</summary>
internal static class DesignCommand
{
    private const int DefaultTokens = 8;

    public static Command Create(Session session)
    {
        Argument<string> run = new("RUN")
        {
            Description = "A folder that curie susceptibility wrote, with training data among its probes.",
        };
        Option<int?> mode = new("--mode") { Description = "The mode that is to move, from 1.", HelpName = "K" };
        Option<string?> group = new("--group")
        {
            Description = "The group of components: l0, l1, … for the heads of a layer, or heads. By default all heads.",
            HelpName = "GROUP",
        };
        Option<string?> component = new("--component")
        {
            Description = "In place of a mode: the component that is to move, through the modes that are known well enough.",
            HelpName = "NAME",
        };
        Option<double?> amount = new("--amount")
        {
            Description =
                "The change that is wanted along the target, in nats, by the linear response of --part: of the covariance that of E[φ], "
                + "the mean excess loss under the posterior of the component. A mode's direction has length 1 and its sign is the one "
                + "that curie structure shows.",
            HelpName = "±A",
            CustomParser = ParseSize,
        };
        Option<double?> spread = new("--spread")
        {
            Description =
                "In place of --amount: the standard deviation of the weights about 1, with the sign of the change. [default: 0.5]",
            HelpName = "±S",
            CustomParser = ParseSize,
        };
        Option<string?> part = PartOption.Create("whose modes these are; what λ̂ does is predicted by the covariance");
        Option<string?> probe = new("--probe")
        {
            Description = "The probe that holds the training data; needed where there is more than one.",
            HelpName = "NAME",
        };
        Option<string> negative = new("--negative")
        {
            Description = "What becomes of negative weights: zero, or keep, which unlearns their tokens.",
            DefaultValueFactory = _ => "zero",
        };
        negative.AcceptOnlyFromAmong("zero", "keep");
        Option<long?> shuffle = new("--shuffle")
        {
            Description = "Deal the weights out to random tokens, with this seed: a control for an experiment with the design.",
            HelpName = "SEED",
        };
        Option<string?> patterns = new("--patterns")
        {
            Description = "Token patterns in place of the defaults, which curie patterns prints.",
            HelpName = "FILE",
        };
        Option<string?> model = new("--model")
        {
            Description = "A folder with the model's tokenizer, in place of the one that the run names.",
            HelpName = "DIR",
        };
        Option<int> tokens = new("--tokens")
        {
            Description = "How many of the heaviest and of the lightest tokens are shown.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultTokens,
        };
        tokens.Validators.Add(SharedOptions.AtLeast(0));
        Option<string> file = SharedOptions.Out(
            "The file for the weights, float32, shape (rows, n_ctx - 1), of the rows of the probe's data; what is predicted is written "
                + "beside it, as .json.",
            "WEIGHTS.npy"
        );
        Option<bool> overwrite = SharedOptions.OverwriteFile();
        CurieCommand command = new(
            session,
            "design",
            "Weigh the tokens of training data so that training on them, to first order, moves a mode of the response, or one component: "
                + "the smallest change of the data for the change that is wanted. Says what is predicted, with errors, and which text gets "
                + "the weight; curie train takes the weights as token_weights.",
            "curie design runs/chi --mode 2 --probe text --spread 0.5 --out weights.npy"
        )
        {
            run,
            mode,
            group,
            component,
            amount,
            spread,
            part,
            probe,
            negative,
            shuffle,
            patterns,
            model,
            tokens,
            file,
            overwrite,
        };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(mode) is null) == (result.GetValue(component) is null))
            {
                result.AddError("Give either --mode or --component: what is to move.");
            }

            if (result.GetResult(amount) is { Implicit: false } && result.GetResult(spread) is { Implicit: false })
            {
                result.AddError("Give --amount or --spread, not both.");
            }
        });
        command.Runs(parsed =>
        {
            (string folder, string output) = (parsed.GetRequiredValue(run), parsed.GetRequiredValue(file));
            SusceptibilityRun data = RunFolder.Read(folder);
            ResponsePart modesOf = PartOption.Of(parsed.GetValue(part), data);
            RunSources sources = RunSources.Of(data.Manifest);
            int place = Probe(data.Manifest, parsed.GetValue(probe));
            string rowsPath = sources.RequireProbe(data.Manifest.ProbeNames[place]);
            string record = DesignRecord.PathBeside(output);
            string[] inputs = [folder, .. new[] { parsed.GetValue(patterns), parsed.GetValue(model) }.OfType<string>()];
            OutputFile.Prepare(output, parsed.GetValue(overwrite), inputs);
            OutputFile.Prepare(record, parsed.GetValue(overwrite), inputs);
            DataDesign design = DataDesign.Of(
                data,
                new DesignOptions
                {
                    Target = new DesignTarget(parsed.GetValue(group), parsed.GetValue(mode), parsed.GetValue(component)),
                    NBeta = sources.NBeta,
                    Part = modesOf,
                    Probe = place,
                    Amount = parsed.GetValue(amount),
                    Spread = parsed.GetValue(amount) is null ? parsed.GetValue(spread) ?? 0.5 : null,
                    KeepsNegative = parsed.GetValue(negative) == "keep",
                }
            );
            long? seed = parsed.GetValue(shuffle);
            if (seed is { } value)
            {
                design = design with { Weights = design.Shuffled(value) };
            }

            using ProbeText text = ProbeText.Open(data, parsed.GetValue(model));
            using TokenRows rows = TokenRows.Load(rowsPath);
            float[] weights = DesignedRows.Place(data.Data.Tokens, design.FirstToken, design.Weights, rows, rowsPath);
            IReadOnlyList<PatternWeight> byPattern = PatternWeight.Of(
                data,
                design,
                text.Classify(PatternFile.Read(parsed.GetValue(patterns)))
            );
            DesignView view = new(folder, data, place, rowsPath, design, sources.NBeta, byPattern, seed, modesOf);
            TokenWeightsFile.Write(output, weights, rows.ContextLength - 1);
            RecordJson.WriteFile(record, view.ToRecord());
            ReportConsole.Report(session, view.ToJson, console => view.Draw(console, text, parsed.GetValue(tokens)));
            session.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{output}: weights of {Counted.Of(rows.Count, "row")} of {Counted.Of(rows.ContextLength - 1, "prediction")}"
                )
            );
            return ExitCode.Done;
        });
        return command;
    }

    private static int Probe(RunManifest manifest, string? name)
    {
        if (name is null)
        {
            return manifest.ProbeNames.Count == 1
                ? 0
                : throw new InputException(
                    $"the run has {manifest.ProbeNames.Count} probes ({string.Join(", ", manifest.ProbeNames)}); name the one that holds "
                        + "the training data with --probe."
                );
        }

        int place = manifest.ProbeNames.ToList().IndexOf(name);
        return place >= 0
            ? place
            : throw new InputException(
                $"the run has no probe named {name}; choose one of {string.Join(", ", manifest.ProbeNames)} with --probe."
            );
    }

    private static double? ParseSize(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double size) && double.IsNormal(size))
        {
            return size;
        }

        result.AddError($"'{text}' is no size; write a number other than 0, such as 0.5 or -0.5.");
        return null;
    }
}
