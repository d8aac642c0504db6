using Gaw.Tool;
using Gaw.Tool.Running;
using Gaw.Tool.Terminals;

ManagedCopy.TakeOver();
return await GawTool.RunAsync(args, Terminal.OfProcess()).ConfigureAwait(false);
