using System.Diagnostics;
using System.Net;
using Gaw.JsonWeb.Envelopes;

namespace Gaw.Telemetry;

/// <summary>A call as its caller's listeners see it: one span and one duration for all attempts.</summary>
internal readonly struct ClientSpan
{
    private readonly Activity? _activity;
    private readonly MethodTags? _tags;
    private readonly long _began;

    private ClientSpan(Activity? activity, MethodTags tags)
    {
        _activity = activity;
        _tags = tags;
        _began = Stopwatch.GetTimestamp();
    }

    /// <summary>The span has begun and has not ended.</summary>
    public bool IsOpen => _tags is not null;

    /// <summary>Begins the span of a call, where somebody listens. It is the current activity until it ends, so that each attempt sends its context (<see cref="TraceContext"/>).</summary>
    /// <param name="target">What is called.</param>
    /// <param name="server">The server as it was given, the first of several.</param>
    public static ClientSpan Begin(CallTarget target, EndPoint server) => Instruments.WantsClientCalls ? Begin(target.GetTags(server)) : default;

    /// <summary>Notes an attempt that failed and is followed by another.</summary>
    public static void AttemptFailed(string method, int number, Exception error)
    {
        Instruments.Retried(method);
        if (Activity.Current is { Kind: ActivityKind.Client } activity && activity.Source == Instruments.Source)
        {
            ActivityTagsCollection tags = new() { [TelemetryNames.AttemptNumber] = number, [TelemetryNames.ErrorType] = Spans.ErrorTypeOf(error) };
            if (error is GawConnectionException connection)
            {
                tags.Add(TelemetryNames.AttemptExecution, connection.Execution.ToString());
            }

            activity.AddEvent(new ActivityEvent(TelemetryNames.AttemptEvent, tags: tags));
        }
    }

    /// <summary>Ends the span, if it is open.</summary>
    /// <param name="error">What the caller gets in place of a result.</param>
    /// <param name="isStream">The result or an argument is a stream: its time is recorded apart.</param>
    /// <param name="items">How many items of the result were given to the caller; <see langword="null"/>: it is no stream.</param>
    public void End(Exception? error, bool isStream = false, long? items = null)
    {
        if (_tags is not null)
        {
            Spans.End(_activity, isStream ? Instruments.ClientStreamDuration : Instruments.ClientDuration, _tags, _began, error, items);
        }
    }

    private static ClientSpan Begin(MethodTags tags)
    {
        if (!Instruments.HasListeners)
        {
            return new ClientSpan(activity: null, tags);
        }

        Activity? before = Activity.Current;
        try
        {
            return new ClientSpan(Instruments.Source?.StartActivity(ActivityKind.Client, tags: tags.AsSequence(), name: tags.Method), tags);
        }
        catch (Exception)
        {
            // A listener or a sampler of the program's: the call is worth more. A span of which only the beginning came about is not the caller's.
            Activity.Current = before;
            return new ClientSpan(activity: null, tags);
        }
    }
}
