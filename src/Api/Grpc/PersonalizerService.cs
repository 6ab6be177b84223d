using System.Diagnostics;
using Grpc.Core;
using Personalization.Api.Client;
using Personalization.Api.Metrics;
using Personalization.Core;
using Personalization.Core.Automation;
using Personalization.Core.Decisions;
using Personalization.Core.Privacy;

namespace Personalization.Api.Grpc;

/// <summary>The methods of <c>personalization.v1.Personalizer</c>: a message in, one Core call, a message out.</summary>
internal sealed class PersonalizerService(
    IPersonalizer personalizer,
    ClientReader clients,
    TimeProvider time,
    PrivacySignals signals,
    DeadLetterKeeper deadLetters,
    PersonalizationMetrics metrics)
    : V1.Personalizer.PersonalizerBase
{
    private const int MostDecideBytes = 256 * 1024;

    public override async Task<V1.DecideResponse> Decide(V1.DecideRequest request, ServerCallContext context)
    {
        if (request.CalculateSize() > MostDecideBytes)
        {
            throw Faults.TooLarge(MostDecideBytes);
        }

        var asked = DecideMessages.Read(request, signals.Denied(context), out var problems) ?? throw Faults.Invalid(problems);

        // Who calls is a server, whose address and headers say nothing of the visitor.
        clients.Complete(asked, null);
        if (KnownBots.Match(context.RequestHeaders.GetValue("user-agent")))
        {
            asked.MarkAutomated();
        }

        Decision? decision = null;
        var askedAt = Stopwatch.GetTimestamp();
        try
        {
            decision = await personalizer.DecideAsync(asked, context.CancellationToken);
        }
        finally
        {
            metrics.Decided(askedAt, decision);
        }

        return DecideMessages.Write(decision);
    }

    public override async Task<V1.IngestResponse> Ingest(V1.IngestRequest request, ServerCallContext context)
    {
        var receivedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
        var signalled = signals.Denied(context);
        var batch = IngestMessages.Read(request, receivedAt, signalled, personalizer.Configuration.Plan.Schemas, out var problem)
            ?? throw Faults.Invalid(problem!);
        if (KnownBots.Match(context.RequestHeaders.GetValue("user-agent")))
        {
            foreach (var source in batch.Events)
            {
                source.MarkAutomated();
            }
        }

        var receipt = batch.Events.Count == 0 ? default : await personalizer.IngestAsync(batch.Events, context.CancellationToken);
        metrics.Ingested(receipt);
        var rejected = batch.RejectedWith(receipt.Rejected);
        metrics.Rejected(rejected.Count);
        await deadLetters.KeepAsync(rejected, receivedAt, signalled, context.CancellationToken);
        return IngestMessages.Write(receipt, rejected);
    }

    public override async Task<V1.Profile> GetProfile(V1.GetProfileRequest request, ServerCallContext context)
    {
        if (request.Id.Length == 0)
        {
            throw Faults.Invalid(new Problem("id", "required", "A profile has the id of a person."));
        }

        return await personalizer.FindProfileAsync(request.Id, context.CancellationToken) is { } profile
            ? ProfileMessages.Write(profile)
            : throw Faults.NotFound("Nothing is known of this person.");
    }
}
