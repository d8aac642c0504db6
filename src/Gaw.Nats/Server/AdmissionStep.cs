namespace Gaw.Nats.Server;

/// <summary>See <see cref="Admission"/>.</summary>
internal enum AdmissionStep
{
    Run,
    Hold,
    Refuse,
}
