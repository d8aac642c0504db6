using System.Globalization;
using System.Reflection;
using Gaw.Json;
using Gaw.Nats.Engine;
using Gaw.Nats.Server.Requests;
using Gaw.Nats.Wire;
using Gaw.PostOffice;
using Gaw.PostOffice.Protection;

namespace Gaw.Nats.Server;

/// <summary>
/// Answers <c>$SRV.PING</c>, <c>$SRV.INFO</c> and <c>$SRV.STATS</c> in the form of NATS services (ADR-32), once for each service, so that
/// <c>nats micro ls</c>, <c>info</c> and <c>stats</c> show Gaw's workers, too. As it is the form of all, it is not sealed; it
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

    private const string Ping = "PING";

    private const string Info = "INFO";

    private const string Stats = "STATS";

    private static readonly string Version = typeof(GawServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+', '-')[0] ?? "1.0.0";

    public ValueTask Receive(EngineMessage message)
    {
        string[] tokens = message.Subject.Split('.');
        string question = tokens.Length >= 2 ? tokens[1] : "";
        if (message.ReplyTo is not { Length: > 0 } replyTo || question is not (Ping or Info or Stats))
        {
            return default;
        }

        foreach (IGrouping<string, string> service in worker.GetPaths().GroupBy(static path => NatsSubjects.Split(path).Service))
        {
            string name = NameOf(service.Key);
            if ((tokens.Length < 3 || tokens[2] == name) && (tokens.Length < 4 || tokens[3] == worker.Name))
            {
                JsonWriter writer = MessageWriter.Rent(int.MaxValue);
                Write(writer, name, service, question);
                worker.Outbox.Post(replyTo, writer, PlainFrameProtector.Instance);
            }
        }

        return worker.Outbox.WhenRoomAsync();
    }

    /// <summary>The form has names of letters, digits, <c>-</c> and <c>_</c> only, one at least.</summary>
    private static string NameOf(string text) => text.Length == 0 ? "_" : string.Concat(text.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));

    private void Write(JsonWriter writer, string name, IGrouping<string, string> service, string question)
    {
        writer.BeginObject();
        Member(writer, "type", $"io.nats.micro.v1.{question.ToLowerInvariant()}_response");
        Member(writer, "name", name);
        Member(writer, "id", worker.Name);
        Member(writer, "version", Version);
        writer.Name("metadata"u8);
        writer.BeginObject();
        Member(writer, Mark, service.Key);
        Member(writer, MachineMark, Environment.MachineName);
        Member(writer, ProcessMark, $"{Environment.ProcessId}");
        writer.EndObject();
        switch (question)
        {
            case Info:
                Member(writer, "description", "Gaw");
                WriteEndpoints(writer, service, WriteInfo);
                break;
            case Stats:
                Member(writer, "started", worker.Started.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
                WriteEndpoints(writer, service, WriteStats);
                break;
        }

        writer.EndObject();
    }

    private void WriteEndpoints(JsonWriter writer, IEnumerable<string> paths, Action<JsonWriter, string> writeMembers)
    {
        writer.Name("endpoints"u8);
        writer.BeginArray();
        foreach (string path in paths)
        {
            string subject = worker.Subjects.Call(path);
            writer.BeginObject();
            Member(writer, "name", NameOf(NatsSubjects.Split(path).Method));
            Member(writer, "subject", subject);
            Member(writer, "queue_group", NatsSubjects.Group);
            writeMembers(writer, subject);
            writer.EndObject();
        }

        writer.EndArray();
    }

    private static void WriteInfo(JsonWriter writer, string subject)
    {
        writer.Name("metadata"u8);
        writer.BeginObject();
        writer.EndObject();
    }

    /// <summary>What errors say is sealed where there is a secret, so it is not told here.</summary>
    private void WriteStats(JsonWriter writer, string subject)
    {
        RouteStats? stats = worker.Intake.FindStats(subject);
        long runs = stats?.Runs ?? 0;
        long nanoseconds = (long)(stats?.Time ?? TimeSpan.Zero).TotalNanoseconds;
        Member(writer, "num_requests", runs);
        Member(writer, "num_errors", stats?.Errors ?? 0);
        Member(writer, "last_error", "");
        Member(writer, "processing_time", nanoseconds);
        Member(writer, "average_processing_time", runs == 0 ? 0 : nanoseconds / runs);
    }

    private static void Member(JsonWriter writer, string name, long value)
    {
        writer.Name(name);
        writer.Integer(value);
    }

    private static void Member(JsonWriter writer, string name, string value)
    {
        writer.Name(name);
        writer.String(value);
    }
}
