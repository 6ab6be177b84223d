using System.IO.Compression;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Compression;
using Microsoft.AspNetCore.Builder;
using Personalization.Api.Grpc;
using Personalization.Core;

namespace Personalization.Api.Tests.Grpc;

/// <summary>What is the same for every method.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private readonly GrpcServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_call_ends_at_its_deadline_and_so_does_what_it_asked_for()
    {
        var call = _server.Client.DecideAsync(new() { UserId = HeldPersonalizer.Person }, deadline: DateTime.UtcNow.AddSeconds(1));

        await Refusal.OfAsync(StatusCode.DeadlineExceeded, call);
        await _server.Held.Asked;
        await _server.Held.GivenUp;
    }

    [Fact]
    public async Task A_deadline_that_has_passed_asks_for_nothing()
    {
        var call = _server.Client.DecideAsync(new() { UserId = HeldPersonalizer.Person }, deadline: DateTime.UtcNow.AddDays(-1));

        await Refusal.OfAsync(StatusCode.DeadlineExceeded, call);
        Assert.False(_server.Held.Asked.IsCompleted);
    }

    [Theory]
    [InlineData("Decide")]
    [InlineData("Ingest")]
    [InlineData("GetProfile")]
    public async Task A_caller_that_gives_up_stops_what_it_asked_for(string method)
    {
        using var giveUp = new CancellationTokenSource();
        var options = new CallOptions(cancellationToken: giveUp.Token);
        var held = new V1.Event { MessageId = "m", Type = "view", UserId = HeldPersonalizer.Person };
        var refused = method switch
        {
            "Decide" => Refusal.OfAsync(StatusCode.Cancelled, _server.Client.DecideAsync(new() { UserId = held.UserId }, options)),
            "Ingest" => Refusal.OfAsync(StatusCode.Cancelled, _server.Client.IngestAsync(new() { Events = { held } }, options)),
            _ => Refusal.OfAsync(StatusCode.Cancelled, _server.Client.GetProfileAsync(new() { Id = held.UserId }, options)),
        };

        await _server.Held.Asked;
        await giveUp.CancelAsync();

        await refused;
        await _server.Held.GivenUp;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fault_of_the_server_is_told_without_its_insides(bool isRemote)
    {
        _server.Personalizer.DecisionFailure = new InvalidOperationException("a secret");
        _server.Personalizer.IsRemote = isRemote;

        var refusal = await Refusal.OfAsync(StatusCode.Internal, _server.Client.DecideAsync(new() { UserId = "u" }));

        Assert.DoesNotContain("secret", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_that_can_not_be_made_now_says_how_long_to_wait()
    {
        _server.Personalizer.DecisionFailure = new UnavailableException("Wait.", TimeSpan.FromMilliseconds(1));

        var refusal = await Refusal.OfAsync(StatusCode.Unavailable, _server.Client.DecideAsync(new() { UserId = "u" }));

        Assert.Equal("1", refusal.Trailers.GetValue("retry-after"));
    }

    [Fact]
    public async Task A_compressed_message_is_not_taken()
    {
        using var channel = GrpcChannel.ForAddress(
            _server.Http.BaseAddress!, new GrpcChannelOptions { CompressionProviders = [new GzipCompressionProvider(CompressionLevel.Fastest)] });
        var client = new V1.Personalizer.PersonalizerClient(channel);
        var compress = new Metadata { { "grpc-internal-encoding-request", "gzip" } };

        await Refusal.OfAsync(StatusCode.Unimplemented, client.DecideAsync(new() { UserId = "u" }, compress));
    }

    [Fact]
    public async Task What_is_no_message_is_refused_and_the_server_goes_on()
    {
        // A field of type 7, which there is none of, in a frame as gRPC has it: a flag, a length, the message.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/personalization.v1.Personalizer/Decide")
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 2, 0x0f, 0xff]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        using var response = await _server.Http.SendAsync(request);

        await response.Content.ReadAsByteArrayAsync();
        var headers = response.TrailingHeaders.Concat(response.Headers).ToDictionary(header => header.Key, header => header.Value.Single());
        Assert.NotEqual("0", headers["grpc-status"]);
        Assert.NotNull(await _server.Client.DecideAsync(new() { UserId = "u" }));
    }

    [Fact]
    public async Task A_server_that_forgot_to_add_the_door_is_told_so()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        var exception = Assert.Throws<InvalidOperationException>(() => app.MapPersonalizationGrpc());

        Assert.Contains(nameof(PersonalizationGrpc.AddPersonalizationGrpc), exception.Message, StringComparison.Ordinal);
    }
}
