using Curie.Page;
using Curie.Response.Modes;
using Curie.Studies;
using Curie.Studies.Analysis;
using Curie.Studies.Configuration;
using Curie.Studies.Susceptibilities;

foreach (string text in (string[])["base", "code", "law"])
    TextRows.Pack($"{text}.txt", model: "model", rows: $"{text}.npy");
ExperimentConfiguration experiment = new()
{
    Model = "model",
    Sampling = new() { Data = "base.npy", Components = ["heads"] },
    Probes = [new() { Name = "code", Data = "code.npy" }, new() { Name = "law", Data = "law.npy" }],
};
using SusceptibilityStudy study = new(experiment);
var run = study.Run(
    "run",
    progress: new Progress<StudyProgress>(now => Console.Error.WriteLine(now)),
    cancellation: new CancellationTokenSource(TimeSpan.FromHours(1)).Token
);
using ProbeText words = ProbeText.Open(run);
foreach (TokenResponse token in ComponentTokens.Strongest(run).SelectMany(head => ComponentTokens.Of(run, head, count: 3)!.Expressed))
    Console.WriteLine($"{words.Window(token.Token)}   {token.Value:G3} ± {token.StandardError:G2}");
ReportPage.Write("report.html", PagePayload.Of(["run"]));
