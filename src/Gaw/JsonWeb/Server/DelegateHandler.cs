using Gaw.Json;
using Gaw.Serialization;
using Gaw.Shared;

namespace Gaw.JsonWeb.Server;

/// <summary>The handler of a path that a <see cref="JsonWebServer"/> used alone is given: everything as plain values.</summary>
internal sealed class DelegateHandler(ValueSerializer serializer, Func<JsonWebRequest, ValueTask<object?>> handler) : RequestHandler
{
    private readonly ValueConverter<object> _values = serializer.Get<object>();
    private readonly ValueConverter<List<object?>> _args = serializer.Get<List<object?>>();
    private readonly ValueConverter<Dictionary<string, object?>> _kwargs = serializer.Get<Dictionary<string, object?>>();

    public override object Bind(ReadOnlySpan<byte> args, ReadOnlySpan<byte> kwargs)
    {
        JsonReader argsReader = new(args, serializer.Limits);
        JsonReader kwargsReader = new(kwargs, serializer.Limits);
        return new Bound { Args = _args.Read(ref argsReader)!, Kwargs = _kwargs.Read(ref kwargsReader)! };
    }

    public override async ValueTask RunAsync(object bound, ServerCall call)
    {
        Bound request = (Bound)bound;
        request.Result = await ForeignTask.Guard(handler(new JsonWebRequest(call.Path, request.Args, request.Kwargs, call.RemoteEndPoint, call.GetCancellationToken()))).ConfigureAwait(false);
    }

    public override void WriteResult(object bound, JsonWriter writer) => _values.Write(writer, ((Bound)bound).Result);

    private sealed class Bound
    {
        public required List<object?> Args { get; init; }

        public required Dictionary<string, object?> Kwargs { get; init; }

        public object? Result { get; set; }
    }
}
