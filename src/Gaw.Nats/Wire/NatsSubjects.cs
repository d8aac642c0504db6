using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gaw.Nats.Wire;

/// <summary>The subjects of PROTOCOL section 12.8: where a call goes, where its reply comes, and where workers are asked. Pure.</summary>
/// <param name="prefix">What all subjects begin with, <c>gaw</c> unless the address says otherwise.</param>
internal sealed class NatsSubjects(string prefix)
{
    public const string DefaultPrefix = "gaw";

    /// <summary>The queue group of all workers of a service: the engine picks one of them for each call.</summary>
    public const string Group = "gaw";

    /// <summary>The path of what a worker says of itself begins so.</summary>
    public const string SelfService = "_gaw";

    /// <summary>Behind the inbox of a client: the notices of workers that have calls of it.</summary>
    public const string TakenToken = "taken";

    /// <summary>Behind the inbox of a client, in front of the number of a question: the notices it brings.</summary>
    public const string QuestionToken = "q";

    /// <summary>
    /// Behind the subject of a reply: a worker without a place for the call keeps it until there is one, as
    /// far as it has room. Without it the worker says at once that it has no place.
    /// </summary>
    public const string WaitsMark = "-waits";

    /// <summary>In front of the service of a call whose arguments follow it item by item.</summary>
    private const string StreamToken = "$s";

    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public string Prefix => prefix;

    /// <summary>Any worker, for what it says of itself.</summary>
    public string AnyWorker => $"{prefix}.{SelfService}";

    /// <summary>The subject of a call.</summary>
    /// <param name="path">Service and method, <c>stock/find</c>.</param>
    public string Call(string path)
    {
        (string service, string method) = Split(path);
        return service == SelfService ? AnyWorker : $"{prefix}.{Escape(service)}.{Escape(method)}";
    }

    /// <summary>What the workers of a service listen to.</summary>
    public string Calls(string service) => $"{prefix}.{Escape(service)}.>";

    /// <summary>The subject of a call whose arguments are streams: workers that know nothing of them do not listen there.</summary>
    public string CallWithStreams(string path)
    {
        (string service, string method) = Split(path);
        return $"{prefix}.{StreamToken}.{Escape(service)}.{Escape(method)}";
    }

    /// <summary>What the workers of a service listen to that take streams as arguments.</summary>
    public string CallsWithStreams(string service) => $"{prefix}.{StreamToken}.{Escape(service)}.>";

    /// <summary>One worker of a service, for what it says of itself.</summary>
    public string Describe(string service) => $"{prefix}.{SelfService}.{Escape(service)}";

    /// <summary>All workers of a service: cancellations, and the question who runs a call.</summary>
    public string AllOf(string service) => $"{prefix}.$.{Escape(service)}";

    /// <summary>One worker by name.</summary>
    public string Worker(string name) => $"{prefix}.$w.{name}";

    /// <summary>The path that a call's subject is for; <see langword="null"/>: the subject is none of a call.</summary>
    public string? GetPath(string subject)
    {
        if (!subject.StartsWith(prefix, StringComparison.Ordinal) || subject.Length <= prefix.Length || subject[prefix.Length] != '.')
        {
            return null;
        }

        string[] tokens = subject[(prefix.Length + 1)..].Split('.');
        tokens = tokens is [StreamToken, .. { Length: 2 } rest] ? rest : tokens;
        return tokens.Length == 2 && tokens[0] != SelfService && Unescape(tokens[0]) is { } service && Unescape(tokens[1]) is { } method ? $"{service}/{method}" : null;
    }

    /// <summary>Where the reply to a call comes.</summary>
    /// <param name="inbox">Of the client, with the point at its end.</param>
    /// <param name="key">Of the call.</param>
    public static string Reply(string inbox, int key) => string.Create(CultureInfo.InvariantCulture, $"{inbox}{key:D9}");

    /// <summary>The key of the call in the subject of its reply; -1: the last token is no number, so nobody asks for the call.</summary>
    public static int GetKey(string replyTo) => int.TryParse(replyTo.AsSpan(replyTo.LastIndexOf('.') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int key) ? key : -1;

    /// <summary>The subject of a reply without the mark.</summary>
    /// <param name="replyTo">As it stands in the message.</param>
    /// <param name="mayWait">The mark was there.</param>
    public static string TakeMark(string replyTo, out bool mayWait)
    {
        mayWait = replyTo.EndsWith(WaitsMark, StringComparison.Ordinal);
        return mayWait ? replyTo[..^WaitsMark.Length] : replyTo;
    }

    /// <summary>The inbox that a reply's subject belongs to, with the point at its end.</summary>
    public static string InboxOf(string reply) => reply[..(reply.LastIndexOf('.') + 1)];

    /// <summary>Service and method of a path: the last slash parts them.</summary>
    public static (string Service, string Method) Split(string path)
    {
        int slash = path.LastIndexOf('/');
        return slash < 0 ? ("", path) : (path[..slash], path[(slash + 1)..]);
    }

    /// <summary>A name as one token: all but letters, digits, <c>-</c> and <c>_</c> as the <c>%XX</c> of their UTF-8 bytes. An empty name is a lone <c>%</c>.</summary>
    public static string Escape(string name)
    {
        if (name.Length > 0 && !name.AsSpan().ContainsAnyExcept(Plain))
        {
            return name;
        }

        StringBuilder token = new();
        foreach (byte unit in Encoding.UTF8.GetBytes(name))
        {
            if (Plain.Contains((char)unit))
            {
                token.Append((char)unit);
            }
            else
            {
                token.Append(CultureInfo.InvariantCulture, $"%{unit:X2}");
            }
        }

        return token.Length == 0 ? "%" : token.ToString();
    }

    /// <summary>The name that a token stands for; <see langword="null"/>: it is no token of ours. Of several spellings only the one of <see cref="Escape"/> is taken.</summary>
    public static string? Unescape(string token)
    {
        if (token == "%")
        {
            return "";
        }

        List<byte> units = new(token.Length);
        for (int i = 0; i < token.Length; i++)
        {
            if (token[i] != '%')
            {
                units.Add((byte)token[i]);
            }
            else if (i + 2 < token.Length && byte.TryParse(token.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte unit))
            {
                units.Add(unit);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        string name = Encoding.UTF8.GetString([.. units]);
        return Escape(name) == token ? name : null;
    }

    /// <summary>A prefix is one or several tokens.</summary>
    public static bool IsPrefix(string text) => text.Split('.').All(IsToken);

    /// <summary>One token that needs no escape, as the name of a worker is.</summary>
    public static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(Plain);
}
