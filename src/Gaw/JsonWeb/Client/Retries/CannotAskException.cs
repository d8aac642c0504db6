namespace Gaw.JsonWeb.Client.Retries;

/// <summary>The question for a reply cannot be written: it is a little longer than the call, and above a limit.</summary>
internal sealed class CannotAskException(GawSerializationException reason) : GawException(reason.Message, reason);
