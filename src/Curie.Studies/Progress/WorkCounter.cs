namespace Curie.Studies.Progress;

/// <summary>Counts what a study has done and passes it on.</summary>
/// <param name="progress">Where it is shown; null for nowhere.</param>
/// <param name="activity">What is being done, such as <c>sampling</c>.</param>
/// <param name="unit">What is counted, such as <c>tokens</c>.</param>
/// <param name="total">How many there are; 0 where that is not known yet.</param>
public sealed class WorkCounter(IProgress<StudyProgress>? progress, string activity, string unit, double total = 0)
{
    private double _total = total;
    private double _done;

    /// <summary>Tells how much is left where that is known only once the work has begun; only the first call counts.</summary>
    /// <param name="total">The whole work.</param>
    /// <param name="alreadyDone">What was done of it before, by a run that is now continued.</param>
    public void SetTotal(double total, double alreadyDone) => _total = _total > 0 ? _total : total - alreadyDone;

    /// <summary>Reports that so much more was done.</summary>
    /// <param name="amount">How much, in the unit.</param>
    /// <param name="detail">What else is worth showing, such as the loss.</param>
    public void Advance(double amount, string? detail = null)
    {
        _done += amount;
        progress?.Report(new StudyProgress(activity, unit, _done, _total, detail));
    }
}
