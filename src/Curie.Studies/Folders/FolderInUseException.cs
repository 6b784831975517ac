using Curie.Numerics;

namespace Curie.Studies.Folders;

/// <summary>Another process is writing a folder.</summary>
public sealed class FolderInUseException : InputException
{
    /// <summary>Says who, and what to do.</summary>
    public FolderInUseException(string message)
        : base(message) { }
}
