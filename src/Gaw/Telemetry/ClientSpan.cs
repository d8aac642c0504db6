using System.Diagnostics;

namespace Gaw.Telemetry;

/// <summary>A call as its caller's listeners see it: one span and one duration for all attempts.</summary>
internal readonly struct ClientSpan
{
    private readonly Activity? _activity;
    private readonly MethodTags _tags;
    private readonly long _began;

    private ClientSpan(Activity? activity, MethodTags tags)
    {
        _activity = activity;
        _tags = tags;
        _began = Stopwatch.GetTimestamp();
    }

    /// <summary>Somebody listens, or the caller belongs to a trace that goes on through the call.</summary>
    public static bool IsWanted => Instruments.HasListeners || Instruments.ClientDuration is { Enabled: true } || Activity.Current is not null;

    /// <summary>Begins the span and puts its context into the call's metadata.</summary>
    public static ClientSpan Begin(MethodTags tags, ref CallOptions? options)
    {
        Activity? activity = null;
        Activity? before = Activity.Current;
        try
        {
            if (Instruments.HasListeners)
            {
                activity = Instruments.Source?.StartActivity(ActivityKind.Client, tags: tags.AsSequence(), name: tags.Method);
            }

            IReadOnlyDictionary<string, string>? metadata = TraceContext.Inject(activity ?? Activity.Current, options?.Metadata);
            if (metadata != options?.Metadata)
            {
                options = (options ?? new CallOptions()) with { Metadata = metadata };
            }
        }
        catch (Exception)
        {
            // A listener, a sampler or a propagator of the program's: the call is worth more. A span of which only the beginning came about is not the caller's.
            if (activity is null)
            {
                Activity.Current = before;
            }
        }

        return new ClientSpan(activity, tags);
    }

    /// <summary>Notes an attempt that failed and is followed by another.</summary>
    public static void AttemptFailed(string method, int number, Exception error)
    {
        Instruments.Retried(method);
        if (Activity.Current is { Kind: ActivityKind.Client } activity && activity.Source == Instruments.Source)
        {
            ActivityTagsCollection tags = new() { [TelemetryNames.AttemptNumber] = number, [TelemetryNames.ErrorType] = Instruments.ErrorTypeOf(error) };
            if (error is GawConnectionException connection)
            {
                tags.Add(TelemetryNames.AttemptExecution, connection.Execution.ToString());
            }

            activity.AddEvent(new ActivityEvent(TelemetryNames.AttemptEvent, tags: tags));
        }
    }

    /// <summary>Ends the span.</summary>
    /// <param name="error">What the caller gets in place of a result.</param>
    public void End(Exception? error) => Spans.End(_activity, Instruments.ClientDuration, _tags, _began, error);
}
