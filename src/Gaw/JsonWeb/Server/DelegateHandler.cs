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

    public override object? TryBind(ArgumentSpans arguments)
    {
        JsonReader argsReader = new(arguments.Args, serializer.Limits);
        List<object?> args = _args.Read(ref argsReader)!;
        if (!arguments.TryGetKwargs(argsReader.Position, out ReadOnlySpan<byte> named))
        {
            return null;
        }

        JsonReader kwargsReader = new(named, serializer.Limits);
        Dictionary<string, object?> kwargs = _kwargs.Read(ref kwargsReader)!;
        return kwargsReader.Position == named.Length ? new Bound { Args = args, Kwargs = kwargs } : null;
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
