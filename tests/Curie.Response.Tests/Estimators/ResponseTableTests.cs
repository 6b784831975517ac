using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Response.Tests.Accumulation;
using Curie.Response.Tests.Runs;

namespace Curie.Response.Tests.Estimators;

public class ResponseTableTests
{
    [Fact]
    public void A_table_is_written_as_csv_with_quoted_names_and_exact_numbers()
    {
        PartMatrices<double> matrices = new(2, 2);
        new[] { 0.1, -2e-7, 3, 1.0 / 3 }.CopyTo(matrices.Values(ResponsePart.Covariance), 0);
        new[] { 0.01, 0.02, 0.03, 0 }.CopyTo(matrices.StandardErrors(ResponsePart.Covariance), 0);
        DatasetResponse response = new(["github", "a \"b\", c"], ["l0h0", "l0h1"], matrices);
        using TemporaryFolder folder = new();
        response.Table(ResponsePart.Covariance).WriteCsv(folder.File("table.csv"));
        string expected = """
            probe,component,part,value,standard_error
            github,l0h0,covariance,0.1,0.01
            github,l0h1,covariance,3,0.03
            "a ""b"", c",l0h0,covariance,-2E-07,0.02
            "a ""b"", c",l0h1,covariance,0.3333333333333333,0

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), File.ReadAllText(folder.File("table.csv")));
    }

    [Fact]
    public void The_dataset_response_holds_each_components_own_estimates()
    {
        ProbeLayout layout = new(["a", "b"], [4, 3]);
        LossTrace fullTrace = new(31, 2, 30, layout, 1.5);
        using ComponentMoments full = fullTrace.AllMoments();
        using ComponentMoments first = new LossTrace(32, 2, 30, layout, 0.5).AllMoments();
        using ComponentMoments second = new LossTrace(33, 2, 30, layout, 0.7).AllMoments();
        FullShift shift = FullShift.Estimate(full.Probes, layout.Means(FullShift.BaselinesOf(fullTrace.InitLosses, LossTrace.InitMean)));
        DatasetResponse response = DatasetResponse.Estimate([first, second], shift);
        ResponseTable table = response.Table(ResponsePart.Susceptibility);
        SusceptibilityEstimates own = SusceptibilityEstimates.Compute(second.Probes, shift);
        Assert.Equal(own.Values(ResponsePart.Susceptibility)[0], table.Value(0, 1));
        Assert.Equal(own.StandardErrors(ResponsePart.Susceptibility)[1], table.StandardError(1, 1));
        Assert.NotEqual(table.Value(0, 0), table.Value(0, 1));
    }

    [Fact]
    public void Names_that_do_not_fit_the_matrix_are_refused() =>
        Assert.Throws<ArgumentException>(() => new ResponseTable(ResponsePart.Shift, ["a"], ["l0h0"], new PartMatrices<double>(1, 2)));
}
