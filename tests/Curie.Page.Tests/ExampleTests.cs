using System.Diagnostics;
using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Training;
using Curie.Numerics.Kernels;
using Curie.Studies;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Training;
using Curie.Tests;
using Curie.Text.Tokenization;

namespace Curie.Page.Tests;

/// <summary>The program that the README opens with is the example of the repository, and does what it says.</summary>
public sealed class ExampleTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_readme_shows_the_example_as_it_is()
    {
        string readme = File.ReadAllText(RepositoryFiles.Of("README.md"));
        string program = File.ReadAllText(RepositoryFiles.Of("examples/susceptibilities/Program.cs"));
        Assert.Contains($"```csharp\n{program}```", readme, StringComparison.Ordinal);
        Assert.InRange(program.Split('\n').Length - 1, 10, 20);
    }

    [Fact]
    public void The_example_packs_two_texts_measures_heads_prints_tokens_and_writes_the_page()
    {
        foreach (string text in new[] { "base", "code", "law" })
        {
            File.WriteAllText(
                _folder.File($"{text}.txt"),
                string.Concat(Enumerable.Range(0, 90).Select(i => $"{text} {i * i} is said of {text}; "))
            );
        }

        TrainModel();

        (int code, string output, string error) = Run();
        Assert.True(code == 0, error);
        Assert.Contains("sampling: ", error, StringComparison.Ordinal);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(@"\[.+\].*-[0-9.E-]+ ± [0-9.E-]+$", line));
        Assert.InRange(lines.Length, 4, 12);
        Assert.True(File.Exists(_folder.File("run/susceptibility.npz")));
        Assert.Contains("</html>", File.ReadAllText(_folder.File("report.html")), StringComparison.Ordinal);
    }

    /// <summary>
    /// A model of two layers of two heads whose tokens are bytes, trained for a moment on one of the texts: of one that knows nothing,
    /// chains are stopped.
    /// </summary>
    private void TrainModel()
    {
        TransformerConfig config = new()
        {
            Layers = 2,
            ModelWidth = 16,
            Heads = 2,
            HeadWidth = 8,
            ContextLength = 20,
            Vocabulary = 258,
        };
        string random = _folder.File("random");
        using (ParameterSet parameters = new(new ParameterLayout(config)))
        {
            Initialization.Fill(parameters, Kernels.FromEnvironment(), seed: 1, PositionInitialization.Normal);
            Directory.CreateDirectory(random);
            ModelFolder.Save(random, parameters);
        }

        BpeTokenizer tokenizer = new(
            [.. Enumerable.Range(0, 256).Select(b => new[] { (byte)b }), null, null],
            [],
            [new SpecialToken(256, "<|bos|>"), new SpecialToken(257, "<|eos|>")]
        );
        TokenizerFile.Save(Path.Combine(random, "tokenizer.json"), tokenizer);
        TextRows.Pack(_folder.File("base.txt"), random, _folder.File("train.npy"));
        using TrainingStudy training = new(
            new TrainingConfiguration
            {
                Model = new TrainedModelConfiguration { InitialWeights = random },
                Data = _folder.File("train.npy"),
                Out = _folder.File("training"),
                Options = new TrainingOptions
                {
                    Steps = 100,
                    BatchSize = 32,
                    LearningRate = 0.01,
                    LogCheckpoints = 0,
                    LinearCheckpoints = 0,
                },
            }
        );
        Assert.InRange(training.Run(training.Open(ExistingRun.Refuse)), 0, 3);
        Directory.Move(_folder.File("training/checkpoint-100"), _folder.File("model"));
    }

    private (int Code, string Output, string Error) Run()
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        ProcessStartInfo start = new(host, [Path.Combine(AppContext.BaseDirectory, "Susceptibilities.dll")])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(Patience));
        return (process.ExitCode, output, error.Result);
    }
}
