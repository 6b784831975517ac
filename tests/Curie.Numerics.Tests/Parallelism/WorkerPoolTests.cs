using Curie.Numerics.Parallelism;

namespace Curie.Numerics.Tests.Parallelism;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Every_item_runs_exactly_once_in_every_loop(int workers)
    {
        using var pool = new WorkerPool(workers);
        for (int loop = 0; loop < 200; loop++)
        {
            int count = loop % 37;
            var body = new CountingBody { Runs = new int[count], Workers = workers };
            pool.Run(count, ref body);
            Assert.All(body.Runs, runs => Assert.Equal(1, runs));
        }
    }

    [Fact]
    public void Sums_made_in_item_order_are_the_same_bits_for_every_number_of_workers()
    {
        double expected = SumOfParts(1);
        foreach (int workers in new[] { 2, 3, 7 })
        {
            Assert.Equal(expected, SumOfParts(workers));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void The_exception_of_a_body_is_rethrown_and_the_pool_stays_usable(int workers)
    {
        using var pool = new WorkerPool(workers);
        for (int loop = 0; loop < 20; loop++)
        {
            var failing = new FailingBody { FailAt = 3, Started = new int[1] };
            InvalidDataException thrown = Assert.Throws<InvalidDataException>(() => pool.Run(int.MaxValue, ref failing));
            Assert.Equal("item 3", thrown.Message);

            // Other workers go on while the exception is on its way; all items would take them many seconds.
            Assert.True(failing.Started[0] < int.MaxValue, "items after the failure must be skipped");

            var body = new CountingBody { Runs = new int[50], Workers = workers };
            pool.Run(50, ref body);
            Assert.All(body.Runs, runs => Assert.Equal(1, runs));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_nested_loop_is_refused(int workers)
    {
        using var pool = new WorkerPool(workers);
        var body = new NestingBody { Pool = pool };
        Assert.Throws<InvalidOperationException>(() => pool.Run(4, ref body));
    }

    [Fact]
    public void A_loop_allocates_nothing()
    {
        using var pool = new WorkerPool(3);
        var body = new PartsBody { Parts = new double[64] };
        for (int i = 0; i < 50; i++)
        {
            pool.Run(64, ref body);
        }

        // Workers allocate on their own threads, so the whole process is watched; other tests may allocate meanwhile, hence the best of
        // many.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 200 && least != 0; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            pool.Run(64, ref body);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        long own = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            pool.Run(64, ref body);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - own);
        Assert.Equal(0, least);
    }

    [Fact]
    public void Workers_wake_after_a_rest_and_a_disposed_pool_refuses_work()
    {
        var pool = new WorkerPool(2);
        var body = new CountingBody { Runs = new int[10], Workers = 2 };
        pool.Run(10, ref body);
        Thread.Sleep(20);
        pool.Run(10, ref body);
        Assert.All(body.Runs, runs => Assert.Equal(2, runs));
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Run(10, ref body));
    }

    [Fact]
    public void Zero_workers_means_all_cores_and_a_negative_number_is_refused()
    {
        using var pool = new WorkerPool(0);
        Assert.Equal(Environment.ProcessorCount, pool.Workers);
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerPool(-1));
    }

    private static double SumOfParts(int workers)
    {
        using var pool = new WorkerPool(workers);
        var body = new PartsBody { Parts = new double[101] };
        pool.Run(101, ref body);
        return body.Parts.Sum();
    }

    private struct CountingBody : IParallelBody
    {
        public int[] Runs;
        public int Workers;

        public readonly void Invoke(int item, int worker)
        {
            Assert.InRange(worker, 0, Workers - 1);
            Interlocked.Increment(ref Runs[item]);
        }
    }

    private struct PartsBody : IParallelBody
    {
        public double[] Parts;

        public readonly void Invoke(int item, int worker)
        {
            for (int i = 1; i < 500; i++)
            {
                Parts[item] += Math.Sin(item + (1.0 / i));
            }
        }
    }

    private struct FailingBody : IParallelBody
    {
        public int FailAt;
        public int[] Started;

        public readonly void Invoke(int item, int worker)
        {
            Interlocked.Increment(ref Started[0]);
            if (item == FailAt)
            {
                throw new InvalidDataException($"item {item}");
            }
        }
    }

    private struct NestingBody : IParallelBody
    {
        public WorkerPool Pool;

        public readonly void Invoke(int item, int worker)
        {
            var inner = new CountingBody { Runs = new int[4], Workers = Pool.Workers };
            Pool.Run(4, ref inner);
        }
    }
}
