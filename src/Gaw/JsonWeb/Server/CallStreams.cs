using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.Streams;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.JsonWeb.Streams.Sending;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.JsonWeb.Server;

/// <summary>What of one call is a stream: its result, some of its arguments, both, or mostly neither.</summary>
/// <param name="result">Takes the items of the result; <see langword="null"/> where the result is one value.</param>
/// <param name="arguments">The arguments whose items come while the method runs; <see langword="null"/>: there are none.</param>
internal readonly struct CallStreams(ServerStream? result, InboundArguments? arguments)
{
    /// <inheritdoc cref="CallStreams(ServerStream, InboundArguments)" path="/param[@name='result']"/>
    public ServerStream? Result => result;

    /// <inheritdoc cref="CallStreams(ServerStream, InboundArguments)" path="/param[@name='arguments']"/>
    public InboundArguments? Arguments => arguments;

    /// <summary>The call has some.</summary>
    public bool Exist => result is not null || arguments is not null;

    /// <summary>The call counts among those that the server runs at once; <see langword="null"/>: as its handler says.</summary>
    public bool? TakesSlot => arguments is not null ? false : result?.TakesSlot;

    /// <summary>How long the call takes says nothing of its method.</summary>
    public bool ArePaced => arguments is not null || result is { TakesSlot: false };

    /// <summary>Finds what of a call is a stream.</summary>
    public static CallStreams Of(JsonWebServer server, CallReply reply, RequestMeta meta, RequestHandler handler, object bound) => new(
        handler.IsStream ? ServerStream.Create(server, reply, meta, handler, bound) : null,
        handler.TakesStreams && handler.HasStreams(bound) ? new InboundArguments(server, reply, handler, meta.Alive) : null);

    /// <summary>The call begins.</summary>
    /// <param name="hasNumber">Messages can name the call.</param>
    /// <returns>Why it must not run; <see langword="null"/>: it may.</returns>
    public ErrorInfo? Enter(bool hasNumber) =>
        arguments is not null && !hasNumber ? StreamErrors.NoNumber
        : arguments?.TryEnter() == false || result?.TryEnter(isCounted: arguments is not null) == false ? StreamErrors.TooMany
        : null;

    /// <summary>The source of the call's token.</summary>
    public CallCancellation Cancellation(TimeSpan limit, JsonWebServer server)
    {
        TimeProvider clock = server.PostOffice.Options.TimeProvider;
        if (!Exist)
        {
            return new CallCancellation(limit, clock, server.Log);
        }

        StreamCancellation cancellation = new(result, arguments, limit, clock, server.Log);
        result?.Cancellation = cancellation;
        arguments?.Cancellation = cancellation;
        return cancellation;
    }

    public void Dispose()
    {
        result?.Dispose();
        arguments?.Dispose();
    }
}
