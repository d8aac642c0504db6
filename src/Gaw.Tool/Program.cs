using Gaw.Tool;

return await GawTool.RunAsync(args, Terminal.OfProcess()).ConfigureAwait(false);
