namespace Curie.Sampling.Calibration;

/// <summary>Adds up operations that are done and those that are left.</summary>
internal sealed class CalibrationTally(IProgress<CalibrationProgress>? progress, Lock reporting)
{
    private double _done;
    private double _total;
    private double _expected;

    /// <summary>So much more is expected of the coarse pass, and of what is measured at length until that is known.</summary>
    public void Expect(double coarse, double full)
    {
        _total += coarse + full;
        _expected += full;
    }

    /// <summary>What is measured at length now is known: it takes the place of what was expected.</summary>
    public void Begin(double work)
    {
        _total += work - _expected;
        _expected = 0;
    }

    /// <summary>So much is not done after all.</summary>
    public void Skip(double work)
    {
        lock (reporting)
        {
            _total -= work;
        }
    }

    /// <summary>The progress of one setting.</summary>
    public IProgress<double> Of(string stage, double work) => new One(this, stage, work);

    private void Add(string stage, double work)
    {
        lock (reporting)
        {
            _done += work;
            progress?.Report(new CalibrationProgress(stage, _done, Math.Max(_total, _done)));
        }
    }

    private sealed class One(CalibrationTally owner, string stage, double work) : IProgress<double>
    {
        private double _share;

        public void Report(double value)
        {
            double more = value - _share;
            _share = value;
            owner.Add(stage, more * work);
        }
    }
}
