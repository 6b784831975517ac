namespace Curie.Response.Runs;

/// <summary>Where every token comes from. Tokens are ordered probe by probe, row by row, position by position.</summary>
public sealed class TokenTable
{
    /// <summary>A table of zeros.</summary>
    public TokenTable(int tokens)
    {
        Probe = new int[tokens];
        Row = new int[tokens];
        Position = new int[tokens];
        Id = new int[tokens];
        InitLoss = new float[tokens];
    }

    /// <summary>The number of tokens.</summary>
    public int Count => Probe.Length;

    /// <summary>The probe, from 0.</summary>
    public int[] Probe { get; }

    /// <summary>The row of the probe's data, from 0.</summary>
    public int[] Row { get; }

    /// <summary>The position t in the row: the loss is that of predicting the row's token t + 1 from tokens 0 … t.</summary>
    public int[] Position { get; }

    /// <summary>The id of the predicted token, the row's token t + 1.</summary>
    public int[] Id { get; }

    /// <summary>ℓ_i(w*) in nats.</summary>
    public float[] InitLoss { get; }

    /// <summary>Whether the other table has the same tokens of the same places, whatever their losses.</summary>
    public bool HasSameTokens(TokenTable other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Probe.SequenceEqual(other.Probe)
            && Row.SequenceEqual(other.Row)
            && Position.SequenceEqual(other.Position)
            && Id.SequenceEqual(other.Id);
    }
}
