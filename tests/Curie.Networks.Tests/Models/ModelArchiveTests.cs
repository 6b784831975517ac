using Curie.Networks.Archives;
using Curie.Networks.Models;
using Curie.Networks.Tests.Archives;
using Curie.Numerics;
using Curie.Tests;

namespace Curie.Networks.Tests.Models;

/// <summary>Which of several configurations says what a checkpoint is, and which names its tensors have.</summary>
public sealed class ModelArchiveTests : IDisposable
{
    private const string Gpt2 = """{"model_type":"gpt2"}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("args")]
    [InlineData("config")]
    [InlineData("hyper_parameters")]
    public void Settings_of_the_training_give_way_to_the_configuration_beside_them(string key)
    {
        Save(Checkpoint(writer => Dictionary(writer.Text(key), "lr", value => value.Number(0.1)).Op('s')));
        File.WriteAllText(_folder.File("config.json"), Gpt2);
        using OpenedArchive archive = ModelArchive.Open(_folder.Path);

        Assert.Equal("gpt2", archive.Configuration!["model_type"]!.GetValue<string>());
        Assert.Equal(_folder.File("config.json"), archive.ConfigurationSource);
        Assert.Equal([_folder.File("checkpoint.pt"), _folder.File("config.json")], archive.Files);
    }

    [Fact]
    public void Settings_of_the_training_give_way_to_the_configuration_in_the_same_file()
    {
        Save(
            Checkpoint(writer =>
            {
                Dictionary(writer.Text("config"), "lr", value => value.Number(0.1)).Op('s');
                Dictionary(writer.Text("args"), "model_type", value => value.Text("gpt2")).Op('s');
            })
        );
        using OpenedArchive archive = ModelArchive.Open(_folder.Path);

        Assert.Equal(("args", _folder.File("checkpoint.pt")), (archive.Used!.Key, archive.ConfigurationSource));
        Assert.Equal([_folder.File("checkpoint.pt")], archive.Files);
    }

    [Fact]
    public void Settings_of_the_training_alone_are_refused_by_their_name()
    {
        Save(Checkpoint(writer => Dictionary(writer.Text("args"), "lr", value => value.Number(0.1)).Op('s')));
        using OpenedArchive archive = ModelArchive.Open(_folder.Path);

        string message = Assert.Throws<InputException>(() => ModelArchive.Describe(archive)).Message;
        Assert.Contains("holds args with the key lr, which describe no network of a family", message, StringComparison.Ordinal);
        Assert.Contains("there is no config.json beside it", message, StringComparison.Ordinal);

        // What lies beside it and is of no family either is what is spoken of.
        File.WriteAllText(_folder.File("config.json"), """{"model_type":"bert"}""");
        using OpenedArchive other = ModelArchive.Open(_folder.Path);
        message = Assert.Throws<InputException>(() => ModelArchive.Describe(other)).Message;
        Assert.Contains("config.json: model_type is \"bert\"", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("transformer.wte.weight", "model.transformer.wte.weight")]
    [InlineData("a", "module.model._orig_mod.a")]
    [InlineData("model.embed_tokens.weight", "model.embed_tokens.weight")]
    [InlineData("model.embed_tokens.weight", "model.model.embed_tokens.weight")]
    [InlineData("model.decoder.embed_tokens.weight", "model.decoder.embed_tokens.weight")]
    public void The_prefix_of_Lightning_is_taken_off_and_that_of_transformers_is_not(string name, string stored)
    {
        Save(Dictionary(new PickleWriter(), stored, Tensor).End());
        using ITensorArchive archive = TensorArchive.Open(_folder.Path);

        Assert.Equal([name], archive.Tensors.Keys);
    }

    [Fact]
    public void Models_under_an_unknown_key_beside_a_tensor_are_refused_by_that_key()
    {
        PickleWriter writer = new PickleWriter().Op('}').Text("ema").Op('}');
        Tensor(writer.Text("a")).Op('s');
        Tensor(writer.Text("b")).Op('s').Op('s');
        Save(Tensor(writer.Text("rng")).Op('s').End());

        string message = Assert.Throws<InputException>(() => TensorArchive.Open(_folder.Path)).Message;
        Assert.Contains("holds 1 tensor and beside that, under the key ema, a dict of 2;", message, StringComparison.Ordinal);
    }

    private static byte[] Checkpoint(Action<PickleWriter> settings)
    {
        PickleWriter writer = new PickleWriter().Op('}');
        Dictionary(writer.Text("model"), "w", Tensor).Op('s');
        settings(writer);
        return writer.End();
    }

    private static PickleWriter Dictionary(PickleWriter writer, string key, Func<PickleWriter, PickleWriter> value) =>
        value(writer.Op('}').Text(key)).Op('s');

    private static PickleWriter Tensor(PickleWriter writer) => writer.Tensor("FloatStorage", "0", 1, 0, [1], [1]);

    private void Save(byte[] pickle) =>
        File.WriteAllBytes(
            _folder.File("checkpoint.pt"),
            TorchFiles.Zip(pickle, new Dictionary<string, byte[]> { ["0"] = TorchFiles.Floats(1) })
        );
}
