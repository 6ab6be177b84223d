using Personalization.Silo;

return await SiloCommand.Build(SiloHost.RunAsync).Parse(args).InvokeAsync();
