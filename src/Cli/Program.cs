using Personalization.Cli;
using Personalization.Cli.Output;

return await CommandLine.RunAsync(args, Terminal.OfThisProcess(), CancellationToken.None);
