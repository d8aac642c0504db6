using Gaw.Nats.Wire;
using Gaw.PostOffice.Addresses;
using NATS.Client.Core;

namespace Gaw.Nats.Engine;

/// <summary>What addresses say of an engine: its machines, who asks, and the prefix of the subjects.</summary>
/// <param name="Urls">The engine's machines, without user and password.</param>
/// <param name="Credentials">User and password, or a token; <see langword="null"/>: none.</param>
/// <param name="Subjects">The subjects under the prefix.</param>
/// <param name="Address">The address for messages.</param>
internal sealed record NatsSettings(string Urls, NatsAuthOpts? Credentials, NatsSubjects Subjects, ServerAddress Address)
{
    public const string Scheme = "nats";

    public const int DefaultPort = 4222;

    private const string PrefixOption = "prefix";

    /// <summary>Reads the addresses of one engine.</summary>
    /// <exception cref="ArgumentException">They contradict each other, or have an option that is none.</exception>
    public static NatsSettings Read(IReadOnlyList<ServerAddress> addresses)
    {
        string? prefix = null;
        ServerAddress? withUser = null;
        foreach (ServerAddress address in addresses)
        {
            withUser ??= address.User is null ? null : address;
            if (address.User is not null && (address.User, address.Password) != (withUser!.User, withUser.Password))
            {
                throw new ArgumentException($"The addresses of {addresses[0]} have different users. The machines of one engine know the same: write the user once.", nameof(addresses));
            }

            foreach ((string name, string value) in address.Options)
            {
                prefix = (name, value) switch
                {
                    (PrefixOption, _) when !NatsSubjects.IsPrefix(value) => throw new ArgumentException($"The prefix of {address} is none. Give letters, digits, - and _, perhaps several with points between them: prefix=shop.", nameof(addresses)),
                    (PrefixOption, _) when prefix is not null && prefix != value => throw new ArgumentException($"The addresses of {addresses[0]} have different prefixes. Write the prefix once.", nameof(addresses)),
                    (PrefixOption, _) => value,
                    _ => throw new ArgumentException($"{address} has the option \"{name}\", which Gaw.Nats does not know. It knows prefix; what else NATS can be told is set with UseNats(o => o with {{ … }}) on the options.", nameof(addresses)),
                };
            }
        }

        return new NatsSettings(
            string.Join(',', addresses.Select(static address => $"{Scheme}://{GetHost(address)}:{(address.Port == 0 ? DefaultPort : address.Port)}")),
            withUser is null ? null : GetCredentials(withUser),
            new NatsSubjects(prefix ?? NatsSubjects.DefaultPrefix),
            addresses[0]);
    }

    /// <summary>The options of the engine's client.</summary>
    /// <param name="role">What the engine shows of the connection.</param>
    /// <param name="configure">What the program wants different.</param>
    public NatsOpts CreateOptions(string role, Func<object, object>? configure)
    {
        NatsOpts options = NatsOpts.Default with
        {
            Url = Urls,
            Name = role,
            AuthOpts = Credentials ?? NatsOpts.Default.AuthOpts,

            // No inbox of its own: replies come to ours.
            RequestReplyMode = NatsRequestReplyMode.SharedInbox,

            // Calls wait for the engine: it is looked for often, and without an end.
            ReconnectWaitMin = TimeSpan.FromMilliseconds(100),
            ReconnectWaitMax = TimeSpan.FromSeconds(1),
            IgnoreAuthErrorAbort = true,

            // A machine that is gone without a word is noticed within half a minute.
            PingInterval = TimeSpan.FromSeconds(10),
        };
        return configure?.Invoke(options) switch
        {
            null => options,
            NatsOpts changed => changed,
            object other => throw new ArgumentException($"The options of a carrier were changed to a {other.GetType().Name}; nats:// takes NatsOpts.", nameof(configure)),
        };
    }

    private static string GetHost(ServerAddress address) => address.Host.Contains(':', StringComparison.Ordinal) ? $"[{address.Host}]" : address.Host;

    private static NatsAuthOpts GetCredentials(ServerAddress address) => address.Password is null
        ? NatsAuthOpts.Default with { Token = address.User }
        : NatsAuthOpts.Default with { Username = address.User, Password = address.Password };
}
