namespace Gaw.Nats.Engine;

/// <summary>Takes a message on the reading loop: quickly, and without an exception. The loop reads on when the task is done.</summary>
internal delegate ValueTask MessageReceiver(EngineMessage message);
