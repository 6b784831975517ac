using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Numerics;
using Curie.Tests;

namespace Curie.Networks.Tests.Files;

/// <summary>Which checkpoints a user's words mean.</summary>
public sealed class CheckpointSelectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CheckpointSelectionTests()
    {
        foreach (
            string name in new[]
            {
                "run/checkpoint-0",
                "run/checkpoint-9",
                "run/checkpoint-10",
                "run/checkpoint-200",
                "run/checkpoint-1000",
                "model",
            }
        )
        {
            Directory.CreateDirectory(_folder.File(name));
            File.WriteAllText(Path.Combine(_folder.File(name), ModelFolder.ConfigName), "{}");
        }

        Directory.CreateDirectory(_folder.File("run/notes-5"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_training_run_stands_for_its_checkpoints_in_order_of_their_steps() => Assert.Equal([0, 9, 10, 200, 1000], Steps("run"));

    [Fact]
    public void Every_second_keeps_the_first_and_the_last()
    {
        Assert.Equal([0, 10, 1000], Steps("run", every: 2));
        Assert.Equal([0, 200, 1000], Steps("run", every: 3));
        Assert.Equal([0, 1000], Steps("run", every: 100));
    }

    [Fact]
    public void Patterns_and_lists_choose_among_them()
    {
        Assert.Equal([10, 1000], Steps("run/checkpoint-10*"));
        Assert.Equal(
            [9, 200],
            CheckpointSelection
                .Find([_folder.File("run/checkpoint-200"), _folder.File("run/checkpoint-9")])
                .Select(checkpoint => checkpoint.Step)
        );
        Checkpoint model = Assert.Single(CheckpointSelection.Find([_folder.File("model")]));
        Assert.Equal(("model", 0), (model.Name, model.Step));
    }

    [Fact]
    public void Nothing_to_be_found_and_a_step_twice_are_refused()
    {
        Assert.Contains("there is no checkpoint", Assert.Throws<InputException>(() => Steps("missing")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "there is no checkpoint",
            Assert.Throws<InputException>(() => Steps("run/step-*")).Message,
            StringComparison.Ordinal
        );
        InputException twice = Assert.Throws<InputException>(() => CheckpointSelection.Find([_folder.File("run"), _folder.File("model")]));
        Assert.Contains("both checkpoints of step 0", twice.Message, StringComparison.Ordinal);
    }

    private IEnumerable<long> Steps(string place, int every = 1) =>
        CheckpointSelection.Find([_folder.File(place)], every).Select(checkpoint => checkpoint.Step);
}
