using System.Net;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;

namespace Gaw;

/// <summary>A call as an <see cref="IGawFilter"/> sees it. On a server the method gets the same object as its <see cref="GawCallContext"/>.</summary>
public abstract class GawFilterContext : GawCallContext
{
    private protected GawFilterContext(string path, IReadOnlyDictionary<string, string> metadata, EndPoint? remoteEndPoint, X509Certificate2? clientCertificate, CancellationToken cancellationToken)
        : base(path, metadata, remoteEndPoint, clientCertificate, cancellationToken)
    {
    }

    /// <summary>On a server the method that is called, with its attributes; on a client <see langword="null"/>.</summary>
    public abstract MethodInfo? Method { get; }

    /// <summary>The arguments; on a server all of them, defaults included, as the method gets them.</summary>
    public abstract GawArguments Arguments { get; }

    /// <summary>
    /// The result, once the call has been made; <see langword="null"/> where there is none. Can be replaced by one of the same type, and set without
    /// making the call.
    /// </summary>
    /// <exception cref="ArgumentException">The value is not of the type that the call returns.</exception>
    public abstract object? Result { get; set; }

    /// <summary>Adds to <see cref="GawCallContext.Metadata"/>, or replaces there: on a client before it is sent, on a server for what comes behind this filter.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public void SetMetadata(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        Metadata = new Dictionary<string, string>(Metadata, StringComparer.Ordinal) { [name] = value };
    }

    /// <summary>A value for a place of type <typeparamref name="T"/>.</summary>
    /// <exception cref="ArgumentException">It does not fit.</exception>
    internal static T Fit<T>(object? value, string place) => value switch
    {
        T fitting => fitting,
        null when default(T) is null => default!,
        _ => throw new ArgumentException($"{place} takes a value of type {typeof(T)}, not {(value is null ? "null" : $"one of type {value.GetType()}")}.", nameof(value)),
    };
}
