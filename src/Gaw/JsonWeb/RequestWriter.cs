using Gaw.Json;
using Gaw.PostOffice;

namespace Gaw.JsonWeb;

/// <summary>
/// Writes requests in the original's form, with <c>meta</c> beside <c>args</c> and <c>kwargs</c>: an original server ignores it, a .NET
/// server may then answer out of order.
/// </summary>
internal static class RequestWriter
{
    public static void Write<TArguments>(JsonWriter writer, ReadOnlySpan<byte> idPrefix, int key, CallTarget target, in TArguments arguments)
        where TArguments : ICallArguments
    {
        writer.Append("{\"_v\": {\"id\": "u8);
        writer.Append(idPrefix);
        Span<byte> digits = stackalloc byte[CallIds.KeyDigits];
        CallIds.WriteKey(digits, key);
        writer.Append(digits);
        writer.Append(target.AfterId);
        arguments.WriteArgs(writer);
        writer.Append("], \"_t\": \"tuple\"}, \"kwargs\": "u8);
        writer.BeginObject();
        arguments.WriteKwargs(writer);
        writer.EndObject();
        writer.Append(", \"meta\": {}}}, \"_t\": \"RequestDataType\"}"u8);
    }
}
