using Curie.Numerics;
using Curie.Studies.Configuration;

namespace Curie.Studies.Tests.Configuration;

public sealed class NamedDataTests
{
    [Fact]
    public void A_name_stands_before_the_file_or_is_the_file_s() =>
        Assert.Equal(
            [new NamedData("code", "x/rows.npy"), new NamedData("rows", "x/rows.npy")],
            [NamedData.Parse("code=x/rows.npy"), NamedData.Parse("x/rows.npy")]
        );

    [Theory]
    [InlineData("a=", "a= names no file")]
    [InlineData("a/b=rows.npy", "cannot name data")]
    public void What_is_no_name_or_names_no_file_is_refused(string text, string words) =>
        Assert.Contains(words, Assert.Throws<InputException>(() => NamedData.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_that_is_too_long_for_names_of_files_is_refused() =>
        Assert.Contains(
            "use at most 100 letters",
            Assert.Throws<InputException>(() => NamedData.Parse(new string('x', 101) + "=rows.npy")).Message,
            StringComparison.Ordinal
        );
}
