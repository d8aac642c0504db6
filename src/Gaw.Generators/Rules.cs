using Microsoft.CodeAnalysis;

namespace Gaw.Generators;

/// <summary>What is not supported on service interfaces and classes. An id is never used for another rule.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor NoMethod = Error("GAW001", "A service interface has methods only", "{0} is {1}; a service interface has methods only");

    public static readonly DiagnosticDescriptor Generic = Error("GAW002", "A method that can be called is not generic", "{0} is generic; the wire carries no type arguments");

    public static readonly DiagnosticDescriptor ByReference = Error("GAW003", "A method that can be called has no ref, in or out parameters", "{0} has the ref, in or out parameter {1}; return what changes");

    public static readonly DiagnosticDescriptor CannotCross = Error("GAW004", "The types of a method that can be called have a form on the wire", "{0} has the type {1} in its signature, which cannot cross: {2}");

    public static readonly DiagnosticDescriptor SameName = Error("GAW005", "Each method has a name of its own on the wire", "{0} and {1} would both be called \"{2}\"; give one of them a name with [Entrypoint(\"...\")]");

    public static readonly DiagnosticDescriptor SeveralOfOne = Error("GAW006", "A call has one cancellation token and one set of options", "{0} has several {1}; a call has one");

    public static readonly DiagnosticDescriptor Disposable = Error("GAW007", "A service interface is not disposable", "{0} derives from {1}, but there is nothing to dispose of; the client is disposed instead");

    public static readonly DiagnosticDescriptor NotPublic = Error("GAW008", "An entrypoint is public", "{0} is an entrypoint and not public; GawServer.Add refuses it");

    public static readonly DiagnosticDescriptor NoEntrypoint = Error("GAW009", "A service class has an entrypoint", "{0} has no entrypoint; mark the methods that may be called with [Entrypoint], or implement an interface with [Service]");

    public static readonly DiagnosticDescriptor NotWritten = new(
        "GAW010", "No proxy is written for this service interface", "{0} gets no proxy at compile time, because {1}; For<T>() makes one at run time, which a program compiled ahead of time cannot", "Gaw", DiagnosticSeverity.Info, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor OneWay = new(
        "GAW011", "A type that has to be received can be made of what came", "{0} has the type {1} in its signature, which can be sent but not received: {2}", "Gaw", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor AsyncVoid = Error("GAW012", "An entrypoint is not async void", "{0} is async void, so nobody could tell when it ends, and what it throws would end the process; return a Task");

    public static readonly DiagnosticDescriptor SameParameter = Error("GAW013", "Each parameter has a name of its own on the wire", "{0} has the parameters {1} and {2}, which would both be called \"{3}\"; give one of them another name");

    public static readonly DiagnosticDescriptor NotAwaitable = Error("GAW014", "A dynamic call is awaited with the suffix Async", "{0}(...) waits for its result itself, which is no task, so to await it fails after the call was made; {1}");

    private static DiagnosticDescriptor Error(string id, string title, string message) => new(id, title, message, "Gaw", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
