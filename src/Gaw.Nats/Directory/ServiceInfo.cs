using Gaw.Json;
using Gaw.Nats.Server;
using Gaw.Nats.Wire;

namespace Gaw.Nats.Directory;

/// <summary>One reply to <c>$SRV.INFO</c>: one service of one worker. Pure.</summary>
internal sealed class ServiceInfo
{
    private delegate void MemberReader(ServiceInfo info, ref JsonReader reader, JsonText name);

    public string Worker { get; private set; } = "";

    public string? Service { get; private set; }

    public string Machine { get; private set; } = "";

    public string Process { get; private set; } = "";

    /// <summary>The subjects of its methods.</summary>
    public List<string> Subjects { get; } = [];

    /// <summary>Anybody on the engine can reply: what is no name of a worker becomes no part of a subject.</summary>
    /// <returns><see langword="null"/>: it is no reply of Gaw's.</returns>
    public static ServiceInfo? Read(ReadOnlySpan<byte> document)
    {
        ServiceInfo info = new();
        try
        {
            JsonReader reader = new(document, JsonLimits.Default);
            info.ReadObject(ref reader, static (ServiceInfo info, ref JsonReader reader, JsonText name) => info.ReadMember(ref reader, name));
        }
        catch (JsonFormatException)
        {
            return null;
        }

        return NatsSubjects.IsToken(info.Worker) && info.Service is not null ? info : null;
    }

    /// <summary>The paths of the service behind the subjects.</summary>
    public IEnumerable<string> GetPaths(NatsSubjects subjects) => Subjects.Select(subjects.GetPath).OfType<string>().Where(path => NatsSubjects.Split(path).Service == Service);

    private void ReadMember(ref JsonReader reader, JsonText name)
    {
        if (name.Equals("id"u8) && reader.Peek() == JsonKind.String)
        {
            Worker = reader.ReadString();
        }
        else if (name.Equals("metadata"u8) && reader.Peek() == JsonKind.Object)
        {
            ReadObject(ref reader, static (ServiceInfo info, ref JsonReader reader, JsonText name) => info.ReadMetadata(ref reader, name.ToString()));
        }
        else if (name.Equals("endpoints"u8) && reader.Peek() == JsonKind.Array)
        {
            reader.BeginArray();
            while (reader.NextItem())
            {
                ReadObject(ref reader, static (ServiceInfo info, ref JsonReader reader, JsonText name) => info.ReadEndpoint(ref reader, name));
            }
        }
        else
        {
            reader.Skip();
        }
    }

    private void ReadMetadata(ref JsonReader reader, string name)
    {
        if (reader.Peek() != JsonKind.String)
        {
            reader.Skip();
            return;
        }

        string value = reader.ReadString();
        Service = name == ServiceNotices.Mark ? value : Service;
        Machine = name == ServiceNotices.MachineMark ? value : Machine;
        Process = name == ServiceNotices.ProcessMark ? value : Process;
    }

    private void ReadEndpoint(ref JsonReader reader, JsonText name)
    {
        if (name.Equals("subject"u8) && reader.Peek() == JsonKind.String)
        {
            Subjects.Add(reader.ReadString());
        }
        else
        {
            reader.Skip();
        }
    }

    private void ReadObject(ref JsonReader reader, MemberReader read)
    {
        if (reader.Peek() != JsonKind.Object)
        {
            reader.Skip();
            return;
        }

        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            read(this, ref reader, name);
        }
    }
}
