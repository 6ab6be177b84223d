using System.Security.Cryptography;
using System.Text;

namespace Personalization.Silo;

/// <summary>Lets in who sends a key as bearer token.</summary>
internal sealed class BearerKey(string key) : IEndpointFilter
{
    private readonly byte[] _expected = Encoding.UTF8.GetBytes($"Bearer {key}");

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var sent = Encoding.UTF8.GetBytes(context.HttpContext.Request.Headers.Authorization.ToString());
        return CryptographicOperations.FixedTimeEquals(sent, _expected)
            ? next(context)
            : new(Results.Problem("The dashboard needs the key that --dashboard-key named, as a bearer token.", statusCode: StatusCodes.Status401Unauthorized));
    }
}
