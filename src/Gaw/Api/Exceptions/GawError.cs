namespace Gaw;

/// <summary>
/// Thrown by a service to choose what crosses the wire: the caller gets a <see cref="GawRemoteException"/> with this name and message
/// (a Python caller its <c>JsonSocketException</c>). Any other exception crosses as its short type name and message.
/// </summary>
/// <param name="name">The name the caller sees, for example <c>KeyError</c>.</param>
/// <param name="message">The message the caller sees.</param>
/// <param name="innerException">What led to it; stays on the server.</param>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "An error without a name says nothing to the caller.")]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "It is the error that crosses the wire; the caller's side has the exception.")]
public sealed class GawError(string name, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The name the caller sees.</summary>
    public string Name { get; } = !string.IsNullOrEmpty(name) ? name : throw new ArgumentException("Give the name that the caller shall see, for example \"KeyError\".", nameof(name));
}
