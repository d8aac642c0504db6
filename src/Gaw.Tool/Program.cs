using Gaw.Tool;
using Gaw.Tool.Running;

ManagedCopy.TakeOver();
return await GawTool.RunAsync(args, Terminal.OfProcess()).ConfigureAwait(false);
