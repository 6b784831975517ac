namespace Curie.Page.Data;

/// <summary>A mode over training.</summary>
/// <param name="Mode">The mode, from 1.</param>
/// <param name="Share">Its share of the variance over tokens.</param>
/// <param name="Reliability">How its scores repeat themselves between halves of the draws.</param>
/// <param name="Same">|cos| of its loadings with those of the last checkpoint's mode of that number.</param>
/// <param name="Lines">Its loadings, their signs turned so that neighbouring checkpoints agree.</param>
internal sealed record CourseMode(
    int Mode,
    CourseLine Share,
    CourseLine Reliability,
    IReadOnlyList<double> Same,
    IReadOnlyList<CourseLine> Lines
);
