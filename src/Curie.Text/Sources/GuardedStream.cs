using Curie.Numerics;
using ZstdSharp;

namespace Curie.Text.Sources;

/// <summary>Says in a sentence what goes wrong while compressed or plain data are read.</summary>
/// <param name="inner">The data, disposed with this.</param>
/// <param name="origin">How messages name them.</param>
/// <param name="format">What they are where they are whole.</param>
internal sealed class GuardedStream(Stream inner, string origin, string format) : ForwardStream
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or ZstdException)
        {
            throw new InputException($"{origin} is not a whole {format} file; fetch or compress it again.", error);
        }
        catch (IOException error)
        {
            throw new InputException($"cannot read {origin}: {error.Message} Check that its disk is well.", error);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
