using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Personalization.Api.Rest;

/// <summary>Puts <see cref="ProblemMiddleware"/> before everything else, so that no answer escapes it.</summary>
internal sealed class ProblemFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseMiddleware<ProblemMiddleware>();
        next(app);
    };
}
