using System.Net.Sockets;
using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Sockets;

namespace Gaw.PostOffice.Server;

/// <summary>Makes connections of the sockets that were accepted: each is served, refused with a word, or closed without one.</summary>
internal sealed class SocketIntake(PostOfficeServer server, ConnectionRegistry connections)
{
    public void Take(Socket socket)
    {
        ServerConnection connection;
        try
        {
            connection = new ServerConnection(server, new Transport(socket));
        }
        catch (Exception e) when (Transport.IsConnectionLoss(e))
        {
            socket.Dispose();
            return;
        }

        switch (connections.Admit(connection))
        {
            case ConnectionAdmission.Admitted:
                server.Logger.Connected(connection.RemoteEndPoint);
                connection.Start();
                break;
            case ConnectionAdmission.Refused:
                connection.StartRefusing(ErrorFrame.TooManyConnections);
                break;
            default:
                connection.Drop();
                break;
        }
    }
}
