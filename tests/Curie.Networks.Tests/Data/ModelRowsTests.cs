using Curie.Networks.Architecture;
using Curie.Networks.Data;
using Curie.Numerics;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Data;

public sealed class ModelRowsTests
{
    [Fact]
    public void A_token_to_predict_that_is_no_output_is_refused_with_its_place()
    {
        TransformerConfig config = Variants.Of("no-norm-other-outputs");
        using TemporaryFolder folder = new();
        string path = folder.File("rows.npy");

        // 15 and above have no logit: at the beginning of a row nothing predicts them.
        using TokenRows rows = new([17, 1, 2, 19, 14, 15], 3);
        rows.Save(path);
        InputException refused = Assert.Throws<InputException>(() => ModelRows.Load(path, config));
        Assert.StartsWith($"{path}: row 1, position 2 is to be predicted and holds token id 15, but ", refused.Message);

        using TokenRows fit = new([17, 1, 2, 19, 14, 0], 3);
        fit.Save(path);
        using TokenRows read = ModelRows.Load(path, config);
        Assert.Equal([19, 14, 0], read.Row(1));
    }

    [Fact]
    public void A_model_with_more_outputs_than_tokens_takes_every_token()
    {
        TransformerConfig config = Variants.Of("no-norm-other-outputs") with { OutputVocabulary = 30 };
        using TemporaryFolder folder = new();
        using TokenRows rows = new([19, 19, 19], 3);
        rows.Save(folder.File("rows.npy"));
        using TokenRows read = ModelRows.Load(folder.File("rows.npy"), config);
        Assert.Equal(1, read.Count);
    }

    /// <summary>The sign of a sum such as 3 + 4 = 7 is no output, and nothing asks the model to predict it.</summary>
    [Fact]
    public void A_token_that_is_no_output_may_stand_where_predictions_do_not_count()
    {
        TransformerConfig config = Variants.Of("no-norm-other-outputs");
        using TemporaryFolder folder = new();
        string path = folder.File("rows.npy");
        using TokenRows rows = new([3, 16, 4, 17, 7, 5, 16, 6, 17, 11], 5);
        rows.Save(path);
        Assert.Contains("position 1", Assert.Throws<InputException>(() => ModelRows.Load(path, config)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "row 0, position 3",
            Assert.Throws<InputException>(() => ModelRows.Load(path, config, PositionRule.Parse("-2-"), out _)).Message,
            StringComparison.Ordinal
        );
        using TokenRows read = ModelRows.Load(path, config, PositionRule.Parse("-1"), out CountedPositions? counted);
        Assert.Equal(1, counted!.CountIn(1));
    }
}
