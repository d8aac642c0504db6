using Gaw.Json;
using Gaw.JsonWeb.Client.Retries;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Reports;
using Gaw.JsonWeb.Streams;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.PostOffice;
using Gaw.Serialization;
using Gaw.Serialization.Streams;
using Gaw.Shared;

namespace Gaw.JsonWeb.Client;

/// <summary>What one attempt of a call is made of: its id, whom it names, what it asks to be kept, its time.</summary>
internal sealed class CallAttempts(JsonWebClientOptions clientOptions, CallIds ids, JsonLimits limits, ValueConverter<object> values)
{
    private readonly JsonWebClientOptions _options = clientOptions;
    private readonly CallIds _ids = ids;
    private readonly StreamAttempts _streams = new(clientOptions, ids);

    /// <summary>Only with a secret is there a server that wants to be named.</summary>
    private readonly bool _namesServers = clientOptions.Secret is not null;

    /// <summary>Give requests their ids.</summary>
    public CallIds Ids => _ids;

    /// <summary>Writes the request of an attempt and sends it, where the server has room.</summary>
    /// <returns><see langword="false"/>: nothing was sent.</returns>
    /// <exception cref="GawSerializationException">An argument cannot be written.</exception>
    public bool TrySend<TArguments>(RequestCarrier server, OutgoingCall call, in TArguments arguments, CallOptions? options, RetryState? failed, StreamWish? wish = null)
        where TArguments : ICallArguments
    {
        bool asks = failed?.Kept is not null;
        call.Refusals = failed?.Refusals ?? 0;
        CallRoute? next = _namesServers || _options.RetryWhen == RetryWhen.KeptReplies ? server.Next : null;
        KnownServer? known = next?.Server as KnownServer;
        call.Audience = _namesServers ? Audience.Choose(known, next is { IsSequential: true }, server.Server as KnownServer) : Audience.Unsaid;
        Identify(call, failed?.Kept, options is not { Idempotent: true } && wish is null ? known?.Keeping : null);
        bool sendsItems = StreamAttempts.Begin(call, failed?.Streams);
        JsonWriter writer = server.RentWriter();
        writer.Owner = call;
        CallRoute? route = null;
        try
        {
            TimeSpan timeout = _streams.GetTimeout(call, options, wish, sendsItems);
            TimeSpan? alive = sendsItems ? _streams.GetAlive(server, options) : null;
            CallTarget target = asks ? CallTarget.Repeat : call.Target;
            bool wantsReports = call.Reports is not null && !asks;
            RequestWriter.Write(
                writer, call.IdPrefix, call.Key, target, arguments, timeout, options?.Metadata, call.Keep, asks ? call.Path : null, call.Audience, wish, wantsReports, alive);
            writer.Owner = null;
            route = call.Streams is null ? server.TrySend(call, writer) : _streams.TrySend(server, call, call.Streams, writer, options);
        }
        catch (GawSerializationException e) when (e.During(call.Path) || asks)
        {
            throw new CannotAskException(e);
        }
        finally
        {
            if (route is null)
            {
                RequestCarrier.ReturnWriter(writer);
            }
        }

        KeepOnlyAt(route, call);
        return route is not null;
    }

    /// <summary>What is left of the time for connecting: of the call, or of the attempt after what was sent was lost.</summary>
    public TimeSpan GetConnectTime(long began, RetryState? failed)
    {
        if (_options.ConnectTimeout == Timeout.InfiniteTimeSpan)
        {
            return _options.ConnectTimeout;
        }

        TimeSpan rest = _options.ConnectTimeout - _options.TimeProvider.GetElapsedTime(failed?.LastSent ?? began);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    /// <inheritdoc cref="StreamAttempts.GetTerms"/>
    public StreamTerms GetTerms(RequestCarrier server, CallOptions? options) => _streams.GetTerms(server, options);

    /// <summary>A call for one attempt, whose result comes in parts.</summary>
    public StreamCall<T> Create<T>(CallTarget target, ItemsConverter<T> converter, CallOptions? options, long began, StreamTerms terms) =>
        new(target, converter, limits, _ids, terms, options?.Timeout ?? _options.CallTimeout, began) { Reports = ReportTarget.CreateReader(options, values) };

    /// <summary>A call for one attempt.</summary>
    public JsonWebCall<T> Rent<T>(CallTarget target, ValueConverter<T> converter, CallOptions? options, long began, bool synchronous)
    {
        JsonWebCall<T> call = JsonWebCall<T>.Rent(target, converter, limits, _ids, options?.Timeout ?? _options.CallTimeout, began, synchronous);
        if (options is not null)
        {
            call.Reports = ReportTarget.CreateReader(options, values);
        }

        return call;
    }

    /// <summary>Gives an attempt its id: a new one, or that of the attempt whose reply is asked for.</summary>
    private void Identify(OutgoingCall call, (byte[] IdPrefix, int Key, ReplyCacheKey Keep)? asked, ReplyCachePeer? keeping)
    {
        if (asked is { } kept)
        {
            (call.IdPrefix, call.Key, call.Keep) = kept;
            return;
        }

        call.IdPrefix = _ids.Next(out int key);
        call.Key = key;
        call.Keep = keeping?.Keep();
    }

    /// <summary>Where another server has the call, behind the same address, it keeps nothing that was meant for the first.</summary>
    private static void KeepOnlyAt(CallRoute? route, OutgoingCall call)
    {
        if (call.Keep is { } keep && (route?.Server as KnownServer)?.Keeping?.Server != keep.Server)
        {
            call.Keep = null;
        }
    }
}
