namespace Gaw.Nats.Server.Requests;

/// <summary>See <see cref="Admission"/>.</summary>
internal enum AdmissionStep
{
    Run,
    Hold,
    Refuse,
}
