using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Personalization.Api.Tests;

/// <summary>A body that is sent piece by piece as it is made, with or without saying how long it is.</summary>
internal sealed class TextContent : HttpContent
{
    private readonly IEnumerable<string> _pieces;
    private readonly long? _length;

    /// <summary>Sends one text.</summary>
    public TextContent(string text, string mediaType, bool isDeclared)
        : this([text], mediaType) => _length = isDeclared ? Encoding.UTF8.GetByteCount(text) : null;

    /// <summary>Sends pieces in chunks.</summary>
    public TextContent(IEnumerable<string> pieces, string mediaType)
    {
        _pieces = pieces;
        Headers.ContentType = new MediaTypeHeaderValue(mediaType);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        foreach (var piece in _pieces)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(piece));
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length ?? 0;
        return _length is not null;
    }
}
