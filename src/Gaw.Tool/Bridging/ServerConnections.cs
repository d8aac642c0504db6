using System.Collections.Concurrent;
using Gaw.PostOffice;

namespace Gaw.Tool.Bridging;

/// <summary>Connections to a server that answers one call of a connection after the other, as Python's does: each call has one to itself.</summary>
internal sealed class ServerConnections(string host, int port, PostOfficeClientOptions options, int count) : IDisposable
{
    private readonly ConcurrentBag<PostOfficeClient> _idle = [];
    private readonly SemaphoreSlim _places = new(count);

    public async Task<byte[]> SendAsync(ReadOnlyMemory<byte> document, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        PostOfficeClient client = _idle.TryTake(out PostOfficeClient? idle) ? idle : new PostOfficeClient(host, port, options);
        try
        {
            byte[] answer = await client.SendAsync(document, cancellationToken).ConfigureAwait(false);
            _idle.Add(client);
            return answer;
        }
        catch
        {
            // Its answer may still come, and would be taken for that of the next.
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose()
    {
        foreach (PostOfficeClient client in _idle)
        {
            client.Dispose();
        }

        _places.Dispose();
    }
}
