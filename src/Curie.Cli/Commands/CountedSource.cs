using Curie.Studies.Progress;
using Curie.Text;
using Curie.Text.Sources;

namespace Curie.Cli.Commands;

/// <summary>Another source's documents, their bytes counted as they are read, until Ctrl-C is pressed.</summary>
internal sealed class CountedSource(ICorpusSource source, WorkCounter progress, CancellationToken cancellation) : ICorpusSource
{
    public string Name => source.Name;

    public IEnumerable<Document> Read() => TextInputs.Read([source], progress, cancellation);
}
