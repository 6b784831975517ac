using Curie.Numerics;

namespace Curie.Text.Tests;

/// <summary>Checks the one sentence that a user reads when input is bad.</summary>
internal static class Refusal
{
    public static void Says(string sentence, Func<object?> action) => Assert.Equal(sentence, Assert.Throws<InputException>(action).Message);
}
