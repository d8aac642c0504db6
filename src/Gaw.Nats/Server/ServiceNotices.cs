using System.Reflection;
using Gaw.Json;
using Gaw.Nats.Engine;
using Gaw.Nats.Wire;
using Gaw.PostOffice;
using Gaw.PostOffice.Protection;

namespace Gaw.Nats.Server;

/// <summary>
/// Answers <c>$SRV.PING</c> and <c>$SRV.INFO</c> in the form of NATS services (ADR-32), once for each service, so that <c>nats micro ls</c> shows Gaw's workers, too. As it is the form of all, it is not sealed; it
/// says no more than what the engine sees anyway: services, methods, subjects.
/// </summary>
internal sealed class ServiceNotices(Worker worker)
{
    /// <summary>All that is asked of services.</summary>
    public const string Subject = "$SRV.>";

    /// <summary>The member of <c>metadata</c> that has the service's name where NATS's own form of names does not allow it, and marks a service as Gaw's.</summary>
    public const string Mark = "gaw.service";

    public const string MachineMark = "gaw.machine";

    public const string ProcessMark = "gaw.process";

    private static readonly string Version = typeof(GawServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+', '-')[0] ?? "1.0.0";

    public ValueTask Receive(EngineMessage message)
    {
        string[] tokens = message.Subject.Split('.');
        bool isInfo = tokens.Length >= 2 && tokens[1] == "INFO";
        if (message.ReplyTo is not { Length: > 0 } replyTo || !(isInfo || (tokens.Length >= 2 && tokens[1] == "PING")))
        {
            return default;
        }

        foreach (IGrouping<string, string> service in worker.GetPaths().GroupBy(static path => NatsSubjects.Split(path).Service))
        {
            string name = NameOf(service.Key);
            if ((tokens.Length < 3 || tokens[2] == name) && (tokens.Length < 4 || tokens[3] == worker.Name))
            {
                JsonWriter writer = MessageWriter.Rent(int.MaxValue);
                Write(writer, name, service, isInfo);
                worker.Outbox.Post(replyTo, writer, PlainFrameProtector.Instance);
            }
        }

        return worker.Outbox.WhenRoomAsync();
    }

    private static string NameOf(string text) => string.Concat(text.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));

    private void Write(JsonWriter writer, string name, IGrouping<string, string> service, bool isInfo)
    {
        writer.BeginObject();
        Member(writer, "type", isInfo ? "io.nats.micro.v1.info_response" : "io.nats.micro.v1.ping_response");
        Member(writer, "name", name);
        Member(writer, "id", worker.Name);
        Member(writer, "version", Version);
        writer.Name("metadata"u8);
        writer.BeginObject();
        Member(writer, Mark, service.Key);
        Member(writer, MachineMark, Environment.MachineName);
        Member(writer, ProcessMark, $"{Environment.ProcessId}");
        writer.EndObject();
        if (isInfo)
        {
            Member(writer, "description", "Gaw");
            writer.Name("endpoints"u8);
            writer.BeginArray();
            foreach (string path in service)
            {
                WriteEndpoint(writer, path);
            }

            writer.EndArray();
        }

        writer.EndObject();
    }

    private void WriteEndpoint(JsonWriter writer, string path)
    {
        writer.BeginObject();
        Member(writer, "name", NameOf(NatsSubjects.Split(path).Method));
        Member(writer, "subject", worker.Subjects.Call(path));
        Member(writer, "queue_group", NatsSubjects.Group);
        writer.Name("metadata"u8);
        writer.BeginObject();
        writer.EndObject();
        writer.EndObject();
    }

    private static void Member(JsonWriter writer, string name, string value)
    {
        writer.Name(name);
        writer.String(value);
    }
}
