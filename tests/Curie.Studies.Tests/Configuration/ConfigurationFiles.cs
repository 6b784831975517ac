using Curie.Numerics;
using Curie.Tests;

namespace Curie.Studies.Tests.Configuration;

/// <summary>Writes configuration files and asserts what reading them says.</summary>
internal sealed class ConfigurationFiles : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.Path;

    public string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }

    public void AssertRefused(string name, string text, string message, Action<string> load)
    {
        string path = Write(name, text);
        InputException error = Assert.Throws<InputException>(() => load(path));
        Assert.Equal(path + message, error.Message);
    }

    public void Dispose() => _folder.Dispose();
}
