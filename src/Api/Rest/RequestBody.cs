using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Personalization.Api.Rest;

/// <summary>The whole body of a request, in memory that is given back when it is disposed of.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int InitialBytes = 64 * 1024;

    private byte[] _bytes;
    private int _length;

    private RequestBody(int initialBytes) => _bytes = ArrayPool<byte>.Shared.Rent(initialBytes);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    /// <summary>Reads it.</summary>
    /// <exception cref="RefusedException">There are more bytes than <paramref name="mostBytes"/>, declared or not.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext context, int mostBytes)
    {
        var declared = context.Request.ContentLength;
        if (declared > mostBytes)
        {
            throw RefusedException.TooLarge(mostBytes);
        }

        // A declared length is only a claim: memory grows with what arrives.
        var body = new RequestBody((int)Math.Min(declared ?? InitialBytes, InitialBytes));
        try
        {
            await body.FillAsync(context, mostBytes);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
    }

    private async Task FillAsync(HttpContext context, int mostBytes)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(context.RequestAborted);
            var isTooLarge = result.Buffer.Length > mostBytes - _length;
            if (!isTooLarge)
            {
                Append(result.Buffer);
            }

            reader.AdvanceTo(result.Buffer.End);
            if (isTooLarge)
            {
                throw RefusedException.TooLarge(mostBytes);
            }

            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private void Append(ReadOnlySequence<byte> more)
    {
        var length = _length + (int)more.Length;
        if (length > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, _bytes.Length * 2));
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        more.CopyTo(_bytes.AsSpan(_length));
        _length = length;
    }
}
