using Gaw.Json;

namespace Gaw.JsonWeb.Reports;

/// <summary>
/// The reports of one attempt of a call, from the thread that reads to the caller's <see cref="IProgress{T}"/>: one after the other, the newest where several wait, all before the call ends. Thread-safe.
/// </summary>
internal abstract class ReportReader
{
    private bool _hasNext;
    private bool _isTelling;
    private bool _isOver;
    private Action? _end;

    protected Lock Gate { get; } = new();

    /// <summary>Reads a report; nobody is told yet.</summary>
    /// <exception cref="GawSerializationException">It is no value of the type that is wanted.</exception>
    public void Read(ref JsonReader payload)
    {
        Keep(ref payload);
        lock (Gate)
        {
            _hasNext = true;
        }
    }

    /// <summary>Tells what was read, unless another thread is telling something: then that one tells this, too.</summary>
    /// <param name="inline">Here and now; otherwise on a thread of the pool.</param>
    /// <param name="failed">Gets what the caller's code throws.</param>
    public void Tell(bool inline, Action<Exception> failed)
    {
        lock (Gate)
        {
            if (!_hasNext || _isTelling || _isOver)
            {
                return;
            }

            _isTelling = true;
        }

        if (inline)
        {
            TellAll(failed);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(static told => told.Reader.TellAll(told.Failed), (Reader: this, Failed: failed), preferLocal: true);
        }
    }

    /// <summary>The call ends without its reply: nothing more is told.</summary>
    public void Stop()
    {
        lock (Gate)
        {
            _isOver = true;
        }
    }

    /// <summary>The call has its reply.</summary>
    /// <param name="end">Ends it.</param>
    /// <returns><see langword="true"/>: at once. <see langword="false"/>: something is being told, and its thread runs <paramref name="end"/> behind it.</returns>
    public bool TryEnd(Action end)
    {
        lock (Gate)
        {
            _end = _isTelling ? end : null;
            return !_isTelling;
        }
    }

    /// <summary>Reads a value, and keeps it in place of the one before.</summary>
    protected abstract void Keep(ref JsonReader payload);

    /// <summary>Tells the value that was kept last.</summary>
    protected abstract void TellKept();

    private void TellAll(Action<Exception> failed)
    {
        Action? end;
        while (TryTakeNext(out end))
        {
            try
            {
                TellKept();
            }
            catch (Exception e)
            {
                failed(e);
            }
        }

        end?.Invoke();
    }

    private bool TryTakeNext(out Action? end)
    {
        lock (Gate)
        {
            bool hasNext = _hasNext && !_isOver;
            _isTelling = hasNext;
            _hasNext = false;
            end = hasNext ? null : _end;
            return hasNext;
        }
    }
}
