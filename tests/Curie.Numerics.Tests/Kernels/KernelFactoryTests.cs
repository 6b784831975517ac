using Curie.Numerics.Simd;
using KernelSet = Curie.Numerics.Kernels.Kernels;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>Which kernels are picked.</summary>
public sealed class KernelFactoryTests
{
    [Theory]
    [EveryWidth]
    public void Every_supported_width_can_be_had(SimdWidth width) => Assert.Equal(width, KernelSet.For(width).Width);

    [Fact]
    public void Scalar_comes_first_and_widths_grow()
    {
        Assert.Equal(SimdWidth.Scalar, KernelSet.SupportedWidths[0]);
        Assert.Equal(KernelSet.SupportedWidths.Order(), KernelSet.SupportedWidths);
    }

    [Theory]
    [InlineData("scalar", SimdWidth.Scalar)]
    [InlineData("128", SimdWidth.Bits128)]
    [InlineData("256", SimdWidth.Bits256)]
    [InlineData("512", SimdWidth.Bits512)]
    public void A_named_width_is_used_or_refused_with_the_allowed_names(string name, SimdWidth width)
    {
        if (KernelSet.SupportedWidths.Contains(width))
        {
            Assert.Equal(width, KernelSet.FromName(name).Width);
        }
        else
        {
            InputException error = Assert.Throws<InputException>(() => KernelSet.FromName(name));
            Assert.Contains("scalar", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void No_name_means_the_widest(string? name) => Assert.Equal(KernelSet.SupportedWidths[^1], KernelSet.FromName(name).Width);

    [Theory]
    [InlineData("1024")]
    [InlineData("avx2")]
    [InlineData("Scalar")]
    public void Another_name_is_refused_with_the_allowed_names(string name)
    {
        InputException error = Assert.Throws<InputException>(() => KernelSet.FromName(name));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains("scalar", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_width_that_no_processor_has_is_refused()
    {
        InputException error = Assert.Throws<InputException>(() => KernelSet.For((SimdWidth)4096));
        Assert.Contains("4096", error.Message, StringComparison.Ordinal);
        Assert.Contains("scalar", error.Message, StringComparison.Ordinal);
    }
}
