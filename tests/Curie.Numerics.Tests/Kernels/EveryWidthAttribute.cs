using System.Reflection;
using Xunit.Sdk;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>Runs a theory once per supported width and row of arguments; the width comes first.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EveryWidthAttribute(params object[] arguments) : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        KernelsUnderTest.Widths.Select(width => (object[])[width, .. arguments]);
}
