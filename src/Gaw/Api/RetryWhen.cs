namespace Gaw;

/// <summary>Which calls a client sends again when their connection fails. How often is said by <c>Retries</c>.</summary>
public enum RetryWhen
{
    /// <summary>Those that cannot have run: connecting failed, or the call was not sent whole. And those that are idempotent.</summary>
    NotRun,

    /// <summary>All, as Python gaw does: a method may run more than once.</summary>
    AnyFailure,

    /// <summary>
    /// As <see cref="NotRun"/>, and those whose server keeps replies (<c>GawServerOptions.KeepReplies</c>): they are asked for
    /// again under the id that they had, so that each runs once and is answered, also when its reply was lost. For other servers this is <see cref="NotRun"/>.
    /// </summary>
    KeptReplies,
}
