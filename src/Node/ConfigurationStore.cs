using System.Text.Json;
using Personalization.Core;
using Personalization.Core.Configuration;
using Personalization.Core.Privacy;
using Personalization.Node.Storage;

namespace Personalization.Node;

/// <summary>Keeps the current configuration, on disk and compiled. Changes come one after another; readers never wait.</summary>
internal sealed class ConfigurationStore : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Database _database;
    private readonly Vocabulary _words;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _changing = new(1);
    private volatile ConfigurationState _current;

    public ConfigurationStore(Database database, Vocabulary words, TimeProvider time)
    {
        _database = database;
        _words = words;
        _time = time;
        _current = Restore(database, words);
    }

    public ConfigurationState Current => _current;

    public async ValueTask<ChangeOutcome> ChangeAsync(ConfigurationChange change, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation);
        try
        {
            // Compiling and writing may take a while, and never on the thread that brought the request.
            return await Task.Run(() => Change(change), CancellationToken.None);
        }
        catch (StorageUnavailableException exception)
        {
            throw new UnavailableException(exception.Message, RetryAfter, exception);
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();

    private ChangeOutcome Change(ConfigurationChange change)
    {
        var outcome = _current.Apply(change, _words, out var next);
        if (!ReferenceEquals(next, _current))
        {
            _database.WriteConfiguration(
            [
                .. outcome.Changed.Select(key =>
                    new StoredChange(key.Kind.PluralName(), key.Id, next.Set.Find(key.Kind, key.Id)?.Body.GetRawText())),
                .. change.PutItems.Select(item => new StoredChange(Database.ItemKind, item.Id, ItemWriter.ToJson(item))),
                .. change.RemoveItems.Select(id => new StoredChange(Database.ItemKind, id, null)),
            ], next.Plan.Revision, AuditDrafts.Of(change, outcome, _time.GetUtcNow().ToUnixTimeMilliseconds()));
            _current = next;
        }

        return outcome;
    }

    private static ConfigurationState Restore(Database database, Vocabulary words)
    {
        try
        {
            var documents = database.ReadConfiguration()
                .Select(stored => new ConfigurationDocument(
                    ConfigurationKinds.Parse(stored.Kind) ?? throw new InvalidDataException($"There is no kind \"{stored.Kind}\"."),
                    stored.Id,
                    JsonElement.Parse(stored.Body),
                    stored.Revision));
            var problems = new List<Problem>();
            var items = database.ReadItems().Select(stored => ItemReader.Read(JsonElement.Parse(stored.Body), $"items.{stored.Id}", problems)).OfType<Core.Catalog.Item>();
            return ConfigurationState.Restore(documents, items, database.HighestRevision, words);
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            throw new StorageException($"The configuration in the data folder can't be used: {exception.Message}", exception);
        }
    }
}
