using System.Diagnostics;
using Gaw.Json;
using Gaw.Telemetry;

namespace Gaw.JsonWeb.Envelopes;

/// <summary>
/// Writes <c>"headers"</c> of a request: what the caller has set itself, then the trace that the call belongs to. Straight into the request, as a dictionary for each call
/// would cost as much as its span.
/// </summary>
internal sealed class HeaderWriter
{
    [ThreadStatic]
    private static HeaderWriter? _free;

    private JsonWriter _writer = null!;
    private IReadOnlyDictionary<string, string>? _own;
    private bool _isOpen;

    /// <summary>Writes the member, unless it would be empty.</summary>
    /// <param name="writer">Stands inside the request's <c>meta</c>.</param>
    /// <param name="own">What the caller has set; <see langword="null"/> for nothing.</param>
    /// <exception cref="GawSerializationException">A name is empty, or a value is <see langword="null"/>: the other side would read an empty text.</exception>
    public static void Write(JsonWriter writer, IReadOnlyDictionary<string, string>? own)
    {
        if (Activity.Current is not { } activity)
        {
            if (own is not null)
            {
                MetaHeaders.Write(writer, own);
            }

            return;
        }

        // A propagator may make a call of its own meanwhile.
        HeaderWriter headers = _free ?? new HeaderWriter();
        _free = null;
        headers.Write(writer, own, activity);
        _free = headers;
    }

    /// <summary>Adds a text, unless the caller has set one of that name itself.</summary>
    public void TryAdd(string name, string? value)
    {
        if (string.IsNullOrEmpty(name) || value is null || _own?.ContainsKey(name) == true)
        {
            return;
        }

        Open();
        _writer.Name(name);
        _writer.String(value);
    }

    private void Write(JsonWriter writer, IReadOnlyDictionary<string, string>? own, Activity activity)
    {
        _writer = writer;
        _own = own;
        _isOpen = false;
        if (own is not null)
        {
            Open();
            MetaHeaders.WriteTexts(writer, own);
        }

        TraceContext.Inject(activity, this);
        if (_isOpen)
        {
            writer.EndObject();
        }

        _writer = null!;
        _own = null;
    }

    private void Open()
    {
        if (!_isOpen)
        {
            _isOpen = true;
            _writer.Name(MetaHeaders.Name);
            _writer.BeginObject();
        }
    }
}
