using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Personalization.Api;
using Personalization.Bench.Workload;
using Personalization.Core;
using Personalization.Node;

namespace Personalization.Bench.Load;

/// <summary>The server under load: the node's pieces as its executable composes them, and beside them what they are compared with.</summary>
internal static class Server
{
    public const string Listening = "listening on ";

    private const string Schedule = "/proc/thread-self/schedstat";

    private static readonly byte[] Nothing = [.. "{}"u8];

    private static byte[]? carried;

    /// <summary>Serves until the input ends, so that it never outlives the process that measures it.</summary>
    public static async Task RunAsync(string folder, int people)
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IPersonalizer>(services => NodePersonalizer.Open(
            new NodeOptions { DataFolder = folder }, TimeProvider.System, services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddPersonalizationApi();
        await using var app = builder.Build();

        var personalizer = app.Services.GetRequiredService<IPersonalizer>();
        Parallel.For(0, people, person => personalizer.FindProfileAsync(People.Id(person), default).AsTask().Wait());
        GC.Collect();

        app.MapPersonalization();
        app.MapGet("/empty", AnswerEmpty);
        app.MapPost("/bench/carry", AnswerCarriedAsync);
        app.MapGet("/bench/decide", context => AnswerDecideAsync(context, personalizer, people));
        app.MapGet("/bench/events", context => context.Response.WriteAsync(personalizer.Statistics.Events.ToString(CultureInfo.InvariantCulture)));
        await app.StartAsync();
        Console.WriteLine(Listening + app.Urls.First());
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }

    private static Task AnswerEmpty(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = 2;
        return context.Response.BodyWriter.WriteAsync(Nothing).AsTask();
    }

    /// <summary>Reads the request and answers as many bytes as its query says, and does nothing else: what carrying a decision costs.</summary>
    private static async Task AnswerCarriedAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync();
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        carried ??= Encoding.UTF8.GetBytes($"\"{new string('x', int.Parse(context.Request.QueryString.Value![1..], CultureInfo.InvariantCulture) - 2)}\"");
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = carried.Length;
        await context.Response.BodyWriter.WriteAsync(carried);
    }

    /// <summary>
    /// Decides for people at random for a second, on one thread, without HTTP, and answers how many microseconds of the processor one
    /// took: what else runs on the machine is not counted.
    /// </summary>
    private static Task AnswerDecideAsync(HttpContext context, IPersonalizer personalizer, int people)
    {
        var random = new Random(1);
        var began = Stopwatch.GetTimestamp();
        var used = Used();
        var decided = 0;
        while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(1))
        {
            for (var i = 0; i < 256; i++)
            {
                var deciding = personalizer.DecideAsync(Store.RequestOf(random.Next(people)), default);
                decided += deciding.IsCompletedSuccessfully ? 1 : throw new InvalidOperationException("A hot profile is decided for at once.");
            }
        }

        return context.Response.WriteAsync(((Used() - used) / 1000 / decided).ToString(CultureInfo.InvariantCulture));

        // Nanoseconds that this thread ran (Documentation/scheduler/sched-stats.rst of the kernel).
        static double Used() => File.Exists(Schedule)
            ? double.Parse(File.ReadAllText(Schedule).Split(' ')[0], CultureInfo.InvariantCulture)
            : Stopwatch.GetTimestamp() * 1e9 / Stopwatch.Frequency;
    }
}
