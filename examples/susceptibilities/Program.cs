using Curie.Page;
using Curie.Response.Modes;
using Curie.Studies;
using Curie.Studies.Analysis;
using Curie.Studies.Configuration;
using Curie.Studies.Susceptibilities;

foreach (string text in (string[])["base", "code", "law"])
    TextRows.Pack($"{text}.txt", model: "model", rows: $"{text}.npy");
SamplingConfiguration sampling = new() { Data = "base.npy", Components = ["heads"] };
ExperimentConfiguration experiment = new() { Model = "model", Sampling = sampling };
ProbeConfiguration[] probes = [new() { Name = "code", Data = "code.npy" }, new() { Name = "law", Data = "law.npy" }];
using SusceptibilityStudy study = new(experiment with { Probes = probes });
using CancellationTokenSource hour = new(TimeSpan.FromHours(1));
Progress<StudyProgress> progress = new(now => Console.Error.WriteLine(now));
var run = study.Run("run", progress: progress, cancellation: hour.Token);
using ProbeText words = ProbeText.Open(run);
foreach (TokenResponse token in ComponentTokens.Strongest(run).SelectMany(head => ComponentTokens.Of(run, head, count: 3)!.Expressed))
    Console.WriteLine($"{words.Window(token.Token)}   {token.Value:G3} ± {token.StandardError:G2}");
ReportPage.Write("report.html", PagePayload.Of(["run"]));
