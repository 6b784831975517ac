namespace Curie.Numerics.Kernels;

/// <summary>The shape of a register tile, known at compile time.</summary>
internal interface ITile
{
    /// <summary>The rows: 1, 3 or 6.</summary>
    static abstract int Rows { get; }

    /// <summary>The vectors of a row: 1, 2 or 4.</summary>
    static abstract int Vectors { get; }
}

/// <summary>Six rows of a whole panel.</summary>
internal readonly struct Tile6x4 : ITile
{
    public static int Rows => 6;

    public static int Vectors => 4;
}

/// <summary>Three rows of a whole panel.</summary>
internal readonly struct Tile3x4 : ITile
{
    public static int Rows => 3;

    public static int Vectors => 4;
}

/// <summary>One row of a whole panel.</summary>
internal readonly struct Tile1x4 : ITile
{
    public static int Rows => 1;

    public static int Vectors => 4;
}

/// <summary>Six rows of half a panel.</summary>
internal readonly struct Tile6x2 : ITile
{
    public static int Rows => 6;

    public static int Vectors => 2;
}

/// <summary>Three rows of half a panel.</summary>
internal readonly struct Tile3x2 : ITile
{
    public static int Rows => 3;

    public static int Vectors => 2;
}

/// <summary>One row of half a panel.</summary>
internal readonly struct Tile1x2 : ITile
{
    public static int Rows => 1;

    public static int Vectors => 2;
}

/// <summary>Six rows of a quarter of a panel.</summary>
internal readonly struct Tile6x1 : ITile
{
    public static int Rows => 6;

    public static int Vectors => 1;
}

/// <summary>Three rows of a quarter of a panel.</summary>
internal readonly struct Tile3x1 : ITile
{
    public static int Rows => 3;

    public static int Vectors => 1;
}

/// <summary>One row of a quarter of a panel.</summary>
internal readonly struct Tile1x1 : ITile
{
    public static int Rows => 1;

    public static int Vectors => 1;
}
