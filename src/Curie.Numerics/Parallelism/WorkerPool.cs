using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Curie.Numerics.Parallelism;

/// <summary>
/// A fixed set of threads that run parallel loops without allocating. The calling thread is worker 0 and takes part in every loop.
/// Idle workers spin for some microseconds, so that loops that follow each other closely start at once, and then sleep.
/// </summary>
/// <remarks>
/// One loop at a time: a pool may be used from any thread, but not from two at once and not from inside one of its own loops.
/// </remarks>
public sealed unsafe class WorkerPool : IDisposable
{
    /// <summary>
    /// Rounds of <see cref="Thread.SpinWait"/> before a worker sleeps: some tens of microseconds, about what waking it costs.
    /// </summary>
    private const int SpinRounds = 60;
    private const int SpinsPerRound = 20;

    private readonly Thread[] _threads;
    private readonly int _spinRounds;
    private readonly object _gate = new();
    private readonly object _finished = new();
    private delegate* <WorkerPool, void*, int, void> _drain;
    private void* _body;
    private long _count;
    private long _next;
    private int _loop;
    private bool _open;
    private int _active;
    private int _running;
    private bool _disposed;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts the workers.</summary>
    /// <param name="workers">How many, the calling thread included; 0 for all cores.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public WorkerPool(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        Workers = workers == 0 ? Environment.ProcessorCount : workers;

        // Spinning helps only while every worker has a core to itself.
        _spinRounds = Workers <= Environment.ProcessorCount ? SpinRounds : 0;
        _threads = new Thread[Workers - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"curie worker {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>The number of workers, the calling thread included.</summary>
    public int Workers { get; }

    /// <summary>
    /// Runs items 0 … count − 1 and returns when all are done. All workers share <paramref name="body"/> itself, not copies of it. After
    /// an exception no further item starts; the first one is rethrown here when the items already started have ended.
    /// </summary>
    /// <exception cref="InvalidOperationException">The pool is running a loop already: a nested loop, or one started by another
    /// thread.</exception>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    public void Run<TBody>(int count, ref TBody body)
        where TBody : struct, IParallelBody
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.Exchange(ref _running, 1) != 0)
        {
            throw new InvalidOperationException(
                "A worker pool runs one loop at a time; a loop must not start another one on the same pool."
            );
        }

        try
        {
            if (_threads.Length == 0 || count <= 1)
            {
                for (int i = 0; i < count; i++)
                {
                    body.Invoke(i, 0);
                }

                return;
            }

            // The body stays where it is until the loop has ended: it is on this thread's stack, or pinned here.
#pragma warning disable CS8500
            fixed (TBody* address = &body)
#pragma warning restore CS8500
            {
                RunShared(count, &Drain<TBody>, address);
            }
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    /// <summary>Ends and joins the workers. No loop may be running.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Monitor.PulseAll(_gate);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private static void Drain<TBody>(WorkerPool pool, void* address, int worker)
        where TBody : struct, IParallelBody
    {
        ref TBody body = ref Unsafe.AsRef<TBody>(address);
        try
        {
            for (long item = pool.TakeItem(); item < pool._count; item = pool.TakeItem())
            {
                body.Invoke((int)item, worker);
            }
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref pool._failure, ExceptionDispatchInfo.Capture(exception), null);
            Volatile.Write(ref pool._next, pool._count);
        }
    }

    private void RunShared(int count, delegate* <WorkerPool, void*, int, void> drain, void* body)
    {
        lock (_gate)
        {
            _drain = drain;
            _body = body;
            _count = count;
            _next = 0;
            _open = true;
            Volatile.Write(ref _loop, _loop + 1);
            Monitor.PulseAll(_gate);
        }

        drain(this, body, 0);

        // A worker that has not woken by now is not waited for: the closed loop lets nobody in any more.
        lock (_gate)
        {
            _open = false;
        }

        for (int round = 0; round < _spinRounds && Volatile.Read(ref _active) != 0; round++)
        {
            Thread.SpinWait(SpinsPerRound);
        }

        lock (_finished)
        {
            while (Volatile.Read(ref _active) != 0)
            {
                Monitor.Wait(_finished);
            }
        }

        ExceptionDispatchInfo? failure = _failure;
        _failure = null;
        failure?.Throw();
    }

    private long TakeItem() => Interlocked.Increment(ref _next) - 1;

    private void Work(int worker)
    {
        int seen = 0;
        while (Join(ref seen))
        {
            _drain(this, _body, worker);
            if (Interlocked.Decrement(ref _active) == 0)
            {
                lock (_finished)
                {
                    Monitor.Pulse(_finished);
                }
            }
        }
    }

    /// <summary>Waits for a loop that this worker has not seen and enters it; false when the pool ends.</summary>
    private bool Join(ref int seen)
    {
        for (int round = 0; round < _spinRounds && Volatile.Read(ref _loop) == seen; round++)
        {
            Thread.SpinWait(SpinsPerRound);
        }

        lock (_gate)
        {
            while (!_disposed && (!_open || _loop == seen))
            {
                Monitor.Wait(_gate);
            }

            if (_disposed)
            {
                return false;
            }

            seen = _loop;
            Interlocked.Increment(ref _active);
            return true;
        }
    }
}
