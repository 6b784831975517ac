using Curie.Cli.Configuration;
using Curie.Networks.Components;
using Curie.Networks.Files;
using Curie.Networks.Parameters;
using Curie.Response.Experiments;
using Curie.Text.Packing;

namespace Curie.Cli.Jobs;

/// <summary>The model and the rows that a scan names, read and checked against each other.</summary>
internal sealed class LoadedScan : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>Reads everything.</summary>
    /// <exception cref="Numerics.InputException">A file is missing or damaged, a token id or a row does not fit the model, or a component is not one of its.</exception>
    public LoadedScan(ScanConfiguration configuration)
    {
        try
        {
            Model = Own(ModelFolder.Load(configuration.Model));
            Components = new ComponentParser(Model.Layout).ParseAll(configuration.Components);
            Data = configuration.Data is { } data ? Rows(data) : null;
            Probes =
            [
                .. configuration.Probes.Select(probe => new ProbeInput { Name = probe.Name, Rows = Rows(probe.Data), RowLimit = probe.Rows, Tokens = probe.Tokens }),
            ];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>w*.</summary>
    public ParameterSet Model { get; }

    /// <summary>The components.</summary>
    public IReadOnlyList<Component> Components { get; }

    /// <summary>The rows whose first ones give P; null where the probes' tokens do.</summary>
    public TokenRows? Data { get; }

    /// <summary>The probes, in order.</summary>
    public IReadOnlyList<ProbeInput> Probes { get; }

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    private TokenRows Rows(string path) => Own(TokenRows.Load(path, Model.Layout.Config.Vocabulary, Model.Layout.Config.ContextLength));

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
