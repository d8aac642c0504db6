using System.Diagnostics;
using System.Net;

namespace Gaw.Telemetry;

/// <summary>A call as its server's listeners see it: one span and one duration, from the start of its filters until its reply is written.</summary>
internal readonly struct ServerSpan
{
    private static readonly MethodTags Other = new(TelemetryNames.OtherMethod);

    private readonly Activity? _activity;
    private readonly MethodTags? _tags;
    private readonly long _began;

    private ServerSpan(Activity? activity, MethodTags tags)
    {
        _activity = activity;
        _tags = tags;
        _began = Stopwatch.GetTimestamp();
        Instruments.ActiveCallsChanged(1);
    }

    /// <summary>Somebody listens to calls.</summary>
    public static bool IsWanted => Instruments.WantsServerCalls;

    /// <summary>The callers' metadata are wanted for their trace.</summary>
    public static bool TakesMeta => Instruments.HasListeners;

    /// <summary>The span has begun and has not ended.</summary>
    public bool IsOpen => _tags is not null;

    /// <summary>Begins the span: the parent is the caller's, where it has sent one.</summary>
    public static ServerSpan Begin(MethodTags tags, IReadOnlyDictionary<string, string> metadata, EndPoint? peer) => new(Start(tags, original: null, metadata, peer), tags);

    /// <summary>Notes a call of a path that the server does not know.</summary>
    public static void NotFound(string path, IReadOnlyDictionary<string, string> metadata, EndPoint? peer, Exception error)
    {
        const int longest = 200;
        ServerSpan span = new(Start(Other, path.Length > longest ? path[..longest] : path, metadata, peer), Other);
        span.End(error);
    }

    /// <summary>Ends the span.</summary>
    /// <param name="error">What the call failed with.</param>
    /// <param name="isStream">Its result went out in parts, whose time is recorded apart.</param>
    /// <param name="items">How many items of the result were sent; <see langword="null"/>: it went out as one.</param>
    public void End(Exception? error, bool isStream = false, long? items = null)
    {
        Instruments.ActiveCallsChanged(-1);
        Spans.End(_activity, isStream ? Instruments.ServerStreamDuration : Instruments.ServerDuration, _tags!, _began, error, items);
    }

    private static Activity? Start(MethodTags method, string? original, IReadOnlyDictionary<string, string> metadata, EndPoint? peer)
    {
        if (!Instruments.HasListeners)
        {
            return null;
        }

        Activity? before = Activity.Current;
        try
        {
            Activity? activity = Instruments.Source?.StartActivity(ActivityKind.Server, TraceContext.Extract(metadata), method.AsSequence(), name: method.Method);
            if (activity is not null)
            {
                TraceContext.ExtractBaggage(metadata, activity);
                if (activity.IsAllDataRequested)
                {
                    Describe(activity, original, peer);
                }
            }

            return activity;
        }
        catch (Exception)
        {
            // A listener, a sampler or a propagator of the program's: the call is worth more.
            Activity.Current = before;
            return null;
        }
    }

    /// <summary>Tags that no sampler asks for.</summary>
    private static void Describe(Activity activity, string? original, EndPoint? peer)
    {
        if (peer is IPEndPoint ip)
        {
            activity.AddTag(TelemetryNames.PeerAddress, ip.Address.ToString());
            activity.AddTag(TelemetryNames.PeerPort, ip.Port);
        }

        if (original is not null)
        {
            activity.AddTag(TelemetryNames.RpcMethodOriginal, original);
        }
    }
}
